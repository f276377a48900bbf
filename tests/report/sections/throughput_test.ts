import { assertMatch, assertStringIncludes } from "@std/assert";
import type { ThroughputResult } from "../../../src/results/result.ts";
import { findOptimum } from "../../../src/measure/find_optimum.ts";
import { plotScalability } from "../../../src/plot/scalability.ts";
import { plotThroughput } from "../../../src/plot/throughput.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { estimate } from "../../core/estimates.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { failedMeasurement } from "../../results/window/windows.ts";
import { reportOf } from "../report_of.ts";

/** A sweep of batch sizes from predictions per second and half width of their intervals. */
function sweepOf(rates: Readonly<Record<number, readonly [rate: number, halfWidth: number]>>): ThroughputResult {
  const plain = throughputResult(Object.fromEntries(Object.entries(rates).map(([size, [rate]]) => [size, rate])));
  const levels = plain.levels.map((level) => ({
    ...level,
    predictionsPerSecond: estimate(...rates[level.batchSize]!),
  }));
  const candidates = levels.map((window) => ({ level: window.batchSize, rate: window.predictionsPerSecond, window }));
  const { rivals } = findOptimum(candidates, {}, "optimalBatchSize");
  return throughputResult(undefined, { levels, ...rivals.length === 0 ? {} : { optimumRivals: rivals } });
}

Deno.test("the highest throughput is that of the best size, also where a smaller one is as fast within noise", () => {
  const text = formatText(reportOf({ throughput: sweepOf({ 1: [163, 12], 4: [296, 30], 16: [310, 20] }) }));
  assertMatch(text, /Optimal Batch Size: 4 .*16/);
  assertStringIncludes(text, "Maximum Throughput: 310 pred/s [290, 330] at batch size 16");
  const alone = formatText(reportOf({ throughput: sweepOf({ 1: [163, 2], 4: [296, 2], 16: [200, 2] }) }));
  assertMatch(alone, /Maximum Throughput: 296 pred\/s \[294, 298\]\n/);
});

Deno.test("where nothing succeeds at any other size, answer, section and chart say that one alone brought enough", () => {
  const { levels: [one] } = throughputResult({ 1: 100 });
  const refused = [2, 4].map((batchSize) => ({
    ...one!,
    ...failedMeasurement(),
    batchSize,
    speedup: null,
    efficiency: null,
  }));
  const throughput = throughputResult(undefined, { levels: [one!, ...refused], plateauBatchSize: null });
  const text = formatText(reportOf({ throughput })).replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "100 pred/s [99, 101] at batch size 1, the only one of which enough succeeded.");
  assertStringIncludes(text, "Optimal Batch Size: 1 (the only one of which enough succeeded)");
  assertStringIncludes(plotThroughput(throughput).description, "Batch 1, the only one of which enough succeeded: ");
  const { levels: [lowest] } = scalabilityResult({ 1: 100 });
  const lost = { ...lowest!, ...failedMeasurement(), concurrency: 2 };
  const scalability = scalabilityResult(undefined, { levels: [lowest!, lost] });
  assertStringIncludes(
    plotScalability(scalability).description,
    "Concurrency 1, the only one of which enough succeeded: ",
  );
});
