import type { Distribution, Estimate } from "../core/estimate.ts";
import { ascending } from "./ascending.ts";
import { bootstrapEstimate, type BootstrapOptions } from "./bootstrap_estimate.ts";
import { quantile } from "./quantile.ts";
import { quantileEstimate } from "./quantile_estimate.ts";

/**
 * Summary of a small sample of independent observations, such as cold starts: intervals by {@linkcode bootstrapEstimate}.
 * A resample never reaches past the sample, so an end of a quantile that the sample is too small for is `null` here
 * as in {@linkcode quantileEstimate}.
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
    mean: bootstrapEstimate(sorted, (sample) => sample.reduce((sum, value) => sum + value, 0) / n, options),
    p50: estimateOf(0.5),
    p90: estimateOf(0.9),
    p95: estimateOf(0.95),
    p99: estimateOf(0.99),
    max: sorted[n - 1]!,
  };
}
