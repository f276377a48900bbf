import type { FailureReason } from "../../core/outcome.ts";
import type { SampleTable } from "../../core/sample.ts";
import { type AnyRun, isOpenRun } from "../../load/run_load.ts";
import type { OpenLoopRun } from "../../load/open_loop.ts";
import { type LatencyOrigin, type RequestField, requestMetricsOf } from "../../results/window/request_metrics.ts";
import { warmUpCut } from "../../stats/warm_up/warm_up_cut.ts";

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
}

/** Observations of one load over all its windows, laid end to end on one time axis. Times ms. */
export interface WindowSeries {
  /** Length of the windows together, what was cut from their fronts apart. */
  readonly durationMs: number;
  /** When each success ended on that axis, in an open loop when it was due; ascending. */
  readonly atMs: Float64Array;
  /** When successes ended inside the windows, whenever they were due: what a rate counts; ascending. */
  readonly endedAtMs: Float64Array;
  /** Each metric of the successes that have it, in the order of `atMs`. */
  readonly metrics: ReadonlyMap<RequestField, Float64Array>;
  readonly succeeded: number;
  readonly failed: number;
  readonly failuresByReason: Readonly<Partial<Record<FailureReason, number>>>;
  /** Requests cut from the windows' fronts as warm-up. */
  readonly cutRequests: number;
}

/**
 * The part of a run that counts.
 *
 * @param run What was recorded.
 * @returns Nothing where the window holds no request.
 */
export function windowOf(run: AnyRun): SampleWindow[] {
  const { samples } = run;
  if (isOpenRun(run)) {
    // A queue that fills is no warm-up: nothing of it may be cut.
    const { dueFromMs: startMs, dueToMs: endMs } = run;
    return endMs <= startMs ? [] : [{ samples, origin: "due", indices: dueInWindow(run), startMs, endMs, whole: true }];
  }
  const { windowFrom: from, windowTo: to, windowStartMs: startMs, windowEndMs: endMs, endReason } = run;
  if (to <= from) return [];
  // Who asks for so many requests wants all of them counted.
  return [{ samples, origin: "sent", indices: range(from, to), startMs, endMs, whole: endReason === "requests" }];
}

/** Whole numbers in `[from, to)`. */
export function range(from: number, to: number): Int32Array {
  const indices = new Int32Array(to - from);
  for (let i = from; i < to; i++) indices[i - from] = i;
  return indices;
}

/** Indices of what was due in the window, in the order in which it was due, as a series in time wants it. */
export function dueInWindow({ samples, dueFromMs, dueToMs }: OpenLoopRun): Int32Array {
  const indices: number[] = [];
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
  const wanted = requestMetricsOf(windows[0]?.origin ?? "sent").filter(({ field }) => only?.includes(field) ?? true);
  const metrics = wanted.map(({ field, read }) => ({
    field,
    read,
    column: new Column(),
  }));
  const at = new Column(), endedInWindows = new Column();
  const failuresByReason: Partial<Record<FailureReason, number>> = {};
  let succeeded = 0, failed = 0, durationMs = 0, cutRequests = 0;
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
    atMs: at.values,
    endedAtMs: windows[0]?.origin === "due" ? endedInWindows.values : at.values,
    metrics: new Map(metrics.map(({ field, column }) => [field, column.values])),
    succeeded,
    failed,
    failuresByReason,
    cutRequests,
  };
}

/**
 * Successes that ended inside the window, whenever they were due: what the server did in that time. The one whose end began
 * the window is not counted, as in a closed loop: else a steady server would answer one more than was due.
 */
function endedInside(samples: SampleTable, startMs: number, endMs: number, tell: (atMs: number) => void): void {
  for (let i = 0; i < samples.length; i++) {
    const at = samples.endedAt(i);
    if (samples.succeeded(i) && at > startMs && at <= endMs) tell(at);
  }
}

/** The window without the rest of its warm-up: it then begins with the end of the last request cut. */
function cutWindow({ samples, indices, startMs, whole, origin }: SampleWindow) {
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
