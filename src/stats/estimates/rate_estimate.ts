import type { Estimate } from "../../core/estimate.ts";
import { GroupedEvents } from "../grouped/grouped_events.ts";
import { batchMeans, meanEnds } from "./batch_means.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { skewedMeanEnds } from "./small_mean.ts";

/** Where and how to count. */
export interface RateOptions {
  /** Beginning of the window, ms. */
  readonly startMs: number;
  /** End of the window, ms. */
  readonly endMs: number;
  /** What each event counts, for example the batch size. @default {1} */
  readonly weight?: number;
  /** Confidence level of the interval. @default {0.95} */
  readonly level?: number;
}

/**
 * How many events happen per second, from the moments of those inside a window.
 *
 * The value is the plain count over the window's length. The interval comes from the gaps between events, by batch
 * means as in {@linkcode meanEstimate}, and is the reciprocal of that of the mean gap (renewal theory: both have the
 * same limit), whole batches only, since bursts of completions begin and end anywhere in the window. Counts of windows
 * would not do: a closed loop around a steady server puts the same count into each window, so that they seem to know
 * the rate exactly while the count still misses it by up to one event. The interval is stretched to the value, so that
 * a stall at an edge of the window, which no gap shows, widens it. A window that begins and ends with a completion, the
 * first not counted, has no such edges: value and interval then agree.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rateEstimate } from "./rate_estimate.ts";
 * const everyTenMs = Array.from({ length: 100 }, (_, i) => 5 + 10 * i);
 * assertEquals(rateEstimate(everyTenMs, { startMs: 0, endMs: 1000 }).value, 100);
 * ```
 *
 * @param eventTimesMs Moments of the events inside the window, ascending, ms.
 * @param options The window.
 * @returns Events, times weight, per second.
 * @throws {RangeError} If the window has no length.
 */
export function rateEstimate(eventTimesMs: ArrayLike<number> | GroupedEvents, options: RateOptions): Estimate {
  const { startMs, endMs, weight = 1, level = DEFAULT_LEVEL } = options;
  if (!(endMs > startMs)) {
    throw new RangeError(`Cannot take a rate as the window must end after ${startMs} ms: current value is ${endMs}`);
  }
  const n = eventTimesMs instanceof GroupedEvents ? eventTimesMs.n : eventTimesMs.length;
  const perSecond = 1000 * weight;
  const value = perSecond * n / (endMs - startMs);
  // Grouped events of several windows know fewer gaps.
  if (n < 3 || (eventTimesMs instanceof GroupedEvents && eventTimesMs.gaps.n < 2)) {
    return { value, low: null, high: null, level, n };
  }
  const gaps = eventTimesMs instanceof GroupedEvents ? eventTimesMs.gaps : gapsOf(eventTimesMs);
  const moments = batchMeans(gaps);
  const own = meanEnds(moments, moments.batchedMean, level);
  const gap = "means" in gaps || moments.variance === 0 ? own : skewedMeanEnds(gaps, own, level);
  return {
    value,
    low: Math.min(value, perSecond / gap.high),
    high: gap.low > 0 ? Math.max(value, perSecond / gap.low) : null,
    level,
    n,
    weight: moments.weight,
  };
}

function gapsOf(eventTimesMs: ArrayLike<number>): Float64Array {
  const gaps = new Float64Array(eventTimesMs.length - 1);
  for (let i = 0; i < gaps.length; i++) gaps[i] = eventTimesMs[i + 1]! - eventTimesMs[i]!;
  return gaps;
}
