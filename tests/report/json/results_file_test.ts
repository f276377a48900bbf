import { assertEquals, assertInstanceOf, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { Report } from "../../../src/results/report.ts";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { reports } from "../fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { reportOf } from "../report_of.ts";

const every = Object.values({ ...reports, ...gpuReports });

Deno.test("parseReport() gives back what formatJson() wrote", () => {
  for (const report of every) assertEquals(parseReport(formatJson(report)), report);
});

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, inner]) => [key, reversed(inner)]));
}

Deno.test("formatJson() writes the same text in whatever order the report was built", () => {
  for (const report of every) assertEquals(formatJson(reversed(report) as Report), formatJson(report));
});

Deno.test("formatJson() begins with the fields of the results file in their documented order", () => {
  const written = JSON.parse(formatJson(reports.whole!));
  assertEquals(Object.keys(written), [
    "$schema",
    "schemaVersion",
    "tool",
    "startedAt",
    "durationMs",
    "seed",
    "command",
    "environment",
    "target",
    "partial",
    "tests",
    "findings",
    "recommendations",
    "warnings",
  ]);
  assertEquals(Object.keys(written.tests.throughput.levels[0]).slice(0, 7), [
    "batchSize",
    "load",
    "latencyFrom",
    "requestsPerSecond",
    "predictionsPerSecond",
    "errorRate",
    "latencyMs",
  ]);
  assertMatch(formatJson(reports.whole!), /^\{\n {2}"\$schema": "https:.*",\n {2}"schemaVersion": 2,\n/);
});

Deno.test("formatJson() gives each finding and recommendation its words behind its code, and parseReport() none", () => {
  for (const report of every) {
    const written = JSON.parse(formatJson(report));
    for (const coded of [...written.findings, ...written.recommendations]) {
      assertEquals(Object.keys(coded).slice(0, 2), ["code", "text"]);
      assertMatch(coded.text, /^\S.{10,}\S$/s);
    }
  }
  const { findings, recommendations } = JSON.parse(formatJson(reports["whole"]!));
  assertMatch(findings[0].text, /^Compute: of the /);
  assertStringIncludes(recommendations[0].text, "concurrency");
  const old = { ...reports["whole"]!, findings: [{ ...findings[0], text: "words of another version" }] };
  assertMatch(JSON.parse(formatJson(parseReport(JSON.stringify(old)))).findings[0].text, /^Compute: of the /);
});

/** What stands at a place of plain data. */
const at = (data: unknown, path: string) =>
  path.split(".").reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);

Deno.test("formatJson() leaves out a number that JSON does not hold, says so, and keeps all else", () => {
  const whole = reportOf({ basic: basicResult(), throughput: throughputResult() });
  const places: [path: string, gone: string, kept: string][] = [
    ["tests.basic.serverMs.mean.value", "tests.basic.serverMs", "tests.basic.latencyMs"],
    ["tests.basic.latencyMs.p95.low", "tests.basic.latencyMs.p95.low", "tests.basic.latencyMs.p95.value"],
    ["tests.basic.timeline.1.latencyMs", "", "tests.basic.timeline.0.latencyMs"],
    ["tests.basic.client.cpuShare", "tests.basic.client.cpuShare", "tests.basic.client.limited"],
    ["tests.throughput.levels.0.latencyMs.n", "tests.throughput.levels.0.latencyMs", "tests.throughput.levels.1"],
  ];
  for (const [path, gone, kept] of places) {
    for (const number of [NaN, Infinity, -Infinity]) {
      const report = structuredClone(whole);
      const [, parent = "", key = ""] = /^(.*)\.(\w+)$/.exec(path) ?? [];
      Object.assign(at(report, parent) as object, { [key]: number });
      const read = parseReport(formatJson(report));
      const [, test, field] = path.split(".");
      assertEquals(at(read, `tests.${test}.absences.${field}`), "the figure is no finite number", path);
      if (gone !== "") assertEquals(at(read, gone), null, path);
      assertEquals(at(read, kept), at(whole, kept), path);
    }
  }
});

Deno.test("formatJson() leaves out all numbers of many that JSON does not hold, also those that it does not know", () => {
  const spoilt = JSON.parse(JSON.stringify(reports.whole), (_, value) => typeof value === "number" ? NaN : value);
  const { schemaVersion } = reports.whole!;
  for (const report of [{ ...spoilt, schemaVersion }, { ...reports.whole, extra: { deep: [1, NaN] }, seed: NaN }]) {
    const text = formatJson(report as Report);
    assertEquals(JSON.parse(text).schemaVersion, schemaVersion);
  }
});

Deno.test("parseReport() keeps fields that a newer version added", () => {
  const newer = { ...reports.whole, added: { in: "2.1" } };
  assertEquals(parseReport(JSON.stringify(newer)), newer as unknown as Report);
});

Deno.test("parseReport() says what is wrong with a file that is no results file", () => {
  const whole = JSON.parse(formatJson(reports.whole!));
  const without = (field: string) => JSON.stringify({ ...whole, [field]: undefined });
  const cases: [why: string, text: string, message: RegExp][] = [
    ["empty", "", /must be JSON/],
    ["cut off", formatJson(reports.whole!).slice(0, 500), /must be JSON/],
    ["another program's", '{"results": []}', /schemaVersion must be 2: current value is undefined/],
    ["not even an object", "[1, 2]", /schemaVersion must be 2/],
    [
      "of a later version",
      JSON.stringify({ ...whole, schemaVersion: 3 }),
      /schemaVersion must be 2: current value is 3/,
    ],
    ["without tests", without("tests"), /tests must be there: current value is undefined/],
    ["without a target", without("target"), /target must be there/],
    [
      "with a word for a number",
      JSON.stringify({ ...whole, seed: "one" }),
      /seed must be number: current value is "one"/,
    ],
    [
      "with half an estimate",
      JSON.stringify({ ...whole, tests: { basic: { ...whole.tests.basic, errorRate: { value: 0 } } } }),
      /tests\.basic\.errorRate\.low must be there/,
    ],
    [
      "with a finding of another time",
      JSON.stringify({ ...whole, findings: [{ code: "witchcraft" }] }),
      /findings\.0\.code must be .* current value is "witchcraft"/,
    ],
  ];
  for (const [why, text, message] of cases) {
    const error = assertThrows(() => parseReport(text), UsageError);
    assertInstanceOf(error, UsageError);
    assertMatch(error.message, message, why);
    assertStringIncludes(error.hint ?? "", "torchgauge", why);
  }
});

Deno.test("a results file from before a metric of windows or requests was added is read", () => {
  const file = JSON.parse(formatJson(reportOf({ basic: basicResult() })));
  delete file.tests.basic.serverMs;
  delete file.tests.basic.predictionsPerSecond;
  const { basic } = parseReport(JSON.stringify(file)).tests;
  assertEquals([basic!.serverMs, basic!.predictionsPerSecond], [null, null]);
});
