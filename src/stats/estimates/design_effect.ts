import type { BatchSource } from "../grouped/batch_source.ts";
import { batchMeans } from "./batch_means.ts";
import { normalMultiplier, studentTMultiplier } from "../confidence_level.ts";

/**
 * How many observations of a series weigh as much as one independent one when it is asked which share of them lies at
 * or below a threshold (L. Kish, "Survey Sampling", 1965). Latencies under load come in runs of slow and fast ones, so
 * that a quantile of 1,000 of them may be no surer than one of 100.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { designEffect } from "./design_effect.ts";
 * const runsOfTwenty = Array.from({ length: 1000 }, (_, i) => [1, 4, 2, 3, 1, 3, 5][Math.floor(i / 20) % 7]!);
 * assert(designEffect(runsOfTwenty, 3, 0.95) > 5);
 * ```
 *
 * @param seriesInTimeOrder Observations in the order in which they were made.
 * @param threshold A quantile of theirs.
 * @param level Confidence level of the interval that will use it.
 * @returns Factor, at least 1; the uncertainty of the autocorrelation itself is in it.
 */
export function designEffect(seriesInTimeOrder: ArrayLike<number>, threshold: number, level: number): number {
  const n = seriesInTimeOrder.length;
  if (n < 2) return 1;
  // A loop, since Float64Array.from with a function takes five times as long.
  const atOrBelow = new Float64Array(n);
  for (let i = 0; i < n; i++) atOrBelow[i] = seriesInTimeOrder[i]! <= threshold ? 1 : 0;
  return designEffectOf(atOrBelow, n, level);
}

/**
 * The same of what is known to lie below a threshold.
 *
 * @param below 1 for an observation below it, 0 for another.
 * @param n Observations, at least two.
 * @param level Confidence level of the interval that will use it.
 */
export function designEffectOf(below: ArrayLike<number> | BatchSource, n: number, level: number): number {
  const { mean: share, variance, degreesOfFreedom } = batchMeans(below);
  if (share === 0 || share === 1) return 1;
  const widening = studentTMultiplier(level, degreesOfFreedom) / normalMultiplier(level);
  return Math.max(1, widening ** 2 * variance * n / (share * (1 - share)));
}
