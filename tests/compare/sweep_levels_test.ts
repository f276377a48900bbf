import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checkBaseline } from "../../src/compare/check_baseline.ts";
import { compare } from "../../src/compare/compare.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import type { Report } from "../../src/results/report.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { reportOf } from "../report/report_of.ts";

/** What one server gives by batch size: twice as much for each doubling, up to 8. */
const RATES = { 1: 50, 2: 100, 4: 200, 8: 400, 16: 300 } as const;
type Size = keyof typeof RATES;
const sweep = (...sizes: Size[]): Report =>
  reportOf({ throughput: throughputResult(Object.fromEntries(sizes.map((size) => [size, RATES[size]]))) });
const later = (report: Report): Report => ({ ...report, startedAt: "2026-03-05T09:30:00.000Z" });

for (const [a, b] of [[[1, 2], [4, 8]], [[4, 8], [1, 2]], [[1, 2, 4], [1, 2, 4, 8]]] as [Size[], Size[]][]) {
  Deno.test(`compare() makes no verdict of batch sizes ${a} of a server against ${b} of it`, () => {
    const comparison = compare(sweep(...a), later(sweep(...b)));
    assertEquals(comparison.figures, []);
    assertEquals(comparison.incomparable.map(({ test, reason }) => [test, reason]), [[
      "throughput",
      "different-loads",
    ]]);
    assertStringIncludes(
      formatComparison(comparison).replaceAll(/\s+/g, " "),
      `batch sizes ${a.join(", ")} against concurrency 1, batch sizes ${b.join(", ")}`,
    );
    assertEquals(checkBaseline(sweep(...a), later(sweep(...b)), 0.05).regressions, []);
  });
}

Deno.test("compare() makes no verdict of the best of a sweep that lost its server at a level, and names no choice", () => {
  const whole = sweep(1, 2, 4);
  const { levels } = whole.tests.throughput!;
  const lost = throughputResult(undefined, {
    levels: levels.map((level) =>
      level.batchSize === 4 ? { ...level, lost: { atMs: 1, reason: "silent", failed: 4 } } : level
    ),
  });
  const cut = later(reportOf({ throughput: lost }, { partial: "target-lost" }));
  const { figures, choices } = compare(cut, whole);
  const { verdict, reason } = figures.find(({ name }) => name === "highest throughput")!;
  assertEquals([verdict, reason], ["cannot tell", "not measured in the first: the server was lost at a level"]);
  assertEquals(choices, []);
  assertEquals(checkBaseline(whole, cut, 0.05).lost, ["throughput: highest throughput"]);
});

const choicesOf = (a: Report, b: Report) => {
  const comparison = compare(a, later(b));
  return { choices: comparison.choices, text: formatComparison(comparison).replaceAll(/\s+/g, " ") };
};

Deno.test("compare() says of choices that a run did not try what the other chose, which is then beyond no noise", () => {
  const { choices, text } = choicesOf(sweep(1, 2, 4), sweep(1, 2, 4, 8));
  assertEquals(choices, [{ what: "optimal batch size", a: 4, b: 8, withinNoise: false, untriedBy: ["a"] }]);
  assertStringIncludes(text, "optimal batch size: 4 against 8, the first did not try 8");
  assertStringIncludes(
    choicesOf(sweep(1, 2), sweep(4, 8)).text,
    "optimal batch size: 2 against 8, the first did not try 8 and the second did not try 2",
  );
  assertStringIncludes(choicesOf(sweep(1, 4, 8), sweep(1, 2, 8, 16)).text, "optimal batch size: 8 in both");
});

Deno.test("compare() names no choice among different loads", () => {
  const { throughput } = sweep(1, 2, 4).tests;
  const other = reportOf({ throughput: { ...throughput!, concurrency: 4 } });
  assertEquals(choicesOf(sweep(1, 2, 4), other).choices, []);
});

Deno.test("compare() holds the best of two sweeps against each other where both measured either", () => {
  const { figures } = compare(sweep(1, 2, 4, 8, 16), later(sweep(1, 4, 8)));
  assert(figures.some(({ name, verdict }) => name === "highest throughput" && verdict === "no difference found"));
});
