import type { Distribution, Estimate } from "../../core/estimate.ts";
import { type Ascending, ascending } from "./ascending.ts";
import { bootstrapEstimate, type BootstrapOptions } from "./bootstrap_estimate.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../confidence_level.ts";
import { quantile } from "./quantile.ts";
import { skewedMeanEnds } from "./small_mean.ts";
import { quantileEstimate } from "./quantile_estimate.ts";

/**
 * Summary of a small sample of independent observations, such as cold starts: intervals by
 * {@linkcode bootstrapEstimate}. A resample never reaches past the sample, so an end of a quantile that the sample is
 * too small for is `null` here as in {@linkcode quantileEstimate}. The mean has the ends of Student's t, which allow for
 * skewness ({@linkcode skewedMeanEnds}). Values that are all at least 0, such as durations, have no negative mean.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bootstrapDistribution } from "./bootstrap_distribution.ts";
 * const summary = bootstrapDistribution([2100, 2300, 2200, 2500, 2250], { seed: 1 });
 * assertEquals(summary?.mean.value, 2270);
 * assertEquals(summary?.p95.high, null);
 * ```
 *
 * @param values Independent observations in any order.
 * @param options Seed and sizes.
 * @returns In the unit of the observations; `null` if there are none.
 * @throws {RangeError} If one is `NaN`.
 */
export function bootstrapDistribution(values: ArrayLike<number>, options: BootstrapOptions): Distribution | null {
  if (values.length === 0) return null;
  const sorted = ascending(values);
  const n = sorted.length;
  const estimateOf = (p: number): Estimate => {
    const resampled = bootstrapEstimate(sorted, (sample) => quantile(sample, p), options);
    const supported = quantileEstimate(sorted, p, options.level);
    return {
      ...resampled,
      low: supported.low === null ? null : resampled.low,
      high: supported.high === null ? null : resampled.high,
    };
  };
  return {
    n,
    min: sorted[0]!,
    mean: meanOf(sorted, options.level ?? DEFAULT_LEVEL),
    p50: estimateOf(0.5),
    p90: estimateOf(0.9),
    p95: estimateOf(0.95),
    p99: estimateOf(0.99),
    max: sorted[n - 1]!,
  };
}

function meanOf(sorted: Ascending, level: number): Estimate {
  const n = sorted.length;
  const value = sorted.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { value, low: null, high: null, level, n };
  const squares = sorted.reduce((sum, x) => sum + (x - value) ** 2, 0);
  const halfWidth = studentTMultiplier(level, n - 1) * Math.sqrt(squares / (n - 1) / n);
  const own = { low: value - halfWidth, high: value + halfWidth };
  const { low, high } = squares === 0 ? own : skewedMeanEnds(sorted, own, level);
  return { value, low: Math.max(sorted[0]! >= 0 ? 0 : -Infinity, low), high, level, n };
}
