import type { BatchSource } from "../grouped/batch_source.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../confidence_level.ts";
import { type Ends, SMALL_SAMPLE } from "./small_mean.ts";

/** Batches to begin with, at most: more would narrow the interval by under 2 % and let slow drift pass unseen. */
const MOST_BATCHES = 128;
/** Batches are never fewer: below, the t quantile and the variance of the variance grow fast. */
const FEWEST_BATCHES = 10;
/** Tests for autocorrelation at the 20 % level: to miss one costs coverage, to see a false one only some width. */
const CRITICAL_Z = 1.2816;
/** Batches of a series whose neighbours are alike however wide they are: few, for each must be nearly independent. */
const LAST_BATCHES = 5;
/** One doubling in five happens by chance, two seldom: then neighbours are alike. */
const ALIKE_DOUBLINGS = 2;
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
  /** Skewness of the mean: that of a batch over the square root of their number; 0 of fewer than 30, which show none. */
  readonly skewness: number;
  /** How many independent observations have a mean as sure as this one: 0 to their number. */
  readonly weight: number;
}

/**
 * Mean and its variance from one stationary series, by non-overlapping batch means. Where neighbours are alike, the surer
 * of the two is not believed: that of at least ten batches, corrected, or that of five (B. Schmeiser, "Batch Size
 * Effects in the Analysis of Simulation Output", 1982), whichever has the wider 95 % interval.
 *
 * @param series Observations in time order, at least two.
 */
export function batchMeans(series: ArrayLike<number> | BatchSource): MeanVariance {
  const source = "means" in series ? series : sourceOf(series);
  const { n, mean } = source;
  const marginal = source.marginalVariance;
  // A power of two, since servers that batch answer in bursts of such sizes: a batch then holds whole bursts.
  let batches = source.means(2 ** Math.max(0, Math.ceil(Math.log2(n / MOST_BATCHES))));
  let moments = serialMoments(batches);
  const finest = { batches, variance: moments.variance };
  let doublings = 0;
  for (; batches.length >= 2 * FEWEST_BATCHES && Math.abs(moments.vonNeumannZ) > CRITICAL_Z; doublings++) {
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
  const many = { variance: moments.variance / count * inflation, degreesOfFreedom: count - 1 };
  const few = doublings < ALIKE_DOUBLINGS ? null : fewBatches(finest.batches);
  const { variance, degreesOfFreedom } = few !== null && reach(few) > reach(many) ? few : many;
  // Of groups whose observations are not known one by one, as if they were alike in nothing within a group.
  const independent = marginal ?? finest.variance * Math.floor(n / finest.batches.length);
  return {
    mean,
    batchedMean: meanOf(batches),
    variance,
    degreesOfFreedom,
    skewness: n < SMALL_SAMPLE ? 0 : moments.skewness / Math.sqrt(count),
    weight: variance > 0 ? Math.min(n, independent / variance) : n,
  };
}

/** The same by as few batches as make sense; what does not fill them is left out at the front. */
function fewBatches(finest: Float64Array): { readonly variance: number; readonly degreesOfFreedom: number } {
  const size = Math.floor(finest.length / LAST_BATCHES);
  const { variance } = serialMoments(means(finest.subarray(finest.length - LAST_BATCHES * size), size));
  return { variance: variance / LAST_BATCHES, degreesOfFreedom: LAST_BATCHES - 1 };
}

/**
 * The interval of a mean: Student's t, and on the side of which few batches say much the further end of P. Hall's
 * transformation ("On the Removal of Skewness by Transformation", 1992). Slow requests that come in a few bursts are seen
 * too seldom for their mean to be as normal as t takes it.
 *
 * @param moments Of the series.
 * @param centre Middle of the interval.
 * @param level Confidence level.
 */
export function meanEnds(
  { variance, degreesOfFreedom, skewness }: MeanVariance,
  centre: number,
  level: number,
): Ends {
  const t = studentTMultiplier(level, degreesOfFreedom);
  const deviation = Math.sqrt(variance);
  const further = Math.max(t, skewedMultiplier(t, Math.abs(skewness)));
  return {
    low: centre - (skewness < 0 ? further : t) * deviation,
    high: centre + (skewness > 0 ? further : t) * deviation,
  };
}

/** How many standard errors the end of a mean lies on the side to which it is skewed. */
function skewedMultiplier(t: number, skewness: number): number {
  // Below it the transformation is that of no skewness, but for rounding.
  if (skewness < 1e-6) return t;
  return 3 / skewness * (1 - Math.cbrt(1 - skewness * (t + skewness / 6)));
}

/** How far the interval of a mean reaches to either side, at the usual level. */
export function reach(
  { variance, degreesOfFreedom }: Pick<MeanVariance, "variance" | "degreesOfFreedom">,
): number {
  return studentTMultiplier(DEFAULT_LEVEL, degreesOfFreedom) * Math.sqrt(variance);
}

function sourceOf(series: ArrayLike<number>): BatchSource {
  const mean = meanOf(series);
  let squares = 0;
  for (let i = 0; i < series.length; i++) squares += (series[i]! - mean) ** 2;
  return {
    n: series.length,
    mean,
    marginalVariance: squares / (series.length - 1),
    means: (size) => means(series, size),
  };
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

interface SerialMoments {
  readonly variance: number;
  readonly skewness: number;
  readonly lag1: number;
  readonly vonNeumannZ: number;
}

/** Variance, skewness, lag-1 autocorrelation and the von Neumann test (J. von Neumann, 1941; L. C. Young, 1941). */
function serialMoments(series: Float64Array): SerialMoments {
  const n = series.length;
  const mean = meanOf(series);
  let squares = 0, cubes = 0, products = 0, differences = 0;
  for (let i = 0; i < n; i++) {
    const deviation = series[i]! - mean;
    squares += deviation * deviation;
    cubes += deviation ** 3;
    if (i === 0) continue;
    const before = series[i - 1]! - mean;
    products += deviation * before;
    differences += (deviation - before) ** 2;
  }
  if (squares === 0 || n < 3) return { variance: squares / (n - 1), skewness: 0, lag1: 0, vonNeumannZ: 0 };
  const young = 1 - differences / squares / 2;
  return {
    variance: squares / (n - 1),
    skewness: cubes / n / (squares / n) ** 1.5,
    lag1: products / squares,
    vonNeumannZ: young / Math.sqrt((n - 2) / (n * n - 1)),
  };
}
