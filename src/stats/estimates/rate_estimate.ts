import type { Estimate } from "../../core/estimate.ts";
import { GroupedEvents } from "../grouped/grouped_events.ts";
import { batchMeans, meanEnds, type MeanVariance, reach } from "./batch_means.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { skewedMeanEnds } from "./small_mean.ts";

/** More events go on by batch means alone: their batches hold whole groups, or nearly so. */
const FEW_EVENTS = 1024;
/** Every gap between groups is longer than every gap within one by this factor, at least. */
const FAR_LONGER = 5;
/** Fewer gaps between groups tell nothing: of the groups the first and the last may be cut by the window. */
const FEWEST_BETWEEN = 3;
/** What is shorter than this share of the mean gap is no time at all: clocks tell 0 there, or some microseconds. */
const NO_TIME = 1e-3;

/** Where and how to count. */
export interface RateOptions {
  /** Beginning of the window, ms. */
  readonly startMs: number;
  /** End of the window, ms. */
  readonly endMs: number;
  /** What each event counts, for example the batch size. @default {1} */
  readonly weight?: number;
  /** What each event counts besides, where they differ, for example its tokens. Not of grouped events. */
  readonly counts?: ArrayLike<number>;
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
 * Few answers that end together, as those of a server that batches, have gaps that are nearly all 0, and a few long ones:
 * their mean is hardly known, though the rate may be. Where it is surer, the interval is then that of the rate of their
 * groups: events of a group by the time since the last group, a ratio estimator (W. G. Cochran, "Sampling Techniques", 1977,
 * 6.4). Neighbours are a group where half of the gaps or more are shorter than all others by a factor of five, which gaps of
 * independent events are not. The first and the last group, of which the window may hold a part, are left out. Events that
 * count differently have a ratio of the same kind: what one counts by the time since the last.
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
  const { startMs, endMs, weight = 1, counts, level = DEFAULT_LEVEL } = options;
  if (!(endMs > startMs)) {
    throw new RangeError(`Cannot take a rate as the window must end after ${startMs} ms: current value is ${endMs}`);
  }
  const n = eventTimesMs instanceof GroupedEvents ? eventTimesMs.n : eventTimesMs.length;
  const perSecond = 1000 * weight;
  const value = perSecond * (counts === undefined ? n : sumOf(counts)) / (endMs - startMs);
  // Grouped events of several windows know fewer gaps.
  if (n < 3 || (eventTimesMs instanceof GroupedEvents && eventTimesMs.gaps.n < 2)) {
    return { value, low: null, high: null, level, n };
  }
  const { moments, independent } = eventTimesMs instanceof GroupedEvents
    ? { moments: batchMeans(eventTimesMs.gaps), independent: null }
    : surestGaps(eventTimesMs, counts);
  // Nothing that followed another event counted.
  if (Number.isNaN(moments.mean)) return { value, low: null, high: null, level, n };
  const own = meanEnds(moments, moments.batchedMean, level);
  const gap = independent === null || moments.variance === 0 ? own : skewedMeanEnds(independent, own, level);
  return {
    value,
    low: Math.min(value, perSecond / gap.high),
    high: gap.low > 0 ? Math.max(value, perSecond / gap.low) : null,
    level,
    n,
    weight: moments.weight,
  };
}

/** What tells the mean time for each event. */
interface Gaps {
  readonly moments: MeanVariance;
  /** Observations that may be few and skewed; none where they are known to be of two kinds by turns. */
  readonly independent: Float64Array | null;
}

/** Gaps between events, or between their groups, whichever tell the mean surer. */
function surestGaps(eventTimesMs: ArrayLike<number>, counts: ArrayLike<number> | undefined): Gaps {
  const gaps = new Float64Array(eventTimesMs.length - 1);
  for (let i = 0; i < gaps.length; i++) gaps[i] = eventTimesMs[i + 1]! - eventTimesMs[i]!;
  const single = counts === undefined ? gaps : timesForEach(gaps, Float64Array.from(counts).subarray(1));
  const between = eventTimesMs.length > FEW_EVENTS ? null : leastBetweenGroups(gaps);
  if (between === null) return { moments: batchMeans(single), independent: single };
  const [ofEvents, ofGroups] = [single, timesOfGroups(eventTimesMs, counts, between)].map((series) => {
    const moments = batchMeans(series);
    return { moments, independent: moments.degreesOfFreedom === series.length - 1 ? series : null };
  });
  return reach(ofGroups!.moments) < reach(ofEvents!.moments) ? ofGroups! : ofEvents!;
}

/** The same of whole groups, which are parted by gaps of `between` or more, in place of single events. */
function timesOfGroups(
  eventTimesMs: ArrayLike<number>,
  counts: ArrayLike<number> | undefined,
  between: number,
): Float64Array {
  const groups: { events: number; counts: number; sumMs: number }[] = [];
  for (let i = 0; i < eventTimesMs.length; i++) {
    const atMs = eventTimesMs[i]!;
    if (i === 0 || atMs - eventTimesMs[i - 1]! >= between) groups.push({ events: 0, counts: 0, sumMs: 0 });
    const group = groups.at(-1)!;
    group.events++;
    group.counts += counts?.[i] ?? 1;
    group.sumMs += atMs;
  }
  const middlesMs = groups.map(({ events, sumMs }) => sumMs / events);
  const whole = groups.slice(1, -1);
  const sinceLastMs = Float64Array.from(whole, (_, g) => middlesMs[g + 1]! - middlesMs[g]!);
  return timesForEach(sinceLastMs, Float64Array.from(whole, (group) => group.counts));
}

/** What each span says of the time for each that is counted: the ratio of the sums, linearised. */
function timesForEach(spansMs: Float64Array, counts: Float64Array): Float64Array {
  const ratio = sumOf(spansMs) / sumOf(counts), mean = sumOf(counts) / counts.length;
  return spansMs.map((ms, i) => ratio + (ms - ratio * counts[i]!) / mean);
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** The shortest gap between two groups: where, in order of length, gaps become longer by the largest factor. */
function leastBetweenGroups(gaps: Float64Array): number | null {
  const ascending = gaps.toSorted(), n = gaps.length;
  const noTime = NO_TIME * sumOf(gaps) / n;
  let least: number | null = null;
  for (let i = Math.ceil(n / 2), largest = FAR_LONGER; i <= n - FEWEST_BETWEEN; i++) {
    const factor = ascending[i]! / Math.max(ascending[i - 1]!, noTime);
    if (!(factor > largest)) continue;
    largest = factor;
    least = ascending[i]!;
  }
  return least;
}
