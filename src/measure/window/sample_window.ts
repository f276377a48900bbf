import type { SampleTable } from "../../core/sample.ts";
import { type AnyRun, isOpenRun } from "../../load/run_load.ts";
import type { OpenLoopRun } from "../../load/open_loop.ts";
import { type LatencyOrigin, requestMetricsOf } from "../../results/window/request_metrics.ts";
import { warmUpCut } from "../../stats/warm_up/warm_up_cut.ts";
import type { WindowFold } from "./window_fold.ts";

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

/**
 * A run with what its fold took in, if anything, up to where the server was lost.
 *
 * @param run What was recorded, once it is known whether the server is there.
 * @param fold Took in what is not kept.
 */
export function withFold(run: AnyRun, fold: WindowFold): FoldedRun {
  fold.settle(run.lost?.sinceMs);
  fold.isOver = true;
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
  const { windowFrom: from, windowTo: to, windowStartMs: startMs, windowEndMs: endMs, endReason, isUncut = false } =
    run;
  if (to <= from) return [];
  return [{
    samples,
    origin: "sent",
    indices: run.lost === null
      ? kept(samples, from, to)
      : onTheirWay(samples, kept(samples, from, to), run.lost.sinceMs),
    startMs,
    endMs,
    // Versions that did not say what was asked for said how it ended.
    whole: isUncut || endReason === "requests",
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
