import type { Estimate } from "../../core/estimate.ts";
import type { Ascending } from "./ascending.ts";
import { DEFAULT_LEVEL, missProbability } from "../confidence_level.ts";
import { binomialQuantile } from "../probability.ts";
import { quantile } from "./quantile.ts";

/**
 * A quantile with an interval that assumes nothing about the distribution: its ends are the order statistics whose
 * ranks a binomial count leaves outside with probability (1 - `level`) / 2 each (H. A. David and H. N. Nagaraja, "Order
 * Statistics", 2003, 7.1). Observations must be independent; {@linkcode distribution} widens it where they are not.
 *
 * An end whose rank would lie outside the sample is `null`: the upper end of a 95 % interval of p99 needs 368
 * observations, of p95 72, of the median 6.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ascending } from "./ascending.ts";
 * import { quantileEstimate } from "./quantile_estimate.ts";
 * const tenths = ascending([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
 * assertEquals(quantileEstimate(tenths, 0.5), { value: 5.5, low: 2, high: 9, level: 0.95, n: 10 });
 * assertEquals(quantileEstimate(tenths, 0.99).high, null);
 * ```
 *
 * @param sorted Observations, ascending.
 * @param p Share, 0 to 1.
 * @param level Confidence level of the interval.
 * @param designEffect How many dependent observations weigh as much as one independent one, at least 1.
 * @returns In the unit of the observations.
 * @throws {RangeError} If `p` or `level` is out of range.
 */
export function quantileEstimate(
  sorted: Ascending,
  p: number,
  level: number = DEFAULT_LEVEL,
  designEffect: number = 1,
): Estimate {
  const n = sorted.length;
  const value = quantile(sorted, p);
  const { low, high } = quantileRanks(n, p, level, designEffect);
  return {
    value,
    low: low === null ? null : Math.min(value, sorted[low]!),
    high: high === null ? null : Math.max(value, sorted[high]!),
    level,
    n,
  };
}

/**
 * Ranks, from 0, of the observations that are the ends of the interval of a quantile; `null` where an end would lie outside.
 *
 * @param n Number of observations.
 * @param p Share, 0 to 1.
 * @param level Confidence level.
 * @param designEffect How many dependent observations weigh as much as one independent one, at least 1.
 */
export function quantileRanks(
  n: number,
  p: number,
  level: number,
  designEffect: number,
): { readonly low: number | null; readonly high: number | null } {
  const tail = missProbability(level) / 2;
  // Ranks in a sample of the size that is worth as much, then stretched to the one at hand, outwards.
  const effectiveN = Math.max(1, Math.floor(n / designEffect));
  const lowRank = binomialQuantile(tail, effectiveN, p);
  const highRank = binomialQuantile(1 - tail, effectiveN, p) + 1;
  const stretch = n / effectiveN;
  return {
    low: lowRank < 1 ? null : Math.floor((lowRank - 1) * stretch),
    high: highRank > effectiveN ? null : Math.min(n, Math.ceil(highRank * stretch)) - 1,
  };
}
