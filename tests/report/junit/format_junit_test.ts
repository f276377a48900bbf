import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { evaluateGate } from "../../../src/objectives/evaluate_gate.ts";
import { parseObjectives } from "../../../src/objectives/parse_objectives.ts";
import { formatJunit } from "../../../src/report/junit/format_junit.ts";
import { junitCases } from "../../../src/report/junit/junit_cases.ts";
import type { CapacitySearch } from "../../../src/results/kinds/load.ts";
import type { Report } from "../../../src/results/report.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { failedMeasurement } from "../../results/window/windows.ts";
import { reports } from "../fixtures.ts";
import { assertGolden } from "../golden.ts";
import { capacityReport, gatedReport } from "../html/html_fixtures.ts";
import { reportOf } from "../report_of.ts";

for (
  const [name, report] of Object.entries({ gated: gatedReport, capacity: capacityReport, partial: reports["partial"]! })
) {
  Deno.test(`formatJunit() tells the checks of the report "${name}" as the golden text does`, async () => {
    await assertGolden(name, formatJunit(report), "junit");
  });
}

const outcomesOf = (report: Report) => junitCases(report).map(({ group, outcome }) => `${group} ${outcome}`);

Deno.test("formatJunit() has a case for the run, which is an error where it was cut or nothing succeeded", () => {
  assertEquals(outcomesOf(reports["whole"]!), ["run passed"]);
  assertEquals(outcomesOf(reports["partial"]!), ["run error"]);
  assertEquals(outcomesOf(reports["all-failed"]!), ["run error"]);
  assertEquals(outcomesOf(reportOf({ basic: basicResult(failedMeasurement()) })), ["run error"]);
});

Deno.test("formatJunit() names both servers of an A/B test, and says which answered nothing", () => {
  const { a } = abResult();
  const [run] = junitCases(reportOf({ ab: abResult({ a: { ...a, ...failedMeasurement() } }) }));
  assertEquals([run!.outcome, run!.words], ["error", "no request to server A succeeded"]);
  assertEquals(run!.name, "resnet18 at http://127.0.0.1:8001 against resnet18 at http://127.0.0.1:8002");
});

Deno.test("formatJunit() counts what cannot be told as the gate does", () => {
  const tests = { basic: basicResult() };
  const cases = (lenient: boolean) => {
    const gate = evaluateGate(tests, parseObjectives("errors<1%,p95<200ms,p50<1ms"), { lenient });
    return outcomesOf(reportOf(tests, { gate })).slice(1);
  };
  assertEquals(cases(false), ["gate failure", "gate passed", "gate failure"]);
  assertEquals(cases(true), ["gate passed", "gate passed", "gate failure"]);
});

/** The case of a search for capacity. */
function capacityCase(rate: Partial<CapacitySearch>) {
  const { capacity } = capacityReport.tests.load!;
  const load = loadResult({ capacity: { ...capacity!, rate: { ...capacity!.rate, ...rate } } });
  return junitCases(reportOf({ load }))[1]!;
}

Deno.test("formatJunit() has a failure for objectives that no rate met", () => {
  assertEquals(capacityCase({}).outcome, "passed");
  const [limited] = capacityReport.tests.load!.capacity!.rate.probes;
  const probes = [{ ...limited!, level: 52, verdict: "unclear" as const, clientLimited: true as const }];
  assertStringIncludes(capacityCase({ highest: 50, lowestMissed: 52, probes }).words, "met up to at least 50 req/s");
  const most = capacityCase({ highest: 50, lowestMissed: null, ended: "always met" });
  assertStringIncludes(most.words, "met up to at least 50 req/s");
  assertStringIncludes(capacityCase({ lowestMissed: null, ended: "always met" }).words, "up to at least 25 req/s");
  const { outcome, words } = capacityCase({ highest: null, ended: "never met" });
  assertEquals(outcome, "failure");
  assertStringIncludes(words, "none: even 50 req/s missed");
});

Deno.test("formatJunit() skips objectives of which it is not known whether a rate meets them, and says why as the text does", () => {
  const cut = capacityCase({ highest: null, ended: "stopped early" });
  assertEquals(cut.outcome, "skipped");
  assertStringIncludes(cut.words, "50 req/s missed");
  assertStringIncludes(cut.words, "the search was cut short");
  const [probe] = capacityReport.tests.load!.capacity!.rate.probes;
  const probes = [{ ...probe!, level: 50, verdict: "unclear" as const }];
  const unclear = capacityCase({ highest: null, ended: "never met", probes });
  assertEquals(unclear.outcome, "skipped");
  assertStringIncludes(unclear.words, "even at 50 req/s it cannot be told whether the objectives hold");
});

Deno.test("formatJunit() says that a baseline failed also where nothing could be compared", () => {
  const { baseline } = gatedReport;
  const comparison = { ...baseline!.comparison, figures: [] };
  const report = reportOf({}, { baseline: { ...baseline!, regressions: [], lost: [], comparison } });
  assertEquals(outcomesOf(report).slice(1), ["baseline failure"]);
});

Deno.test("formatJunit() counts its cases and escapes names", () => {
  const target = { ...gatedReport.target, model: `<m> & "n"\x07\n` };
  const xml = formatJunit({ ...gatedReport, target });
  assertEquals(xml.match(/<testcase /g)?.length, junitCases(gatedReport).length);
  assertMatch(
    xml,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="torchgauge" tests="16" failures="3" errors="0"/,
  );
  assertStringIncludes(xml, `name="model" value="&lt;m&gt; &amp; &quot;n&quot;`);
  // deno-lint-ignore no-control-regex -- these are what XML forbids
  assertNotMatch(xml, /[\x00-\x08\x0b-\x1f]/);
});
