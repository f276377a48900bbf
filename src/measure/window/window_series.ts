import type { FailureReason } from "../../core/outcome.ts";
import type { SampleTable } from "../../core/sample.ts";
import { type AnyRun, isOpenRun } from "../../load/run_load.ts";
import type { OpenLoopRun } from "../../load/open_loop.ts";
import { type LatencyOrigin, type RequestField, requestMetricsOf } from "../../results/window/request_metrics.ts";
import { isRefusedServerTime } from "../../results/window/refused_server_times.ts";
import type { TimelinePoint } from "../../results/kinds/basic.ts";
import type { QueueEffect } from "../../stats/estimates/queue_effect.ts";
import type { GroupedEvents } from "../../stats/grouped/grouped_events.ts";
import type { GroupedObservations } from "../../stats/grouped/grouped_observations.ts";
import { warmUpCut } from "../../stats/warm_up/warm_up_cut.ts";
import { queueEffectsOf } from "../queue_effects.ts";
import { timelineOf } from "./in_time/timeline.ts";
import { WindowFold } from "./window_fold.ts";

/** Part of a run that counts. Moments are ms since that run began. */
export interface SampleWindow {
  readonly samples: SampleTable;
  /** Where the latency of its requests begins. */
  readonly origin: LatencyOrigin;
  /** Samples that count: of a closed loop those that ended in the window, of an open loop those that were due in it. */
  readonly indices: Int32Array;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether nothing of it may be cut as warm-up. */
  readonly whole: boolean;
  /** What is known of later samples, which are not kept. */
  readonly fold?: WindowFold;
}

/** A run, and what is known of its samples that are not kept. */
export type FoldedRun = AnyRun & { readonly fold?: WindowFold };

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

/**
 * A run with what its fold took in, if anything, up to where the server was lost.
 *
 * @param run What was recorded, once it is known whether the server is there.
 * @param fold Took in what is not kept.
 */
export function withFold(run: AnyRun, fold: WindowFold): FoldedRun {
  fold.settle(run.lost?.sinceMs);
  return { ...run, ...foldOf(fold) };
}

/** What a window says of its fold: nothing where that took nothing in. */
export function foldOf(fold: WindowFold): { readonly fold?: WindowFold } {
  return fold.succeeded + fold.failed + fold.ended.n > 0 ? { fold } : {};
}

/**
 * The part of a run that counts.
 *
 * @param run What was recorded.
 * @returns Nothing where the window holds no request.
 */
export function windowOf(run: FoldedRun): SampleWindow[] {
  const { samples } = run;
  const fold = run.fold === undefined ? {} : { fold: run.fold };
  if (isOpenRun(run)) {
    // A queue that fills is no warm-up: nothing of it may be cut.
    const { dueFromMs: startMs, dueToMs: endMs, lost } = run;
    if (endMs <= startMs && lost === null) return [];
    return [{ samples, origin: "due", indices: dueInWindow(run), startMs, endMs, whole: true, ...fold }];
  }
  const { windowFrom: from, windowTo: to, windowStartMs: startMs, windowEndMs: endMs, endReason } = run;
  if (to <= from) return [];
  // Who asks for so many requests wants all of them counted.
  return [{
    samples,
    origin: "sent",
    indices: run.lost === null
      ? kept(samples, from, to)
      : onTheirWay(samples, kept(samples, from, to), run.lost.sinceMs),
    startMs,
    endMs,
    whole: endReason === "requests",
    ...fold,
  }];
}

/**
 * Which of the samples `[from, to)` are kept.
 *
 * @param samples Those that are.
 * @param from The first.
 * @param to The one after the last.
 */
export function kept(samples: SampleTable, from: number, to: number): Int32Array {
  const indices = new Int32Array(Math.max(0, Math.min(to, samples.length) - from));
  for (let k = 0; k < indices.length; k++) indices[k] = from + k;
  return indices;
}

/** Those that were sent before the server was lost: what was sent to one that is gone tells nothing of it. */
function onTheirWay(samples: SampleTable, indices: Int32Array, lostMs: number): Int32Array {
  return indices.filter((i) => samples.sentAt(i) <= lostMs);
}

/** Indices of what was due in the window, in the order in which it was due, as a series in time wants it. */
export function dueInWindow({ samples, dueFromMs, dueToMs: toMs, lost }: OpenLoopRun): Int32Array {
  const indices: number[] = [];
  // The very request that showed it may have been due as it was lost.
  const dueToMs = lost === null ? toMs : toMs + Number.EPSILON * toMs;
  for (let i = 0; i < samples.length; i++) {
    const dueMs = samples.scheduledAt(i);
    if (dueMs >= dueFromMs && dueMs < dueToMs && samples.outcome(i).kind !== "cancelled") indices.push(i);
  }
  return Int32Array.from(indices).sort((a, b) => samples.scheduledAt(a) - samples.scheduledAt(b));
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
  const all = new WindowFold(windows[0]!.origin, undefined, only);
  let durationMs = 0, cutRequests = 0;
  for (const window of windows) {
    const head = headOf(window);
    cutRequests += head.cut;
    all.append(head.fold, durationMs - head.startMs);
    if (window.fold !== undefined) all.append(window.fold, durationMs - head.startMs);
    durationMs += window.endMs - head.startMs;
  }
  const { ended: endedAtMs, metrics, slowest, succeeded, failed, failuresByReason, refusedServerTimes } = all;
  const counts = { succeeded, failed, failuresByReason, refusedServerTimes, cutRequests };
  const wanted = requestMetricsOf(windows[0]!.origin).filter(({ field }) => metrics.has(field));
  const queues = queueEffectsOf(windows, wanted);
  return { durationMs, endedAtMs, metrics, queues, timeline: () => slowest.points, ...counts };
}

/** What is kept of a window, folded like the rest, after the cut of its warm-up, which is decided on this part alone. */
interface Head {
  readonly whole: boolean;
  readonly fold: WindowFold;
  readonly startMs: number;
  readonly cut: number;
}

/** Heads of windows that have folded samples: they do not change any more. */
const heads = new WeakMap<WindowFold, Head>();

function headOf(window: SampleWindow): Head {
  const { samples, origin, whole, startMs: beganMs, endMs } = window;
  const known = window.fold === undefined ? undefined : heads.get(window.fold);
  if (known?.whole === whole) return known;
  const { indices, startMs, cut } = cutWindow(window);
  const fold = new WindowFold(origin);
  for (const i of indices) {
    fold.add(samples, i);
    if (origin === "sent" && samples.succeeded(i)) fold.ended.add(samples.endedAt(i));
  }
  if (origin === "due") endedInside(samples, beganMs, endMs, (atMs) => fold.ended.add(atMs));
  const head = { whole, fold, startMs, cut };
  if (window.fold !== undefined) heads.set(window.fold, head);
  return head;
}

/**
 * Successes that ended inside the window, whenever they were due: what the server did in that time. The one whose end began
 * the window is not counted, as in a closed loop: else a steady server would answer one more than was due.
 *
 * @param samples Of the run.
 * @param startMs Where the window begins, ms since the run began.
 * @param endMs Where it ends.
 * @param tell Is told when each ended.
 */
export function endedInside(
  samples: SampleTable,
  startMs: number,
  endMs: number,
  tell: (atMs: number) => void,
): void {
  for (let i = 0; i < samples.length; i++) {
    const at = samples.endedAt(i);
    if (samples.succeeded(i) && at > startMs && at <= endMs) tell(at);
  }
}

/**
 * The window without the rest of its warm-up: it then begins with the end of the last request cut.
 *
 * @param window The part of a run that counts.
 */
export function cutWindow({ samples, indices, startMs, whole, origin }: SampleWindow): {
  readonly indices: Int32Array;
  readonly startMs: number;
  readonly cut: number;
} {
  if (whole) return { indices, startMs, cut: 0 };
  const latency = requestMetricsOf(origin)[0]!;
  const latenciesMs = new Float64Array(indices.length), places = new Int32Array(indices.length);
  let succeeded = 0;
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k]!;
    if (!samples.succeeded(i)) continue;
    places[succeeded] = k;
    latenciesMs[succeeded++] = latency.read(samples, i, origin);
  }
  const cut = warmUpCut(latenciesMs.subarray(0, succeeded));
  if (cut === 0) return { indices, startMs, cut };
  const last = places[cut - 1]!;
  return { indices: indices.subarray(last + 1), startMs: samples.endedAt(indices[last]!), cut: last + 1 };
}
