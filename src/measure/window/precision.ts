import { type Estimate, relativeHalfWidth } from "../../core/estimate.ts";
import type { LatencyOrigin } from "../../results/window/request_metrics.ts";
import { DEFAULT_LEVEL } from "../../stats/confidence_level.ts";
import { distribution } from "../../stats/estimates/distribution.ts";
import { rateEstimate } from "../../stats/estimates/rate_estimate.ts";
import { GroupedEvents } from "../../stats/grouped/grouped_events.ts";
import type { WindowSeries } from "./window_series.ts";

/** Wanted half width of the throughput's interval, relative to its mean (method 6). */
const RATE_PRECISION = 0.05;
/** Wanted half width of the interval of the 95th percentile of latency, relative to it (method 6). */
const P95_PRECISION = 0.1;
/** An end that is farther from the rate than so many half widths tells that it is off: then that end itself has to be near. */
const MOST_LOPSIDED = 1.25;
/**
 * Requests whose rate weighs like fewer than this share of them are alike for long, and how much so is known badly: an interval of
 * theirs that is narrow is so by luck more often than another, and has to be narrower by this factor (method 6).
 */
const ALIKE = 0.3, MARGIN_OF_ALIKE = 0.8;

/**
 * Events per second of a load. An open loop whose window begins with requests that wait has answered more of them than were
 * due: what it drained is no part of a lasting rate, and the lower end leaves it out.
 *
 * @param series The load.
 * @param weight What each success counts: 1 for requests, the batch size for predictions.
 * @returns Per second, or `null` if nothing succeeded.
 */
export function seriesRate({ endedAtMs, durationMs, succeeded }: WindowSeries, weight: number): Estimate | null {
  const ended = endedAtMs instanceof GroupedEvents ? endedAtMs.n : endedAtMs.length;
  if (ended === 0 || durationMs <= 0) return null;
  const rate = rateEstimate(endedAtMs, { startMs: 0, endMs: durationMs, weight });
  const drained = Math.max(0, ended - succeeded);
  return rate.low === null ? rate : { ...rate, low: Math.max(0, rate.low - 1000 * weight * drained / durationMs) };
}

/**
 * Whether throughput and p95 latency of a load are known within method 6. Of an open loop the p95 latency alone: its rate
 * is what was offered.
 *
 * @param series The load.
 * @param origin Where its latency begins.
 * @param slack How many times wider the intervals may be.
 */
export function isPrecise(series: WindowSeries, origin: LatencyOrigin, slack: number = 1): boolean {
  // The rate first: it costs less, and is seldom the better known of the two.
  let margin = slack;
  if (origin === "sent") {
    const rate = seriesRate(series, 1);
    if (rate === null) return false;
    if ((rate.weight ?? rate.n) < ALIKE * rate.n) margin *= MARGIN_OF_ALIKE;
    if (!isWithin(rate, margin * RATE_PRECISION) || isLopsided(rate, margin * RATE_PRECISION)) return false;
  }
  const latency = distribution(series.metrics.get("latencyMs") ?? [], DEFAULT_LEVEL, series.queues.get("latencyMs"));
  return latency !== null && isWithin(latency.p95, margin * P95_PRECISION);
}

function isWithin(estimate: Estimate, precision: number): boolean {
  const halfWidth = relativeHalfWidth(estimate);
  return halfWidth !== null && halfWidth <= precision;
}

function isLopsided({ value, low, high }: Estimate, precision: number): boolean {
  const farther = Math.max(value - low!, high! - value);
  return farther > precision * value && farther > MOST_LOPSIDED * (high! - low!) / 2;
}
