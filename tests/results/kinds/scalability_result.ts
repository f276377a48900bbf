import type { ScalabilityLevel, ScalabilityResult } from "../../../src/results/result.ts";
import { findOptimum } from "../../../src/measure/find_optimum.ts";
import { estimate } from "../../core/estimates.ts";
import { base } from "../result_base.ts";
import { measurement } from "../window/windows.ts";

/** A concurrency sweep from requests per second by concurrency; its optimum is the one that the test would find. */
export function scalabilityResult(
  rates: Readonly<Record<number, number>> = { 1: 45.3, 2: 81.2, 4: 118.6, 8: 119.4, 16: 117.2, 32: 112.4 },
  overrides: Partial<ScalabilityResult> = {},
): ScalabilityResult {
  const levels = overrides.levels ?? Object.entries(rates).map(([level, rate]): ScalabilityLevel => ({
    ...measurement(rate, Number(level), 1),
    concurrency: Number(level),
    efficiency: rates[1] === undefined ? null : estimate(rate / Number(level) / rates[1]),
    littlesLawRatio: 1.004,
  }));
  const candidates = levels.map((window) => ({ level: window.concurrency, rate: window.requestsPerSecond, window }));
  const absences: Record<string, string> = {};
  const { optimal, equivalent, best } = findOptimum(candidates, absences, "optimalConcurrency");
  const last = levels.at(-1)?.requestsPerSecond ?? null;
  return {
    ...base,
    kind: "scalability",
    batchSize: 1,
    levels,
    optimalConcurrency: optimal,
    equivalentConcurrencies: equivalent,
    degradationPercent: best === null || last === null ? null : estimate(100 * (1 - last.value / best.value), 1.9),
    usl: {
      lambda: estimate(46.1, 2.3, 6),
      sigma: estimate(0.214, 0.031, 6),
      kappa: estimate(0.0041, 0.0012, 6),
      peakConcurrency: 13.8,
      rSquared: 0.981,
    },
    kneeConcurrency: 4,
    ...overrides,
    absences: { ...absences, ...overrides.absences },
  };
}
