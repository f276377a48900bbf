import type { Distribution, Estimate } from "../../core/estimate.ts";
import { ascending } from "./ascending.ts";
import { meanEstimate } from "./mean_estimate.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { type DesignEffect, designEffectAt, designEffectOf, gaussianEffect } from "./design_effect.ts";
import { GroupedObservations } from "../grouped/grouped_observations.ts";
import { quantile } from "./quantile.ts";
import { quantileEstimate, quantileRanks } from "./quantile_estimate.ts";
import { type DependentEffect, type QueueEffect, queueReach } from "./queue_effect.ts";

/** A mean that depends on a queue and weighs as much as fewer independent observations has no upper end. */
export const LEAST_WEIGHT_OF_MEAN = 5;
/** One that weighs as much as fewer than these has no end at all. */
const LEAST_WEIGHT_OF_LOWER_END = 2;

/**
 * Summary of observations that follow each other in time: mean by batch means, quantiles by order statistics, both
 * widened as far as neighbours in time are alike ({@linkcode meanEstimate}, {@linkcode designEffect}). Of times that depend
 * on a queue ({@linkcode queueWeight}) none is surer than the queue is known; their mean has the interval of its logarithm,
 * since queues are skewed, and no upper end where it weighs as much as fewer than 5 independent observations. Where a quantile has
 * an upper end, so has each one below it, and the other way round for lower ends. The 99.9th percentile is told where its
 * own upper end is known, from 3,688 observations on. Of grouped observations the extremes are
 * exact, the mean is that of batch means, and quantiles are those of a histogram of 0.1 %: no interval is narrower than its
 * resolution.
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
 * @param queue What the queue does that they depend on; left out where there is none.
 * @returns In the unit of the observations; `null` if there are none.
 * @throws {RangeError} If one is `NaN` or `level` is out of range.
 */
export function distribution(
  valuesInTimeOrder: ArrayLike<number> | GroupedObservations,
  level: number = DEFAULT_LEVEL,
  queue?: QueueEffect,
): Distribution | null {
  if (valuesInTimeOrder instanceof GroupedObservations) return groupedDistribution(valuesInTimeOrder, level, queue);
  const n = valuesInTimeOrder.length;
  if (n === 0) return null;
  const sorted = ascending(valuesInTimeOrder);
  const effectOf = quantileEffects((p) => designEffectAt(valuesInTimeOrder, quantile(sorted, p), level));
  const estimateOf = (p: number): Estimate => {
    const effect = atLeast(queue, effectOf(p));
    return { ...quantileEstimate(sorted, p, level, effect), weight: n / effect };
  };
  return {
    n,
    min: sorted[0]!,
    mean: queuedMean(meanEstimate(valuesInTimeOrder, level), sorted[0]!, () => varianceOf(sorted), queue),
    ...quantilesOf(estimateOf, n, level),
    max: sorted[n - 1]!,
  };
}

/** Every quantile that so many observations carry. */
function quantilesOf(
  estimateOf: (p: number) => Estimate,
  n: number,
  level: number,
): Pick<Distribution, "p50" | "p90" | "p95" | "p99" | "p999"> {
  const last = quantileRanks(n, 0.999, level, 1).high === null ? null : estimateOf(0.999);
  const known = last === null || last.high === null ? [] : [last];
  const [p50, p90, p95, p99, p999] = withEnds(
    estimateOf(0.5),
    estimateOf(0.9),
    estimateOf(0.95),
    estimateOf(0.99),
    ...known,
  );
  return { p50: p50!, p90: p90!, p95: p95!, p99: p99!, ...(p999 === undefined ? {} : { p999 }) };
}

/**
 * A missing end is that of the nearest quantile that has one: what p99 stays below, p95 stays below too. They differ in it
 * where neighbours in time are alike about the one threshold and not about the other.
 */
function withEnds(...quantiles: readonly Estimate[]): Estimate[] {
  return quantiles.map((estimate, i) => ({
    ...estimate,
    low: estimate.low ?? quantiles.slice(0, i).findLast(({ low }) => low !== null)?.low ?? null,
    high: estimate.high ?? quantiles.slice(i + 1).find(({ high }) => high !== null)?.high ?? null,
  }));
}

function groupedDistribution(
  observations: GroupedObservations,
  level: number,
  queue: QueueEffect | undefined,
): Distribution | null {
  const { n, min, max, sums } = observations;
  if (n === 0) return null;
  return {
    n,
    min,
    mean: queuedMean(meanEstimate(sums, level), min, () => observations.variance, queue),
    ...quantilesOf(groupedQuantiles(observations, level, queue), n, level),
    max,
  };
}

/** The interval ends where the groups no longer tell sizes apart: what varies in less is unknown to them. */
function groupedQuantiles(
  observations: GroupedObservations,
  level: number,
  queue: QueueEffect | undefined,
): (p: number) => Estimate {
  const { n, min, max } = observations;
  const aroundOf = (p: number) => observations.toldApart(observations.quantile(p));
  const effectAt = (end: number) => designEffectOf(n < 2 ? [1, 1] : observations.below(end), n, level);
  const effectOf = quantileEffects((p) => {
    const [low, high] = [effectAt(aroundOf(p).low), effectAt(aroundOf(p).high)];
    return { estimate: Math.max(low.estimate, high.estimate), sure: Math.max(low.sure, high.sure) };
  });
  return (p) => {
    const around = aroundOf(p);
    const value = observations.quantile(p);
    // What is 0 the groups know exactly.
    const aroundHigh = value === 0 ? 0 : around.high;
    const effect = atLeast(queue, effectOf(p));
    const ranks = quantileRanks(n, p, level, effect);
    return {
      value,
      low: ranks.low === null ? null : Math.max(min, Math.min(around.low, observations.at(ranks.low).low)),
      high: ranks.high === null ? null : Math.min(max, Math.max(aroundHigh, observations.at(ranks.high).high)),
      level,
      n,
      weight: n / effect,
    };
  };
}

/** Of each quantile the next one nearer to the median: more observations lie beyond it. */
const NEARER: ReadonlyMap<number, number> = new Map([[0.9, 0.5], [0.95, 0.9], [0.99, 0.95], [0.999, 0.99]]);

/** No quantile is taken to have neighbours less alike than those of a Gaussian series that is as alike about the one before. */
function quantileEffects(effectAt: (p: number) => DesignEffect): (p: number) => number {
  const known = new Map<number, DesignEffect>();
  const own = (p: number) => {
    const effect = known.get(p) ?? effectAt(p);
    known.set(p, effect);
    return effect;
  };
  return (p) => {
    const nearer = NEARER.get(p);
    return nearer === undefined ? own(p).sure : Math.max(own(p).sure, gaussianEffect(own(nearer).estimate, nearer, p));
  };
}

function atLeast(queue: QueueEffect | undefined, effect: number): number {
  return Math.max(queue?.designEffect ?? 1, effect);
}

/** The mean, no surer than its queue is known, in the interval of its logarithm where it depends on one. */
function queuedMean(own: Estimate, min: number, variance: () => number, queue: QueueEffect | undefined): Estimate {
  const { value, low, high, level, n } = own;
  // A mean of times cannot be negative, however wide the interval that symmetry gives it.
  if (queue === undefined || low === null || high === null || !(min >= 0 && value > 0)) {
    return { ...own, low: low === null ? null : Math.max(min < 0 ? -Infinity : 0, low) };
  }
  const reach = (effect: DependentEffect) => Math.max(high - value, queueReach(effect, variance(), n, level)) / value;
  const weight = Math.min(own.weight ?? n, n / queue.designEffect);
  const most = value * Math.exp(reach(queue.ifLessSpare));
  return {
    ...own,
    low: weight < LEAST_WEIGHT_OF_LOWER_END ? null : value * Math.exp(-reach(queue)),
    high: weight < LEAST_WEIGHT_OF_MEAN || most === Infinity ? null : most,
    weight,
  };
}

function varianceOf(values: ArrayLike<number>): number {
  const n = values.length;
  let mean = 0, squares = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return squares / (n - 1);
}
