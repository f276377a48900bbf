import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { OutputError } from "../../../src/cli/terminal/output_error.ts";
import { exitCodeOfRun, writeReport } from "../../../src/cli/commands/write_report.ts";
import type { Console } from "../../../src/cli/terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../../../src/cli/terminal/exit_code.ts";
import type { Report } from "../../../src/results/report.ts";
import type { TestResults } from "../../../src/results/result.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { loadResult as ratesResult } from "../../results/kinds/load_result.ts";
import { latencyResult } from "../../results/kinds/latency_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { failedMeasurement, measurement, withFailures } from "../../results/window/windows.ts";
import { reportOf } from "../../report/report_of.ts";

const failed = failedMeasurement();
const { a, b } = abResult();
const soak = (window = measurement(10, 1, 1)) => ({ phase: "soak" as const, ...window });
const deadBasic = basicResult(failed);
const gate = (passed: boolean) => ({ passed, lenient: false, outcomes: [] });

const rows: readonly [why: string, tests: TestResults, expected: ExitCode, overrides?: Partial<Report>][] = [
  ["a test with answers", { basic: basicResult() }, EXIT_CODE.done],
  ["a test without an answer", { basic: deadBasic }, EXIT_CODE.target],
  ["one test of several without an answer", { basic: deadBasic, throughput: throughputResult() }, EXIT_CODE.done],
  ["memory alone, of which it is not known what was answered", { memory: memoryResult() }, EXIT_CODE.done],
  ["memory alone, with answers", { memory: memoryResult(false, { loads: [soak()] }) }, EXIT_CODE.done],
  ["memory alone, without an answer", { memory: memoryResult(false, { loads: [soak(failed)] }) }, EXIT_CODE.target],
  [
    "memory that was not seen beside a test without an answer",
    { basic: deadBasic, memory: memoryResult(false, { scope: null }) },
    EXIT_CODE.target,
  ],
  ["two servers that answered", { ab: abResult() }, EXIT_CODE.done],
  ["two servers of which the first never answered", { ab: abResult({ a: { ...a, ...failed } }) }, EXIT_CODE.target],
  ["two servers of which the second never answered", { ab: abResult({ b: { ...b, ...failed } }) }, EXIT_CODE.target],
  ["a server that was lost", { latency: latencyResult() }, EXIT_CODE.target, { partial: "target-lost" }],
  ["a model that was lost", { latency: latencyResult() }, EXIT_CODE.modelLost, { partial: "model-lost" }],
  ["a run that was interrupted", { basic: basicResult() }, EXIT_CODE.interrupted, { partial: "interrupted" }],
  ["a gate that failed", { basic: basicResult() }, EXIT_CODE.gateFailed, { gate: gate(false) }],
  ["a gate that passed", { basic: basicResult() }, EXIT_CODE.done, { gate: gate(true) }],
  ["a gate of a server that never answered", { basic: deadBasic }, EXIT_CODE.target, { gate: gate(false) }],
];

for (const [why, tests, expected, overrides = {}] of rows) {
  Deno.test(`exitCodeOfRun() is ${expected} for ${why}`, () => {
    assertEquals(exitCodeOfRun(reportOf(tests, overrides)), expected);
  });
}

for (
  const [why, tests, overrides, words] of [
    ["was lost", { basic: basicResult() }, { partial: "target-lost" }, "The server was lost"],
    ["lost the model", { basic: basicResult() }, { partial: "model-lost" }, 'The model "resnet18" is GONE'],
    ["was interrupted", { basic: basicResult() }, { partial: "interrupted" }, "Interrupted: the results hold"],
    ["was interrupted at once", { basic: deadBasic }, { partial: "interrupted" }, "Interrupted before a request"],
    ["had no answer", { basic: deadBasic }, {}, 'No request succeeded: 36 status ("503'],
    [
      "had no answer of one of two servers",
      { ab: abResult({ a: withFailures(a, 2, "timeout"), b: { ...b, ...failed } }) },
      {},
      'No request to server B succeeded: 36 status ("503',
    ],
    [
      "had no answer of two servers",
      { ab: abResult({ a: { ...a, ...failed }, b: { ...b, ...failed } }) },
      {},
      'No request succeeded: 72 status ("503',
    ],
    [
      "was interrupted before the second server answered",
      { ab: abResult({ b: { ...b, ...failed } }) },
      { partial: "interrupted" },
      "Interrupted before a request to server B succeeded.",
    ],
    [
      "ended before a request was due",
      { basic: basicResult({ ...failed, requests: 0, failed: 0, due: 0 }) },
      {},
      "No request succeeded: none was due",
    ],
    [
      "had no time",
      { load: ratesResult({ levels: [], sustainedPerSecond: null }) },
      {},
      "Nothing was measured: the results",
    ],
    ["measured all", { basic: basicResult() }, {}, ""],
  ] as readonly (readonly [string, TestResults, Partial<Report>, string])[]
) {
  Deno.test(`writeReport() says on stderr whether a run that ${why} lacks something`, async () => {
    let stderr = "";
    const console: Console = {
      write: () => Promise.resolve(),
      error: (message) => void (stderr += message),
      draw: () => {},
      terminalColumns: () => null,
      color: false,
      ascii: false,
    };
    const files = { format: "json", output: null, report: null } as const;
    assert(await writeReport(reportOf(tests, overrides), files, console));
    assertEquals(stderr.slice(0, words.length || undefined), words);
  });
}

Deno.test("writeReport() keeps results that neither their file nor stdout takes, and says where", async () => {
  const report = reportOf({ basic: basicResult() });
  for (const output of [null, "/none/r.json"]) {
    let stderr = "";
    const console: Console = {
      write: () => Promise.reject(new OutputError(new Error("No space left on device (os error 28)"))),
      error: (message) => void (stderr += `${message}\n`),
      draw: () => {},
      terminalColumns: () => null,
      color: false,
      ascii: false,
    };
    assertEquals(await writeReport(report, { format: "text", output, report: null }, console), false);
    assertStringIncludes(stderr, "Cannot write to stdout as it must be writable: No space left on device. The results");
    const [, path = ""] = /The results are kept in (\S+)\./.exec(stderr) ?? [];
    assertEquals((await loadResult(path)).tests.basic!.succeeded, report.tests.basic!.succeeded);
    await Deno.remove(path);
  }
});
