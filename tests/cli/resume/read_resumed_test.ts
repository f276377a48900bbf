import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { saveResult } from "../../../src/cli/inputs/report_file.ts";
import type { RunOptions } from "../../../src/cli/options/given_options.ts";
import { readResumed } from "../../../src/cli/resume/read_resumed.ts";
import { SamplesFile } from "../../../src/cli/samples/samples_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { ConnectServerOptions } from "../../../src/protocols/connect_server.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { VERSION } from "../../../src/core/version.ts";
import { COMPREHENSIVE_KINDS } from "../../../src/results/comprehensive_kinds.ts";
import { askedOf } from "../../../src/test_types/comprehensive/asked_of.ts";
import { reportOf } from "../../report/report_of.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";

Deno.test("readResumed() takes a results file alone: what it reads is what the run writes to", async () => {
  const folder = await Deno.makeTempDir();
  const old = reportOf({ basic: basicResult() });
  const report = { ...old, tool: { ...old.tool, version: VERSION }, asked: askedOf(COMPREHENSIVE_KINDS, {}) };
  const json = `${folder}/r.json`, page = `${folder}/r.html`, samples = `${folder}/s.csv`;
  const read = (resume: string) =>
    readResumed({ resume, options: {}, server: serverOf(null), model: null }, COMPREHENSIVE_KINDS, {}, {});
  try {
    await saveResult(json, report);
    await Deno.writeTextFile(page, formatHtml(report));
    const { command, startedAt, target } = report;
    const file = new SamplesFile(samples, { command, startedAt, targets: [target], options: {} });
    await file.end(report);
    assertEquals((await read(json))!.tests, report.tests);
    for (const [path, found] of [[page, "an HTML page"], [samples, "a file of samples"]] as const) {
      const error = await assertRejects(() => read(path), UsageError);
      assertEquals(
        [error.message, error.hint],
        [
          `Cannot read the results of "${path}" as they must be the JSON of a results file: found ${found}`,
          "Give the file that --output FILE.json of that run wrote.",
        ],
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readResumed() refuses a model, a protocol, connections, a certificate and parameters of another run", async () => {
  const old = reportOf({ basic: basicResult() });
  const url = "https://server:8000/", asked = { ...askedOf(COMPREHENSIVE_KINDS, {}), model: "resnet" };
  const target = { ...old.target, embedded: false, url, model: "resnet50", protocol: "kserve-v2" };
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await saveResult(path, { ...old, tool: { ...old.tool, version: VERSION }, asked, target });
    const read = (model: string | null, how: ConnectServerOptions, options: RunOptions = {}) => {
      const command = { resume: path, options, server: serverOf(url), model };
      return readResumed(command, COMPREHENSIVE_KINDS, model === null ? {} : { model }, how);
    };
    for (const model of [null, "resnet", "resnet50"]) await read(model, { protocol: "auto" });
    await read("resnet50", { protocol: "kserve-v2", access: {} });
    for (
      const [model, how, options, words] of [
        ["bert", {}, {}, "model was resnet50 and is bert"],
        [null, { protocol: "torchserve" }, {}, "protocol was kserve-v2 and is torchserve"],
        [null, { connectionPerRequest: true }, {}, "connections was kept and is one a request"],
        [null, { access: { insecure: true } }, {}, "certificate was checked and is not checked"],
        [null, {}, { parameters: { a: 1 } }, "parameters was none and is a=1"],
        [null, {}, { sequenceLength: 4 }, "sequences was none and is of 4 requests"],
      ] as const
    ) {
      const error = await assertRejects(() => read(model, how, options), UsageError);
      assertStringIncludes(error.message, words);
    }
  } finally {
    await Deno.remove(path);
  }
});

const serverOf = (url: string | null) => ({
  url,
  protocol: "auto",
  headers: {},
  access: { files: {}, reregister: false },
});
