import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { ratioEstimate } from "../ratios/ratio_estimate.ts";
import { meanEstimate } from "../estimates/mean_estimate.ts";

/** Fewest observations on either side of a shift. */
const FEWEST = 10;
/** A shift is told from so much on, times: machines that others use too differ by less from one second to the next. */
const LEAST_RATIO = 1.2;
/** The statistic that one of 100 steady series exceeds (X. Shao and X. Zhang, 2010, table 1, one dimension). */
const CRITICAL = 68.6;
/** Level of the two means, which must be apart besides. */
const LEVEL = 0.999;
/** Observations weigh as much as so many independent ones at least: of fewer nobody can tell a level from a wave. */
const FEWEST_INDEPENDENT = 25;
/** Series are joined to so many means of neighbours at most: enough to place a shift within 0.1 %. */
const MOST_BLOCKS = 1024;

/** Where the level of a series changed, and by how much. */
export interface LevelShift {
  /** Index of the first observation after it. */
  readonly at: number;
  /** Mean before by mean after. */
  readonly ratio: Estimate;
}

/**
 * Whether the level of a series changed once for good, by 1.2 times or more: by the self-normalised CUSUM test, which takes
 * the likeness of neighbours into account without having to estimate it (X. Shao and X. Zhang, "Testing for Change
 * Points in Time Series", 2010), over ranks, so that a few slow ones decide nothing (A. Betken, "Testing for Change-Points
 * in Long-Range Dependent Time Series by Means of a Self-Normalized Wilcoxon Test", 2016), at 1 %. The means of both
 * sides must differ at 0.1 % as well. A level that falls in several steps, or slowly, may pass unseen: what wanders is no level.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { levelShift } from "./level_shift.ts";
 * const series = Array.from({ length: 500 }, (_, i) => (i < 400 ? 20 : 10) + (i * 7) % 5);
 * assertEquals(levelShift(series)?.at, 400);
 * assertEquals(levelShift(series.slice(0, 400)), null);
 * ```
 *
 * @param series Observations in time order, above 0.
 * @returns `null` where no such shift shows.
 */
export function levelShift(series: Readonly<Float64Array> | readonly number[]): LevelShift | null {
  if (series.length < 2 * FEWEST) return null;
  const size = Math.ceil(series.length / MOST_BLOCKS);
  const ranks = ranksOf(series);
  const { isSure, at: block } = cusum(blockMeans(ranks, size));
  const at = block * size;
  if (!isSure || independent(ranks, at) < FEWEST_INDEPENDENT || at < FEWEST || series.length - at < FEWEST) return null;
  const ratio = ratioOf(series, at, LEVEL);
  const apart = ratio !== null && ((ratio.low ?? 0) > 1 || (ratio.high ?? Infinity) < 1);
  if (!apart || Math.max(ratio.value, 1 / ratio.value) < LEAST_RATIO) return null;
  return { at, ratio: ratioOf(series, at, DEFAULT_LEVEL)! };
}

function ratioOf(series: Readonly<Float64Array> | readonly number[], at: number, level: number): Estimate | null {
  return ratioEstimate(meanEstimate(series.slice(0, at), level), meanEstimate(series.slice(at), level));
}

/** Mean ranks, those of equal observations halved between them. */
function ranksOf(series: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: series.length }, (_, i) => i).sort((a, b) => series[a]! - series[b]!);
  const ranks = new Float64Array(series.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && series[order[to]!] === series[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** How many independent ones the observations weigh as much as, by the likeness of neighbours on either side of a place. */
function independent(x: Float64Array, at: number): number {
  let squares = 0, products = 0;
  for (const side of [x.subarray(0, at), x.subarray(at)]) {
    const mean = side.reduce((sum, value) => sum + value, 0) / side.length;
    for (let i = 0; i < side.length; i++) {
      squares += (side[i]! - mean) ** 2;
      if (i > 0) products += (side[i]! - mean) * (side[i - 1]! - mean);
    }
  }
  const lag1 = squares === 0 ? 0 : products / squares;
  // Of short series it comes out too low.
  const likeness = Math.min(1, Math.max(0, lag1 + (1 + 3 * lag1) / x.length));
  return x.length * (1 - likeness) / (1 + likeness);
}

function blockMeans(values: Float64Array, size: number): Float64Array {
  if (size === 1) return values;
  const means = new Float64Array(Math.floor(values.length / size));
  for (let b = 0; b < means.length; b++) {
    for (let i = b * size; i < (b + 1) * size; i++) means[b]! += values[i]! / size;
  }
  return means;
}

/** Whether the statistic exceeds its critical value anywhere, and the place that leaves the least squares. */
function cusum(x: Float64Array): { readonly isSure: boolean; readonly at: number } {
  const n = x.length;
  const forwards = partialSums(x), backwards = partialSums(x.toReversed());
  let highest = 0, most = 0, at = 0;
  for (let k = 1; k < n; k++) {
    const squared = forwards.sums[k]! ** 2;
    const spread = deviations(forwards, k) + deviations(backwards, n - k);
    highest = Math.max(highest, spread === 0 ? (squared === 0 ? 0 : Infinity) : n * squared / spread);
    const explained = squared / (k * (n - k));
    if (explained > most) [most, at] = [explained, k];
  }
  return { isSure: highest > CRITICAL, at };
}

/** Sums of the first k deviations from the mean, of their squares, and of their products with k. */
function partialSums(x: Float64Array) {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const sums = new Float64Array(n + 1), squares = new Float64Array(n + 1), products = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) {
    const sum = sums[k] = sums[k - 1]! + x[k - 1]! - mean;
    squares[k] = squares[k - 1]! + sum * sum;
    products[k] = products[k - 1]! + k * sum;
  }
  return { sums, squares, products };
}

/** Sum over t to k of (S(t) - S(k) t/k)^2: what the first k wander about their own mean. */
function deviations({ sums, squares, products }: ReturnType<typeof partialSums>, k: number): number {
  const slope = sums[k]! / k;
  return Math.max(0, squares[k]! - 2 * slope * products[k]! + slope * slope * k * (k + 1) * (2 * k + 1) / 6);
}
