import { assertEquals, assertRejects } from "@std/assert";
import { loadResult, saveResult } from "../../../src/cli/inputs/report_file.ts";
import { SamplesFile } from "../../../src/cli/samples/samples_file.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { reportOf } from "../../report/report_of.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";

const REPORT = reportOf({ basic: basicResult() });
const CANNOT = "Cannot save the results as";

Deno.test("saveResult() says what is wrong where its arguments are not a path and a report", async () => {
  // As a kernel of notebooks calls it, which checks no types.
  const save = saveResult as (path: unknown, report?: unknown) => Promise<void>;
  const { schemaVersion: _, ...measured } = REPORT;
  for (
    const [path, report, words] of [
      [REPORT, "r.json", `${CANNOT} the first argument must be a path: found the report first`],
      [undefined, REPORT, `${CANNOT} the first argument must be a path: found nothing`],
      ["r.json", undefined, `${CANNOT} the second argument must be a report: found nothing`],
      ["r.json", "{}", `${CANNOT} the second argument must be a report: found "{}"`],
      ["r.json", {}, `${CANNOT} the second argument must be a report: found another object`],
      [
        "r.json",
        measured,
        `${CANNOT} the second argument must be a report: found measurements that createReport() has not seen`,
      ],
    ] as const
  ) {
    const error = await assertRejects(() => save(path, report), UsageError);
    assertEquals([error.message, error.hint], [
      words,
      'Write saveResult("results.json", createReport(measurements)).',
    ]);
  }
});

Deno.test("loadResult() reads what saveResult() wrote", async () => {
  const path = await Deno.makeTempFile({ prefix: "torchgauge-test-", suffix: ".json" });
  try {
    await saveResult(path, REPORT);
    assertEquals((await loadResult(new URL(`file://${path}`))).tests, REPORT.tests);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("loadResult() reads a pipe, which gives nothing twice: results, a page and samples", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  const pipe = `${folder}/pipe`, samples = `${folder}/s.csv`;
  try {
    const { command, startedAt, target } = REPORT;
    await new SamplesFile(samples, { command, startedAt, targets: [target], options: {} }).end(REPORT);
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    for (const text of [formatJson(REPORT), formatHtml(REPORT), await Deno.readTextFile(samples)]) {
      const [{ tests }] = await Promise.all([loadResult(pipe), Deno.writeTextFile(pipe, text)]);
      assertEquals(tests, REPORT.tests);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadResult() says of a file that is shorter than it takes to tell what it is that it is no JSON", async () => {
  const path = await Deno.makeTempFile({ prefix: "torchgauge-test-" });
  try {
    await Deno.writeTextFile(path, "# torch");
    await assertRejects(() => loadResult(path), UsageError, "must be JSON");
  } finally {
    await Deno.remove(path);
  }
});
