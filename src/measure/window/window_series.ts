import type { FailureReason } from "../../core/outcome.ts";
import { type LatencyOrigin, type RequestField, requestMetricsOf } from "../../results/window/request_metrics.ts";
import { isRefusedServerTime } from "../../results/window/refused_server_times.ts";
import type { TimelinePoint } from "../../results/kinds/basic.ts";
import type { QueueEffect } from "../../stats/estimates/queue_effect.ts";
import type { GroupedEvents } from "../../stats/grouped/grouped_events.ts";
import type { GroupedObservations } from "../../stats/grouped/grouped_observations.ts";
import { queueEffectsOf } from "../queue_effects.ts";
import { timelineOf } from "./in_time/timeline.ts";
import { SlowestInTime } from "./in_time/slowest_in_time.ts";
import { cutWindow, endedInside, type SampleWindow } from "./sample_window.ts";
import { WindowFold } from "./window_fold.ts";

/** Observations of one load over all its windows, laid end to end on one time axis. Times ms. */
export interface WindowSeries {
  /** Length of the windows together, what was cut from their fronts apart. */
  readonly durationMs: number;
  /** When successes ended inside the windows, whenever they were due: what a rate counts; ascending. */
  readonly endedAtMs: Float64Array | GroupedEvents;
  /** Each metric of the successes that have it, in the order in which they ended, in an open loop in that they were due. */
  readonly metrics: ReadonlyMap<RequestField, Float64Array | GroupedObservations>;
  /** What the queue that requests of an open loop wait in does to each metric; none in a closed loop, where nothing is due. */
  readonly queues: ReadonlyMap<RequestField, QueueEffect>;
  /** Latency over time, for a chart: when each success ended on that axis, in an open loop when it was due. */
  readonly timeline: () => readonly TimelinePoint[];
  readonly succeeded: number;
  readonly failed: number;
  readonly failuresByReason: Readonly<Partial<Record<FailureReason, number>>>;
  /** Server times of successes that cannot be. */
  readonly refusedServerTimes: number;
  /** Requests cut from the windows' fronts as warm-up. */
  readonly cutRequests: number;
}

/** A column of numbers that grows by doubling. */
class Column {
  #values = new Float64Array(256);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(2 * this.#length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length++] = value;
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/**
 * Lays windows of one load end to end, after cutting from each what is left of its warm-up.
 *
 * @param windows In the order in which they ran.
 * @param only Metrics to collect. @default {all}
 */
export function collectSeries(windows: readonly SampleWindow[], only?: readonly RequestField[]): WindowSeries {
  if (windows.some(({ fold }) => fold !== undefined)) return foldSeries(windows, only);
  const wanted = requestMetricsOf(windows[0]?.origin ?? "sent").filter(({ field }) => only?.includes(field) ?? true);
  const metrics = wanted.map(({ field, read }) => ({
    field,
    read,
    column: new Column(),
  }));
  const at = new Column(), endedInWindows = new Column();
  const failuresByReason: Partial<Record<FailureReason, number>> = {};
  let succeeded = 0, failed = 0, durationMs = 0, cutRequests = 0, refusedServerTimes = 0;
  for (const window of windows) {
    const { samples, endMs, origin } = window;
    const { indices, startMs, cut } = cutWindow(window);
    cutRequests += cut;
    const offsetMs = durationMs - startMs;
    for (const i of indices) {
      if (!samples.succeeded(i)) {
        const outcome = samples.outcome(i);
        if (outcome.kind !== "failure") continue;
        failuresByReason[outcome.reason] = (failuresByReason[outcome.reason] ?? 0) + 1;
        failed++;
        continue;
      }
      succeeded++;
      if (isRefusedServerTime(samples, i)) refusedServerTimes++;
      at.push(offsetMs + (origin === "due" ? samples.scheduledAt(i) : samples.endedAt(i)));
      for (const { read, column } of metrics) {
        const value = read(samples, i, origin);
        if (!Number.isNaN(value)) column.push(value);
      }
    }
    if (origin === "due") endedInside(samples, startMs, endMs, (atMs) => endedInWindows.push(offsetMs + atMs));
    durationMs += endMs - startMs;
  }
  return {
    durationMs,
    endedAtMs: windows[0]?.origin === "due" ? endedInWindows.values : at.values,
    metrics: new Map(metrics.map(({ field, column }) => [field, column.values])),
    queues: queueEffectsOf(windows, wanted),
    timeline: () => timelineOf(at.values, metrics.find(({ field }) => field === "latencyMs")?.column.values ?? []),
    succeeded,
    failed,
    failuresByReason,
    refusedServerTimes,
    cutRequests,
  };
}

/** The same of windows of which not every sample is kept. */
function foldSeries(windows: readonly SampleWindow[], only?: readonly RequestField[]): WindowSeries {
  const parts = windows.map((window) => foldedOf(window, only));
  const folds = parts.flatMap(({ folds }) => folds);
  const slowest = new SlowestInTime();
  let durationMs = 0, cutRequests = 0;
  for (const [i, { folds, startMs, cut }] of parts.entries()) {
    cutRequests += cut;
    for (const fold of folds) slowest.append(fold.slowest, durationMs - startMs);
    durationMs += windows[i]!.endMs - startMs;
  }
  const { origin } = windows[0]!;
  const all = folds.length === 1 ? folds[0]! : joinedOf(origin, folds, only);
  const { ended: endedAtMs, succeeded, failed, failuresByReason, refusedServerTimes } = all;
  const counts = { succeeded, failed, failuresByReason, refusedServerTimes, cutRequests };
  const wanted = requestMetricsOf(origin).filter(({ field }) =>
    all.metrics.has(field) && (only?.includes(field) ?? true)
  );
  const metrics = new Map(wanted.map(({ field }) => [field, all.metrics.get(field)!]));
  const queues = queueEffectsOf(windows, wanted);
  return { durationMs, endedAtMs, metrics, queues, timeline: () => slowest.points, ...counts };
}

function joinedOf(origin: LatencyOrigin, folds: readonly WindowFold[], only?: readonly RequestField[]): WindowFold {
  const joined = new WindowFold(origin, { only });
  for (const fold of folds) joined.append(fold);
  return joined;
}

/** A window whose samples are folded, in the order of time, after the cut of its warm-up, which those that are kept decide. */
interface FoldedWindow {
  readonly folds: readonly WindowFold[];
  readonly startMs: number;
  readonly cut: number;
}

/** Windows by what was not kept of them: what was does not change any more. */
const known = new WeakMap<WindowFold, FoldedWindow & { readonly metrics: string }>();

function foldedOf(window: SampleWindow, only?: readonly RequestField[]): FoldedWindow {
  const { fold } = window;
  if (fold === undefined) {
    const { head, ...cut } = headOf(window, only);
    return { folds: [head], ...cut };
  }
  const metrics = fold.isOver ? "all" : String(only);
  const before = known.get(fold);
  if (before?.metrics === metrics) return before;
  const { head, ...cut } = headOf(window, fold.isOver ? undefined : only);
  if (fold.isOver) head.takeOver(fold);
  const folded = { folds: fold.isOver ? [head] : [head, fold], ...cut, metrics };
  known.set(fold, folded);
  return folded;
}

/** What is kept of a window, folded like the rest. */
function headOf(
  window: SampleWindow,
  only?: readonly RequestField[],
): { readonly head: WindowFold; readonly startMs: number; readonly cut: number } {
  const { samples, origin, startMs: beganMs, endMs, fold } = window;
  const { indices, startMs, cut } = cutWindow(window);
  const head = new WindowFold(origin, { only, later: fold });
  for (const i of indices) {
    head.add(samples, i);
    if (origin === "sent" && samples.succeeded(i)) head.ended.add(samples.endedAt(i));
  }
  if (origin === "due") endedInside(samples, beganMs, endMs, (atMs) => head.ended.add(atMs));
  return { head, startMs, cut };
}
