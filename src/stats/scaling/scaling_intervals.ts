import type { Estimate } from "../../core/estimate.ts";
import { seededRandom } from "../../core/random.ts";
import type { CurveInterval } from "../../results/result.ts";
import { ascending } from "../estimates/ascending.ts";
import { DEFAULT_LEVEL, missProbability } from "../confidence_level.ts";
import { fitUsl } from "./fit_usl.ts";
import { kneedle } from "./kneedle.ts";
import type { LevelEstimate } from "./level_estimate.ts";
import { normalQuantile } from "../probability.ts";
import { uslPoints } from "./usl_points.ts";
import { quantile } from "../estimates/quantile.ts";

/** Intervals of the peak and of the knee of a scaling curve. */
export interface ScalingIntervals {
  /** Of the peak of the Universal Scalability Law; `null` where it cannot be given. */
  readonly peak: CurveInterval | null;
  /** Of the knee by Kneedle; `null` where it cannot be given. */
  readonly knee: CurveInterval | null;
}

const RESAMPLES = 200;

/**
 * 95 % intervals of peak and knee by a parametric bootstrap (B. Efron and R. Tibshirani, 1993, 6.5): each level's throughput
 * is drawn anew from a normal distribution as wide as its interval, and the curve is fitted again.
 *
 * @param levels Throughput by concurrency; all must have both ends of their intervals.
 * @param seed Seed of the draws.
 * @returns The intervals.
 */
export function scalingIntervals(levels: readonly LevelEstimate[], seed: number): ScalingIntervals {
  const random = seededRandom(seed);
  const draws = levels.map(({ estimate }) => drawFrom(estimate, random));
  if (draws.some((draw) => draw === null)) return { peak: null, knee: null };
  const { points: measured } = uslPoints(levels);
  const peaks: number[] = [], knees: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const points = measured.map((point, k) => ({ ...point, ratePerSecond: draws[k]!() }));
    const fitted = fitUsl(points);
    if ("fit" in fitted) peaks.push(fitted.fit.peakConcurrency ?? Infinity);
    knees.push(kneedle(points.map(({ n, ratePerSecond }) => ({ x: n, y: ratePerSecond }))) ?? Infinity);
  }
  return { peak: intervalOf(peaks), knee: intervalOf(knees) };
}

/**
 * Draws a throughput from a normal distribution as wide as its interval.
 *
 * @param estimate The throughput.
 * @param random Source of the draws.
 * @param spread How many times as wide. @default {1}
 * @returns `null` where the interval has no ends.
 */
export function drawFrom(
  { value, low, high, level }: Estimate,
  random: () => number,
  spread: number = 1,
): (() => number) | null {
  if (low === null || high === null || value <= 0) return null;
  const deviation = spread * (high - low) / 2 / normalQuantile(1 - missProbability(level) / 2);
  // A throughput of nothing would leave no curve.
  return () => Math.max(value / 100, value + deviation * normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, random()))));
}

/** From those draws that have the figure; `null` where fewer than half do. */
function intervalOf(draws: readonly number[]): CurveInterval | null {
  const tail = missProbability(DEFAULT_LEVEL) / 2;
  if (draws.filter(Number.isFinite).length < RESAMPLES / 2) return null;
  // The largest finite number stands for "none", since infinities cannot be interpolated.
  const sorted = ascending(draws.map((draw) => Math.min(draw, Number.MAX_VALUE)));
  const high = quantile(sorted, 1 - tail);
  return { low: quantile(sorted, tail), high: high > 1e9 ? null : high };
}
