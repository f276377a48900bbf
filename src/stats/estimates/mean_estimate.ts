import type { Estimate } from "../../core/estimate.ts";
import type { BatchSource } from "../grouped/batch_source.ts";
import { batchMeans, meanEnds } from "./batch_means.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { skewedMeanEnds, SMALL_SAMPLE } from "./small_mean.ts";

/**
 * The mean of observations that follow each other in time, with an interval that stays honest when neighbours are
 * alike.
 *
 * Non-overlapping batch means: at most 128 batches, doubled in width until their lag-1 autocorrelation, of either sign,
 * is insignificant by the von Neumann ratio, never fewer than 10 (G. S. Fishman, "Grouping Observations in Digital
 * Simulation", 1978), then Student's t with the correction for remaining correlation of Skart (A. Tafazzoli and J. R.
 * Wilson, 2011), so that a series too short to batch gets a wider interval, not a wrong one. Skewed batches, as of slow requests
 * that come in a few bursts, have the end of P. Hall's transformation (1992) where it lies further out. Under 20 observations each
 * is its own batch and, under 10, none is corrected: nothing can be told about correlation. Of one observation both
 * ends are `null`; those of fewer than 30 that are positive allow for skewness ({@linkcode skewedMeanEnds}).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { meanEstimate } from "./mean_estimate.ts";
 * const mean = meanEstimate([-2, 0, 2]);
 * assertEquals(mean.value, 0);
 * assertAlmostEquals(mean.high!, 4.303 * 2 / Math.sqrt(3), 1e-3);
 * ```
 *
 * @param seriesInTimeOrder Observations in the order in which they were made.
 * @param level Confidence level of the interval.
 * @returns In the unit of the observations.
 * @throws {RangeError} If there are none or `level` is out of range.
 */
export function meanEstimate(
  seriesInTimeOrder: ArrayLike<number> | BatchSource,
  level: number = DEFAULT_LEVEL,
): Estimate {
  const n = "means" in seriesInTimeOrder ? seriesInTimeOrder.n : seriesInTimeOrder.length;
  if (n === 0) throw new RangeError("Cannot take a mean as there must be at least one observation: found 0");
  if (n === 1) {
    return {
      value: "means" in seriesInTimeOrder ? seriesInTimeOrder.mean : seriesInTimeOrder[0]!,
      low: null,
      high: null,
      level,
      n,
    };
  }
  const moments = batchMeans(seriesInTimeOrder);
  const { mean, variance, weight } = moments;
  const own = meanEnds(moments, mean, level);
  if (variance === 0 || n >= SMALL_SAMPLE) return { value: mean, ...own, level, n, weight };
  const values = "means" in seriesInTimeOrder ? seriesInTimeOrder.means(1) : seriesInTimeOrder;
  const ends = skewedMeanEnds(values, own, level);
  return { value: mean, ...ends, level, n, weight };
}
