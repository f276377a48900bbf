import type { Estimate } from "../core/estimate.ts";
import { distribution } from "../stats/estimates/distribution.ts";
import { rateEstimate } from "../stats/estimates/rate_estimate.ts";
import { relativeHalfWidth } from "../stats/estimates/relative_half_width.ts";
import type { LevelSeries } from "./level_series.ts";

/** Wanted half width of the throughput's interval, relative to its mean (METHODS 6). */
const RATE_PRECISION = 0.05;
/** Wanted half width of the interval of the 95th percentile of latency, relative to it (METHODS 6). */
const P95_PRECISION = 0.1;

/**
 * Events per second of a level.
 *
 * @param series The level.
 * @param weight What each success counts: 1 for requests, the batch size for predictions.
 * @returns Per second, or `null` if nothing succeeded.
 */
export function seriesRate(series: LevelSeries, weight: number): Estimate | null {
  if (series.succeeded === 0 || series.durationMs <= 0) return null;
  return rateEstimate(series.endedAtMs, { startMs: 0, endMs: series.durationMs, weight });
}

/**
 * Whether throughput and p95 latency of a level are known within METHODS 6.
 *
 * @param series The level.
 * @param slack How many times wider the intervals may be.
 */
export function isPrecise(series: LevelSeries, slack: number = 1): boolean {
  const rate = seriesRate(series, 1);
  // The rate first: it costs less, and is seldom the better known of the two.
  if (rate === null || !isWithin(rate, slack * RATE_PRECISION)) return false;
  return isWithin(distribution(series.latenciesMs)!.p95, slack * P95_PRECISION);
}

function isWithin(estimate: Estimate, precision: number): boolean {
  const halfWidth = relativeHalfWidth(estimate);
  return halfWidth !== null && halfWidth <= precision;
}
