import { assertNotMatch, assertStringIncludes } from "@std/assert";
import type { ScalabilityResult } from "../../../src/results/result.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { estimate } from "../../core/estimates.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { capacityReport } from "../html/html_fixtures.ts";
import { reportOf } from "../report_of.ts";

const textOf = (overrides: Partial<ScalabilityResult>) =>
  formatText({ ...capacityReport, tests: { scalability: scalabilityResult({ 4: 10, 8: 20 }, overrides) } })
    .replaceAll(/\s+/g, " ");

Deno.test("a knee that was not looked for is told from one that is not there, or that cannot be told", () => {
  const told = (why: string) => textOf({ kneeConcurrency: null, absences: { kneeConcurrency: why } });
  assertStringIncludes(told("it takes 4 concurrencies"), "Knee: not measured: it takes 4 concurrencies");
  assertStringIncludes(told("cannot tell: at 4 or 8"), "Knee: cannot tell: at 4 or 8");
  assertStringIncludes(textOf({ kneeConcurrency: null }), "Knee: none found");
});

Deno.test("what throughput falls by is told from the level that it is measured against, not from the optimum", () => {
  const halfWidths = [1, 1, 5, 4, 2, 2];
  const levels = scalabilityResult({ 1: 30, 2: 55, 4: 92, 8: 100, 16: 88, 32: 76 }).levels.map((level, i) => ({
    ...level,
    requestsPerSecond: estimate(level.requestsPerSecond!.value, halfWidths[i]),
  }));
  const text = formatText(reportOf({ scalability: scalabilityResult(undefined, { levels }) })).replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "Optimal Concurrency: 4");
  assertStringIncludes(text, "from concurrency 8 to 32");
  assertStringIncludes(text, "throughput is 24.0% lower at 32 than at 8");
  assertNotMatch(text, /from concurrency 4 to 32|beyond it throughput falls/);
});

Deno.test("of few requests Little's law cannot be told where the ends of a window alone take them that far", () => {
  const levels = scalabilityResult({ 4: 10, 8: 20 }).levels;
  const told = (succeeded: number) =>
    textOf({ levels: levels.map((level) => ({ ...level, littlesLawRatio: 1.47, succeeded })) });
  assertStringIncludes(told(6), "Little's Law: cannot tell at 4, 8: too few requests");
  assertStringIncludes(told(12), "Little's Law: off by more than 5% at 4 (1.47)");
  assertStringIncludes(told(800), "Little's Law: off by more than 5% at 4 (1.47), 8 (1.47)");
});
