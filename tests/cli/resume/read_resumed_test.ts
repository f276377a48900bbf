import { assertEquals, assertRejects } from "@std/assert";
import { saveResult } from "../../../src/cli/inputs/report_file.ts";
import { readResumed } from "../../../src/cli/resume/read_resumed.ts";
import { SamplesFile } from "../../../src/cli/samples/samples_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
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
    readResumed({ resume, options: {}, server: serverOf(null) }, COMPREHENSIVE_KINDS, {});
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

const serverOf = (url: string | null) => ({
  url,
  protocol: "auto",
  headers: {},
  access: { files: {}, reregister: false },
});
