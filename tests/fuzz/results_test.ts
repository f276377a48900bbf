/** Results files, and the samples of a run: what is taken for a report can also be shown, saved and compared. */
import fc from "fast-check";
import { readSamples } from "../../src/cli/samples/read_samples.ts";
import { SamplesFile } from "../../src/cli/samples/samples_file.ts";
import { compare } from "../../src/compare/compare.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import type { TestResults } from "../../src/results/kinds.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { simulateTest } from "../measure/simulation.ts";
import { reportOf } from "../report/report_of.ts";
import { EVERY_RESULT } from "../results/every_result.ts";
import { changedJson, changedText } from "./hostile.ts";
import { survives } from "./survives.ts";

const FILES = Object.entries(EVERY_RESULT).flatMap(([kind, results]) =>
  results.map((result) => formatJson(reportOf({ [kind]: result } as TestResults)))
);
const changedFile = changedJson(...FILES.map((file) => JSON.parse(file)));

survives("parseReport() of texts", changedText(...FILES), 200, parseReport);

survives("parseReport() and all that shows a report", changedFile, 1500, (file) => {
  const report = parseReport(file);
  formatText(report);
  formatText(report, { width: 60 });
  formatCsv(report);
  formatComparison(compare(report, report));
  if (formatJson(parseReport(formatJson(report))) !== formatJson(report)) throw new Error("saved it is another one");
});

survives("formatHtml()", changedFile, 100, (file) => formatHtml(parseReport(file)));

/** A file of samples, as a run against a server of 5 ms writes it. */
async function samples(): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    const file = new SamplesFile(path, { command: "test" });
    const options = { sampleLog: file, concurrency: 2, requests: 20 };
    const basic = await simulateTest(runBasicTest, options, { fate: () => ({ serviceMs: 5 }) });
    await file.end(reportOf({ basic }));
    return await Deno.readTextFile(path);
  } finally {
    await Deno.remove(path);
  }
}

const SAMPLES = await samples();
const VISIT = /^# visit (.*)$/m.exec(SAMPLES)![1]!;

survives(
  "readSamples()",
  fc.oneof(
    changedText(SAMPLES),
    changedJson(JSON.parse(VISIT)).map((visit) => SAMPLES.replace(VISIT, () => visit)),
  ),
  400,
  async (text) => void await readSamples([text]),
);
