import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../confidence_level.ts";
import { batchMeans } from "../estimates/batch_means.ts";

/** What two sums that grow together gained in one span of time; neither falls. */
export interface SpanGain {
  /** Gain of the numerator. */
  readonly numerator: number;
  /** Gain of the denominator. */
  readonly denominator: number;
}

/**
 * How much of one sum there is for each unit of another, from what both gained in spans of time that follow each other:
 * energy for each prediction.
 *
 * The value is the ratio of the whole sums. Its interval is that of a ratio estimator (W. G. Cochran, "Sampling
 * Techniques", 1977, 6.4): the variance is that of the mean of numerator - value * denominator over the spans, by the
 * mean denominator squared. That mean is taken by batch means as in {@linkcode meanEstimate}, so that spans which are
 * alike widen it, and so does a counter that moves in steps, which gives one span what it takes from the next. Of few
 * spans Student's t widens it (12.7 standard errors for two of them), and of one both ends are `null`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seriesRatioEstimate } from "./series_ratio_estimate.ts";
 * const spans = [30, 31, 29].map((numerator) => ({ numerator, denominator: 10 }));
 * const { value, low, high, n } = seriesRatioEstimate(spans)!;
 * assertEquals([value, n, low! < 3 && low! > 2.7, high! > 3 && high! < 3.3], [3, 3, true, true]);
 * ```
 *
 * @param spans In time order; their lengths may differ.
 * @param level Confidence level of the interval.
 * @returns In units of the numerator by those of the denominator; `null` where the denominator gained nothing.
 */
export function seriesRatioEstimate(
  spans: readonly SpanGain[],
  level: number = DEFAULT_LEVEL,
): Estimate | null {
  const total = (of: keyof SpanGain) => spans.reduce((sum, span) => sum + span[of], 0);
  const denominators = total("denominator"), n = spans.length;
  if (!(denominators > 0)) return null;
  const value = total("numerator") / denominators;
  if (n < 2) return { value, low: null, high: null, level, n };
  const residuals = Float64Array.from(spans, ({ numerator, denominator }) => numerator - value * denominator);
  const { variance, degreesOfFreedom } = batchMeans(residuals);
  const halfWidth = studentTMultiplier(level, degreesOfFreedom) * Math.sqrt(variance) / (denominators / n);
  return { value, low: Math.max(0, value - halfWidth), high: value + halfWidth, level, n };
}
