import type { Estimate } from "../core/estimate.ts";
import type { Load } from "../results/window/load.ts";
import { loadKey } from "../results/window/load.ts";
import type { LevelShift } from "../results/window/level_shift.ts";
import { meanEstimate } from "../stats/estimates/mean_estimate.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import { ratioEstimate } from "../stats/ratios/ratio_estimate.ts";
import { levelShift } from "../stats/trend/level_shift.ts";
import type { Session } from "./session.ts";
import type { Visit } from "./window/visit.ts";
import { cutWindow, windowOf } from "./window/sample_window.ts";

/** A change within so many requests, or so many ms, of the beginning of a run is the end of a warm-up where it is for the better. */
const BEGINNING = { requests: 1000, ms: 10_000 };
/** The last window is faster than those before it from so much on, times, by intervals that hold for so many together. */
const DRIFT_RATIO = 1.25;
const FAMILY = 24;
/** A change so near to the edge of a window, as a share of it, lies between two windows. */
const EDGE = 0.05;

/**
 * Looks whether the latency of a load changed for good over its visits laid end to end (method 5). Of an open loop nothing
 * is said: a queue has levels of its own.
 *
 * @param visits Of one load, in the order in which they ran.
 * @param beganMs When their run began, or went on, on their axis of time, ms.
 */
export function shiftOf(visits: readonly Visit[], beganMs: number = 0): LevelShift | null {
  const [first] = visits;
  if (first === undefined || first.load.kind === "open") return null;
  const parts = visits.flatMap(successesOf);
  const found = levelShift(Float64Array.from(parts.flatMap(({ latencyMs }) => [...latencyMs]))) ?? lastFaster(parts);
  if (found === null) return null;
  const { before, after } = sidesOf(parts, found.at);
  const isEarly = before.request <= BEGINNING.requests || before.atMs - beganMs <= BEGINNING.ms;
  return {
    load: first.load,
    lastBefore: before.request,
    firstAfter: after.request,
    beforeMs: before.atMs,
    afterMs: after.atMs,
    ratio: found.ratio,
    cause: isEarly && found.ratio.value > 1 ? "warm-up" : "unknown",
  };
}

/**
 * Takes note of what a load's visits show, in place of what fewer of them showed.
 *
 * @param session The test.
 * @param load What was offered.
 * @param shift What they show; `null` if nothing.
 */
export function noteShift({ shifts }: Session, load: Load, shift: LevelShift | null): void {
  const known = shifts.findIndex((each) => each.again === undefined && loadKey(each.load) === loadKey(load));
  if (known >= 0) shifts.splice(known, 1);
  if (shift !== null) shifts.push(shift);
}

/**
 * Whether the last window is surely faster than each before it, as drift is told (method 8): windows may be too short to
 * show a level inside, and tell one from another all the same.
 */
function lastFaster(parts: readonly Successes[]): { readonly at: number; readonly ratio: Estimate } | null {
  const latencies = parts.map(({ latencyMs }) => meanEstimate(latencyMs));
  const last = latencies.pop();
  if (last === undefined || latencies.length === 0) return null;
  const wide = (estimate: Estimate) => simultaneousEstimate(estimate, FAMILY);
  const isFaster = latencies.every((each) =>
    each.value > DRIFT_RATIO * last.value && (wide(each).low ?? 0) > (wide(last).high ?? Infinity)
  );
  const before = parts.slice(0, -1).flatMap(({ latencyMs }) => [...latencyMs]);
  const ratio = isFaster ? ratioEstimate(meanEstimate(before), last) : null;
  return ratio && { at: before.length, ratio };
}

/** Successes of one window, each with the request that it was and its moment since the run began. */
interface Successes {
  readonly latencyMs: Float64Array;
  readonly placeOf: (i: number) => Place;
}

interface Place {
  readonly request: number;
  readonly atMs: number;
}

function successesOf({ run, atMs, requestsBefore = 0 }: Visit): Successes[] {
  return windowOf(run).map((window) => {
    const { samples } = window;
    // What is cut as warm-up has been seen already.
    const { indices } = cutWindow(window);
    const successes = indices.filter((i) => samples.succeeded(i));
    return {
      latencyMs: Float64Array.from(successes, (i) => samples.endedAt(i) - samples.sentAt(i)),
      placeOf: (i: number) => ({
        request: requestsBefore + successes[i]! + 1,
        atMs: atMs + samples.endedAt(successes[i]!),
      }),
    };
  }).filter(({ latencyMs }) => latencyMs.length > 0);
}

/** The last success before a place of the whole series, and the first after it. */
function sidesOf(parts: readonly Successes[], at: number): { readonly before: Place; readonly after: Place } {
  let from = 0;
  for (const [k, { latencyMs: { length }, placeOf }] of parts.entries()) {
    const inside = at - from;
    from += length;
    if (inside > length) continue;
    const [earlier, later] = [parts[k - 1], parts[k + 1]];
    if (inside <= EDGE * length && earlier !== undefined) {
      return { before: earlier.placeOf(earlier.latencyMs.length - 1), after: placeOf(0) };
    }
    if (inside >= (1 - EDGE) * length && later !== undefined) {
      return { before: placeOf(length - 1), after: later.placeOf(0) };
    }
    return { before: placeOf(inside - 1), after: placeOf(inside) };
  }
  throw new RangeError(`Cannot place a shift at ${at} as it must lie inside the series`);
}
