import type { BatchSource } from "../grouped/batch_source.ts";

/** Batches to begin with, at most: more would narrow the interval by under 2 % and let slow drift pass unseen. */
const MOST_BATCHES = 128;
/** Batches are never fewer: below, the t quantile and the variance of the variance grow fast. */
const FEWEST_BATCHES = 10;
/** Tests for autocorrelation at the 20 % level: to miss one costs coverage, to see a false one only some width. */
const CRITICAL_Z = 1.2816;
/** Highest autocorrelation that the correction believes; it widens the interval threefold. */
const HIGHEST_AUTOCORRELATION = 0.8;

/** Mean of a series and the variance of that mean. */
export interface MeanVariance {
  /** Mean of all observations. */
  readonly mean: number;
  /** Mean of the observations that fill whole batches. */
  readonly batchedMean: number;
  /** Variance of the mean, autocorrelation included. */
  readonly variance: number;
  /** Degrees of freedom of the variance. */
  readonly degreesOfFreedom: number;
}

/**
 * Mean and its variance from one stationary series, by non-overlapping batch means.
 *
 * @param series Observations in time order, at least two.
 */
export function batchMeans(series: ArrayLike<number> | BatchSource): MeanVariance {
  const source = "means" in series ? series : sourceOf(series);
  const { n, mean } = source;
  // A power of two, since servers that batch answer in bursts of such sizes: a batch then holds whole bursts.
  let batches = source.means(2 ** Math.max(0, Math.ceil(Math.log2(n / MOST_BATCHES))));
  let moments = serialMoments(batches);
  while (batches.length >= 2 * FEWEST_BATCHES && Math.abs(moments.vonNeumannZ) > CRITICAL_Z) {
    batches = means(batches, 2);
    moments = serialMoments(batches);
  }
  const count = batches.length;
  let inflation = 1;
  if (count >= FEWEST_BATCHES) {
    // Skart's correction for what correlation is left (Tafazzoli and Wilson, 2011), with the bias of r1 taken out.
    const r = Math.min(moments.lag1 + (1 + 3 * moments.lag1) / count, HIGHEST_AUTOCORRELATION);
    if (r > 0) inflation = (1 + r) / (1 - r);
  }
  return {
    mean,
    batchedMean: meanOf(batches),
    variance: moments.variance / count * inflation,
    degreesOfFreedom: count - 1,
  };
}

function sourceOf(series: ArrayLike<number>): BatchSource {
  return { n: series.length, mean: meanOf(series), means: (size) => means(series, size) };
}

/** Means of consecutive groups of `size`; what does not fill a group at the end is left out. */
function means(series: ArrayLike<number>, size: number): Float64Array {
  const batches = new Float64Array(Math.floor(series.length / size));
  for (let b = 0, i = 0; b < batches.length; b++) {
    let sum = 0;
    for (const end = i + size; i < end; i++) sum += series[i]!;
    batches[b] = sum / size;
  }
  return batches;
}

function meanOf(series: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < series.length; i++) sum += series[i]!;
  return sum / series.length;
}

/** Variance, lag-1 autocorrelation and the von Neumann test (J. von Neumann, 1941; L. C. Young, 1941). */
function serialMoments(series: Float64Array): { variance: number; lag1: number; vonNeumannZ: number } {
  const n = series.length;
  const mean = meanOf(series);
  let squares = 0, products = 0, differences = 0;
  for (let i = 0; i < n; i++) {
    const deviation = series[i]! - mean;
    squares += deviation * deviation;
    if (i === 0) continue;
    const before = series[i - 1]! - mean;
    products += deviation * before;
    differences += (deviation - before) ** 2;
  }
  if (squares === 0 || n < 3) return { variance: squares / (n - 1), lag1: 0, vonNeumannZ: 0 };
  const young = 1 - differences / squares / 2;
  return {
    variance: squares / (n - 1),
    lag1: products / squares,
    vonNeumannZ: young / Math.sqrt((n - 2) / (n * n - 1)),
  };
}
