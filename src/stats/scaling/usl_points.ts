import { missProbability } from "../confidence_level.ts";
import { normalQuantile } from "../probability.ts";
import type { LevelEstimate } from "./level_estimate.ts";
import type { UslPoint } from "./usl_least_squares.ts";

/** No law describes a server better than this, relative to its throughput, however well its levels are known. */
const LAW_DEVIATION = 0.01;

/** Points for a fit, and what their weights say. */
export interface WeighedPoints {
  /** One of each level. */
  readonly points: readonly UslPoint[];
  /** Whether each weight is the reciprocal of a variance, not only in proportion to it. */
  readonly isVarianceKnown: boolean;
}

/**
 * Throughputs of levels as points of a fit, each weighted by how well it is known: levels that were visited once, or whose requests
 * are few and long, say less. Where a level has no interval all are taken to be known to the same percentage, which nobody knows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { uslPoints } from "./usl_points.ts";
 * const estimate = { value: 100, low: 95, high: null, level: 0.95, n: 20 };
 * assertEquals(uslPoints([{ level: 2, estimate }]), {
 *   points: [{ n: 2, ratePerSecond: 100, weight: 1 / 100 ** 2 }],
 *   isVarianceKnown: false,
 * });
 * ```
 *
 * @param levels Throughputs above 0.
 */
export function uslPoints(levels: readonly LevelEstimate[]): WeighedPoints {
  const isVarianceKnown = levels.every(({ estimate: { low, high } }) => low !== null && high !== null);
  const points = levels.map(({ level, estimate: { value, low, high, level: confidence } }): UslPoint => {
    const ofLaw = (LAW_DEVIATION * value) ** 2;
    const own = low === null || high === null
      ? 0
      : ((high - low) / 2 / normalQuantile(1 - missProbability(confidence) / 2)) ** 2;
    return { n: level, ratePerSecond: value, weight: 1 / (isVarianceKnown ? own + ofLaw : value ** 2) };
  });
  return { points, isVarianceKnown };
}
