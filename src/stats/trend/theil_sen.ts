import type { Estimate } from "../../core/estimate.ts";
import { ascending } from "../estimates/ascending.ts";
import { DEFAULT_LEVEL, normalMultiplier } from "../confidence_level.ts";
import { kendallVariance } from "./mann_kendall.ts";
import { quantile } from "../estimates/quantile.ts";

/**
 * Slope of y on x that outliers do not move: the median of the slopes of all pairs (H. Theil, 1950), with the interval
 * of P. K. Sen (1968). It looks at n (n - 1) / 2 pairs: thin series of more than about 1,000 first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { theilSen } from "./theil_sen.ts";
 * assertEquals(theilSen([1, 2, 3, 4, 5], [2, 4, 6, 8, 1000]).value, 2);
 * ```
 *
 * @param x Where, as many as `y`; pairs with the same x say nothing and are left out.
 * @param y What.
 * @param level Confidence level of the interval.
 * @param varianceInflation Factor on the variance, at least 1, for autocorrelated series.
 * @returns In units of y per unit of x; n is the number of points.
 * @throws {RangeError} If the lengths differ or no two x differ.
 */
export function theilSen(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  level: number = DEFAULT_LEVEL,
  varianceInflation: number = 1,
): Estimate {
  const n = x.length;
  if (n !== y.length) {
    throw new RangeError(`Cannot fit a slope as x and y must have the same length: found ${n} and ${y.length}`);
  }
  const slopes = new Float64Array(n * (n - 1) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const run = x[j]! - x[i]!;
      if (run !== 0) slopes[count++] = (y[j]! - y[i]!) / run;
    }
  }
  if (count === 0) throw new RangeError(`Cannot fit a slope as two x must differ: found ${n} points`);
  const sorted = ascending(slopes.subarray(0, count));
  const spread = normalMultiplier(level) * Math.sqrt(kendallVariance(y).variance * varianceInflation);
  const lowRank = Math.floor((count - spread) / 2);
  const highRank = Math.ceil((count + spread) / 2) + 1;
  return {
    value: quantile(sorted, 0.5),
    low: lowRank < 1 ? null : sorted[lowRank - 1]!,
    high: highRank > count ? null : sorted[highRank - 1]!,
    level,
    n,
  };
}
