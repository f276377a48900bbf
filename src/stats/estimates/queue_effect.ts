import { studentTMultiplier } from "../confidence_level.ts";
import { batchMeans } from "./batch_means.ts";

/** With fewer gaps between answers behind which others waited there was no queue to speak of. */
const FEWEST_GAPS = 20;
/** A queue that explains less of the variance of times than this explains nothing: chance does as much. */
const LEAST_SHARE = 0.01;

/** Moments of the requests of one run of an open loop, successes or not. */
export interface QueueMoments {
  /** When each was due, ascending. */
  readonly dueMs: Float64Array;
  /** When each was answered, ascending; those that never were are missing here. */
  readonly endedMs: Float64Array;
  /** What came before tells no gaps, as a server may have been slow at first. @default {-Infinity} */
  readonly fromMs?: number;
}

/** How well a mean or a quantile of dependent times is known. */
export interface DependentEffect {
  /** How many of them weigh as much as one independent one, at least. */
  readonly designEffect: number;
  /** Degrees of freedom of what that says. */
  readonly degreesOfFreedom: number;
}

/** What a queue does to a mean or a quantile of times that depend on it. */
export interface QueueEffect extends DependentEffect {
  /**
   * The same, were the server by one standard error nearer to its limit than it seems. An upper end takes this: those runs
   * whose queue seems far from it have one, and among them too many are calm by chance.
   */
  readonly ifLessSpare: DependentEffect;
}

/**
 * How many independent looks at its queue a run of an open loop is worth, by what queues do and not by what this one did.
 *
 * A queue near its limit forgets slowly: a few seconds show one or two of its swings, and those that happen to show none
 * look calm and sure, whatever is made of them by batches, busy periods or resampled blocks. What they do show surely is how
 * far the server is from its limit: the mean gap between arrivals, and that between answers while others wait. Let these
 * differ by z standard errors. Reflected Brownian motion, which a queue under heavy load is like, has then been seen for
 * (z^2 - 1) / 2 independent observations of its mean (W. Whitt, "Planning Queueing Simulations", 1989); for M/M/1 that is
 * n (1 - load)^2 / 4.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { queueWeight } from "./queue_effect.ts";
 * const dueMs = Float64Array.from({ length: 100 }, (_, i) => 10 * i);
 * // It keeps up, but only just: nobody knows how long the queue gets.
 * const endedMs = dueMs.map((ms, i) => ms + 25 + (i % 3));
 * assert(queueWeight({ dueMs, endedMs }) < 1);
 * assertEquals(queueWeight({ dueMs, endedMs: dueMs.map((ms) => ms + 5) }), Infinity);
 * ```
 *
 * @param moments Of the run.
 * @returns At least 0; infinite where nothing waited.
 */
export function queueWeight({ dueMs, endedMs, fromMs = -Infinity }: QueueMoments): number {
  // What is due at the very moment at which another ends did not wait for it.
  const left = endedMs.map((ms, i) => rankOf(dueMs, (due) => due < ms) - (i + 1));
  // A server of many workers is at its limit only while all of them work: half of the answers leave as many behind.
  const busy = Math.max(1, left.toSorted()[left.length >> 1] ?? 1);
  const gaps: number[] = [];
  for (let i = 0; i + 1 < endedMs.length; i++) {
    if (left[i]! >= busy && endedMs[i]! >= fromMs) gaps.push(endedMs[i + 1]! - endedMs[i]!);
  }
  if (gaps.length < FEWEST_GAPS) return Infinity;
  const answers = batchMeans(gaps);
  const counted = dueMs.filter((ms) => ms >= fromMs);
  const arrivals = batchMeans(counted.subarray(1).map((ms, i) => ms - counted[i]!));
  const spare = arrivals.mean - answers.mean;
  if (spare <= 0) return 0;
  // The square of an estimate lies above that of what it estimates, by its variance.
  return Math.max(0, spare ** 2 / (arrivals.variance + answers.variance) - 1) / 2;
}

/**
 * How many were outstanding when a request was due, itself apart.
 *
 * @param moments Of the run.
 * @param atMs When it was due.
 */
export function foundWaiting({ dueMs, endedMs }: QueueMoments, atMs: number): number {
  return Math.max(0, rankOf(dueMs, (due) => due <= atMs) - 1 - rankOf(endedMs, (ended) => ended <= atMs));
}

/**
 * What {@linkcode queueWeight} means for times of which a part is explained by the queue that each request found: the
 * share of their variance that goes with it (r^2) is only as well known as the queue, the rest varies by itself.
 *
 * @param weight Of the queue, 0 to infinite.
 * @param values One of each request, in the order in which they were due.
 * @param found What each of them found waiting.
 */
export function queueEffect(weight: number, values: ArrayLike<number>, found: ArrayLike<number>): QueueEffect {
  const share = correlation(values, found) ** 2;
  const n = values.length;
  return { ...effectOf(share, weight, n), ifLessSpare: effectOf(share, lessSpare(weight), n) };
}

/** The weight of a queue of one standard error less spare. */
function lessSpare(weight: number): number {
  const z = Math.sqrt(2 * weight + 1) - 1;
  return Math.max(0, z ** 2 - 1) / 2;
}

function effectOf(share: number, weight: number, n: number): DependentEffect {
  if (share < LEAST_SHARE || weight === Infinity) return { designEffect: 1, degreesOfFreedom: Infinity };
  const ofQueue = share * n / weight;
  const designEffect = 1 - share + ofQueue;
  // Satterthwaite's: the rest is known well.
  return {
    designEffect,
    degreesOfFreedom: weight === 0 ? 1 : Math.max(1, weight * (designEffect / ofQueue) ** 2),
  };
}

/**
 * Half the width of the interval of a mean that knows no more than its queue.
 *
 * @param effect Of the queue.
 * @param variance Of one time.
 * @param n How many.
 * @param level Confidence level.
 */
export function queueReach(effect: DependentEffect, variance: number, n: number, level: number): number {
  const { designEffect, degreesOfFreedom } = effect;
  if (designEffect === 1) return 0;
  // So many degrees of freedom are as good as infinitely many.
  const multiplier = studentTMultiplier(level, Math.min(1e4, degreesOfFreedom));
  return multiplier * Math.sqrt(variance * designEffect / n);
}

/** How many of them come first by an order that they stand in. */
function rankOf(ascending: Float64Array, comesFirst: (ms: number) => boolean): number {
  let low = 0, high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comesFirst(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let meanA = 0, meanB = 0;
  for (let i = 0; i < n; i++) {
    meanA += a[i]! / n;
    meanB += b[i]! / n;
  }
  let products = 0, squaresA = 0, squaresB = 0;
  for (let i = 0; i < n; i++) {
    const x = a[i]! - meanA, y = b[i]! - meanB;
    products += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA * squaresB === 0 ? 0 : products / Math.sqrt(squaresA * squaresB);
}
