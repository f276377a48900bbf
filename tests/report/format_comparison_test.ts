import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { checkBaseline } from "../../src/compare/check_baseline.ts";
import { compare } from "../../src/compare/compare.ts";
import { evaluateGate } from "../../src/objectives/evaluate_gate.ts";
import { parseObjectives } from "../../src/objectives/parse_objectives.ts";
import type { Report } from "../../src/results/report.ts";
import {
  formatChecks,
  formatComparison,
  formatComparisonCsv,
  formatComparisonJson,
} from "../../src/report/format_comparison.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { measurement } from "../results/window/windows.ts";
import { reports } from "./fixtures.ts";
import { reportOf } from "./report_of.ts";
import { assertGolden } from "./golden.ts";

const before = reportOf({
  basic: basicResult(),
  latency: latencyResult(),
  throughput: throughputResult(),
  memory: memoryResult(),
});
const after = reportOf({
  basic: basicResult({ ...measurement(38, 1, 1) }),
  latency: latencyResult(),
  throughput: throughputResult({ 1: 45, 2: 80, 4: 150, 8: 190 }),
}, { seed: 4, startedAt: "2026-03-05T10:00:00.000Z", partial: "interrupted" });
const comparison = compare(before, after);
const labels = { a: "before.json", b: "after.json" };

Deno.test("formatComparison() tells differences before numbers, and what its verdicts mean after", () => {
  const text = formatComparison(comparison, { labels });
  const order = [
    "before.json",
    "In what the runs differ:",
    "seed: 1 against 4",
    "Second against first:",
    "WORSE",
    "Bonferroni",
  ];
  const places = order.map((words) => text.indexOf(words));
  assertEquals(places, places.toSorted((a, b) => a - b));
  assert(!places.includes(-1), order[places.indexOf(-1)]);
  assertMatch(text, /throughput +45\.7 +-> 38 req\/s +-16\.8% \[-\d\d\.\d, -\d\d\.\d\] WORSE/);
  assertMatch(text, /highest throughput 146 -> 190 pred\/s \+30\.4% .* BETTER/);
  assertMatch(text, /warm latency .* no difference \(shows \d\.\d+%\)/);
  assertStringIncludes(text, "memory test: not compared: only in the first");
  assertMatch(text, /PARTIAL\s+\(interrupted\)/);
});

Deno.test("formatComparison() tells two runs as the golden text does", async () => {
  await assertGolden("comparison", formatComparison(comparison, { labels }));
});

Deno.test("formatComparison() says in capitals that two models were compared", () => {
  const other = { ...after, target: { ...after.target, model: "bert" } };
  const text = formatComparison(compare(before, other));
  assertStringIncludes(text, "DIFFERENT MODELS: resnet18 against bert.");
});

Deno.test("formatComparison() says of the same run that there is nothing to compare", () => {
  const text = formatComparison(compare(before, before), { labels });
  assertStringIncludes(text, "The same run twice");
  assertEquals(text.includes("[0, 0]"), false);
});

Deno.test("formatComparison() fits in its width and in ASCII", () => {
  for (const [, report] of Object.entries(reports)) {
    for (const [a, b] of [[before, report], [report, after]] as [Report, Report][]) {
      const text = formatComparison(compare(a, b), { ascii: true, width: 100 });
      assertEquals(text.split("\n").filter((line) => line.length > 100), []);
      // deno-lint-ignore no-control-regex -- that is what ASCII is
      assertMatch(text, /^[\x00-\x7f]*$/);
    }
  }
});

Deno.test("formatComparisonJson() writes what compare() found, and that it is no results file", () => {
  const { kind, schemaVersion, comparisons } = JSON.parse(formatComparisonJson([{ ...labels, comparison }]));
  assertEquals([kind, schemaVersion], ["comparison", 2]);
  assertEquals(comparisons[0].figures, JSON.parse(JSON.stringify(comparison.figures)));
  assertEquals([comparisons[0].a.label, comparisons[0].b.label], ["before.json", "after.json"]);
});

Deno.test("formatComparisonCsv() has a row for each number, empty where nothing is known", () => {
  const [head, ...rows] = formatComparisonCsv([{ ...labels, comparison }]).trimEnd().split("\r\n");
  assertEquals(rows.length, comparison.figures.length);
  assertEquals(new Set([head!, ...rows].map((row) => row.split(",").length)).size, 1);
  assertEquals(/NaN|Infinity|null|undefined/.test(rows.join()), false);
});

const gate = evaluateGate(before.tests, parseObjectives("p95<1s,errors<1%,cold<1s,footprint<1GB"));
const baseline = checkBaseline(before, after, 0.05);

Deno.test("formatChecks() gives each objective its verdict, its evidence and where it was measured", () => {
  const text = formatChecks({ gate }).replace(/\n +/g, " ");
  assertMatch(text, /p95<1s: met: 26\.\d+ ms \[.*\] from 183 samples \(basic test, concurrency 1, batch size 1\)/);
  assertMatch(text, /errors<1%: cannot tell, counts as missed: 0\.0% \[0\.0, 2\.1\].*; about \d+ samples would tell/);
  assertMatch(text, /cold<1s: missed: 2\.37\d* s \[.*\] from 5 samples \(latency test\)/);
  assertMatch(text, /footprint<1GB: met: 58\.5 MiB from one reading \(memory test\)/);
});

Deno.test("formatChecks() tells a gate and a baseline as the golden text does", async () => {
  await assertGolden("checks", formatChecks({ gate, baseline }));
});

Deno.test("formatChecks() names what regressed and the limit", () => {
  const text = formatChecks({ baseline });
  for (const words of ["BASELINE: FAILED", "Largest regression allowed: 5%", "basic: throughput is worse beyond"]) {
    assertStringIncludes(text, words);
  }
});

Deno.test("formatChecks() says of a baseline that is the same run that there is nothing to compare", () => {
  const text = formatChecks({ baseline: checkBaseline(before, before, 0.05) });
  assertStringIncludes(text, "BASELINE: PASSED");
  assertStringIncludes(text, "It is the same run twice: there is nothing to compare.");
  for (const words of ["No number", "No regression", "In what the runs differ"]) assert(!text.includes(words), words);
});

Deno.test("a report with a gate and a baseline shows them in its text, and is read as it was written", () => {
  const report: Report = { ...after, gate, baseline };
  const text = formatText(report);
  assert(text.includes("GATE: FAILED") && text.includes("BASELINE: FAILED"));
  assertEquals(parseReport(formatJson(report)), report);
});

Deno.test("formatComparison() keeps the unit of a figure that the second run does not have", () => {
  const [first] = comparison.figures;
  const alone = {
    ...first!,
    name: "energy a prediction",
    unit: "J",
    a: { ...first!.a!, value: 1.17 },
    b: null,
  } as const;
  const told = {
    ...comparison,
    figures: [{ ...alone, difference: null, ratio: null, verdict: "cannot tell", reason: "no GPU" }],
  } as const;
  assert(formatComparison(told, { labels }).includes("energy a prediction 1.17 J -> - "));
});
