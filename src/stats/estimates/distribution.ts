import type { Distribution, Estimate } from "../../core/estimate.ts";
import { ascending } from "./ascending.ts";
import { meanEstimate } from "./mean_estimate.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { designEffect } from "./design_effect.ts";
import { quantile } from "./quantile.ts";
import { quantileEstimate } from "./quantile_estimate.ts";

/**
 * Summary of observations that follow each other in time: mean by batch means, quantiles by order statistics, both
 * widened as far as neighbours in time are alike ({@linkcode meanEstimate}, {@linkcode designEffect}).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { distribution } from "./distribution.ts";
 * const summary = distribution([3, 1, 2]);
 * assertEquals([summary?.min, summary?.p50.value, summary?.max], [1, 2, 3]);
 * assertEquals(distribution([]), null);
 * ```
 *
 * @param valuesInTimeOrder Observations in the order in which they were made.
 * @param level Confidence level of the intervals.
 * @returns In the unit of the observations; `null` if there are none.
 * @throws {RangeError} If one is `NaN` or `level` is out of range.
 */
export function distribution(
  valuesInTimeOrder: ArrayLike<number>,
  level: number = DEFAULT_LEVEL,
): Distribution | null {
  const n = valuesInTimeOrder.length;
  if (n === 0) return null;
  const sorted = ascending(valuesInTimeOrder);
  const estimateOf = (p: number): Estimate =>
    quantileEstimate(sorted, p, level, designEffect(valuesInTimeOrder, quantile(sorted, p), level));
  return {
    n,
    min: sorted[0]!,
    mean: notBelow(sorted[0]! < 0 ? -Infinity : 0, meanEstimate(valuesInTimeOrder, level)),
    p50: estimateOf(0.5),
    p90: estimateOf(0.9),
    p95: estimateOf(0.95),
    p99: estimateOf(0.99),
    max: sorted[n - 1]!,
  };
}

/** A mean of times cannot be negative, however wide the interval that symmetry gives it. */
function notBelow(least: number, estimate: Estimate): Estimate {
  return { ...estimate, low: estimate.low === null ? null : Math.max(least, estimate.low) };
}
