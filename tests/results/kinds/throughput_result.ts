import type { ThroughputLevel, ThroughputResult } from "../../../src/results/result.ts";
import { findOptimum } from "../../../src/measure/find_optimum.ts";
import { estimate } from "../../core/estimates.ts";
import { base } from "../result_base.ts";
import { measurement } from "../window/windows.ts";

/** A batch sweep from predictions per second by batch size; its optimum is the one that the test would find. */
export function throughputResult(
  rates: Readonly<Record<number, number>> = { 1: 45.1, 2: 71.4, 4: 111.8, 8: 145.67, 16: 142.34, 32: 139.2 },
  overrides: Partial<ThroughputResult> = {},
): ThroughputResult {
  const levels = overrides.levels ?? Object.entries(rates).map(([size, rate]): ThroughputLevel => {
    const batchSize = Number(size);
    const measured = measurement(rate / batchSize, 1, batchSize, batchSize >= 32 ? { converged: false } : {});
    return {
      ...measured,
      batchSize,
      efficiency: estimate(rate / (measured.latencyMs!.mean.value / 1000)),
      speedup: rates[1] === undefined ? null : estimate(rate / rates[1], rate / rates[1] * 0.02),
    };
  });
  const candidates = levels.map((window) => ({ level: window.batchSize, rate: window.predictionsPerSecond, window }));
  const absences: Record<string, string> = {};
  const { optimal, equivalent, best } = findOptimum(candidates, absences, "optimalBatchSize");
  return {
    ...base,
    kind: "throughput",
    concurrency: 1,
    levels,
    optimalBatchSize: optimal,
    equivalentBatchSizes: equivalent,
    maxPredictionsPerSecond: best,
    plateauBatchSize: 16,
    ...overrides,
    absences: { ...absences, ...overrides.absences },
  };
}
