import type { BatchSource } from "../grouped/batch_source.ts";
import { batchMeans } from "./batch_means.ts";
import { normalMultiplier, studentTMultiplier } from "../confidence_level.ts";
import { normalQuantile } from "../probability.ts";

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
  return designEffectAt(seriesInTimeOrder, threshold, level).sure;
}

/** How many observations weigh as much as one independent one. */
export interface DesignEffect {
  /** As estimated; at least 1. */
  readonly estimate: number;
  /** The uncertainty of the autocorrelation itself is in it; at least 1. */
  readonly sure: number;
}

const INDEPENDENT: DesignEffect = { estimate: 1, sure: 1 };

/**
 * The same as {@linkcode designEffect}, with the estimate alone beside it.
 *
 * @param seriesInTimeOrder Observations in the order in which they were made.
 * @param threshold A quantile of theirs.
 * @param level Confidence level of the interval that will use it.
 */
export function designEffectAt(seriesInTimeOrder: ArrayLike<number>, threshold: number, level: number): DesignEffect {
  const n = seriesInTimeOrder.length;
  if (n < 2) return INDEPENDENT;
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
export function designEffectOf(below: ArrayLike<number> | BatchSource, n: number, level: number): DesignEffect {
  const { mean: share, variance, degreesOfFreedom } = batchMeans(below);
  if (share === 0 || share === 1) return INDEPENDENT;
  const estimate = variance * n / (share * (1 - share));
  const widening = studentTMultiplier(level, degreesOfFreedom) / normalMultiplier(level);
  return { estimate: Math.max(1, estimate), sure: Math.max(1, widening ** 2 * estimate) };
}

/**
 * The design effect about a quantile of a Gaussian series, by that about another one nearer to its median. Few observations lie
 * beyond a far quantile, so that how alike neighbours are there is seen by chance: series that seem unlike there are those
 * whose quantile is missed.
 *
 * By W. F. Sheppard's probability of two Gaussian variables (1899), with autocorrelations that fall exponentially and slowly;
 * where they fall faster the true effect is a little smaller.
 *
 * @param effect Design effect about the nearer quantile, at least 1.
 * @param nearer Share of the nearer quantile, over 0 and under 1.
 * @param p Share of the quantile, over 0 and under 1.
 */
export function gaussianEffect(effect: number, nearer: number, p: number): number {
  return 1 + (effect - 1) * tailLikeness(p) / tailLikeness(nearer);
}

const STEPS = 200;
const likenesses = new Map<number, number>();

/** Sum of the autocorrelations of what lies below a quantile, relative to that of what lies below the median. */
function tailLikeness(p: number): number {
  const known = likenesses.get(p);
  if (known !== undefined) return known;
  const z = normalQuantile(p);
  let sum = 0;
  for (let i = 0; i < STEPS; i++) {
    const sine = Math.sin(Math.PI / 2 * (i + 0.5) / STEPS);
    sum -= Math.exp(-z * z / (1 + sine)) * Math.log(sine) / STEPS;
  }
  const likeness = sum / (4 * p * (1 - p) * Math.LN2);
  likenesses.set(p, likeness);
  return likeness;
}
