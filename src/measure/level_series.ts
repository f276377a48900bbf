import type { FailureReason } from "../core/outcome.ts";
import type { SampleTable } from "../core/sample.ts";
import { warmUpCut } from "../stats/warm_up/warm_up_cut.ts";

/** Part of a run that counts: samples `[from, to)` ended in `[startMs, endMs]`, ms since that run began. */
export interface SampleWindow {
  readonly samples: SampleTable;
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether nothing of it may be cut as warm-up. */
  readonly whole: boolean;
}

/** Observations of one level over all its windows, laid end to end on one time axis. Times ms. */
export interface LevelSeries {
  /** Length of the windows together, what was cut from their fronts apart. */
  readonly durationMs: number;
  /** When each success ended on that axis, ascending. */
  readonly endedAtMs: Float64Array;
  /** Latency of each success, in the same order. */
  readonly latenciesMs: Float64Array;
  /** Time to first byte of each success that has one. */
  readonly firstByteMs: Float64Array;
  /** Server time of each success that has one. */
  readonly serverMs: Float64Array;
  readonly succeeded: number;
  readonly failed: number;
  readonly failuresByReason: Readonly<Partial<Record<FailureReason, number>>>;
  /** Requests cut from the windows' fronts as warm-up. */
  readonly cutRequests: number;
}

/**
 * Lays windows of one level end to end, after cutting from each what is left of its warm-up.
 *
 * @param windows In the order in which they ran.
 */
export function collectSeries(windows: readonly SampleWindow[]): LevelSeries {
  const most = windows.reduce((sum, { from, to }) => sum + to - from, 0);
  const endedAtMs = new Float64Array(most);
  const latenciesMs = new Float64Array(most);
  const firstByteMs = new Float64Array(most);
  const serverMs = new Float64Array(most);
  const failuresByReason: Partial<Record<FailureReason, number>> = {};
  let succeeded = 0, failed = 0, firstBytes = 0, serverTimes = 0, durationMs = 0, cutRequests = 0;
  for (const window of windows) {
    const { samples, to, endMs } = window;
    const { from, startMs } = cutWindow(window);
    cutRequests += from - window.from;
    for (let i = from; i < to; i++) {
      if (!samples.succeeded(i)) {
        const outcome = samples.outcome(i);
        if (outcome.kind !== "failure") continue;
        failuresByReason[outcome.reason] = (failuresByReason[outcome.reason] ?? 0) + 1;
        failed++;
        continue;
      }
      const endedAt = samples.endedAt(i), sentAt = samples.sentAt(i);
      endedAtMs[succeeded] = durationMs + endedAt - startMs;
      latenciesMs[succeeded++] = endedAt - sentAt;
      const firstByteAt = samples.firstByteAt(i), server = samples.serverMs(i);
      if (!Number.isNaN(firstByteAt)) firstByteMs[firstBytes++] = firstByteAt - sentAt;
      if (!Number.isNaN(server)) serverMs[serverTimes++] = server;
    }
    durationMs += endMs - startMs;
  }
  return {
    durationMs,
    endedAtMs: endedAtMs.subarray(0, succeeded),
    latenciesMs: latenciesMs.subarray(0, succeeded),
    firstByteMs: firstByteMs.subarray(0, firstBytes),
    serverMs: serverMs.subarray(0, serverTimes),
    succeeded,
    failed,
    failuresByReason,
    cutRequests,
  };
}

/** The window without the rest of its warm-up: it then begins with the end of the last request cut. */
function cutWindow({ samples, from, to, startMs, whole }: SampleWindow): { from: number; startMs: number } {
  if (whole) return { from, startMs };
  const indices: number[] = [];
  for (let i = from; i < to; i++) if (samples.succeeded(i)) indices.push(i);
  const cut = warmUpCut(Float64Array.from(indices, (i) => samples.endedAt(i) - samples.sentAt(i)));
  if (cut === 0) return { from, startMs };
  const last = indices[cut - 1]!;
  return { from: last + 1, startMs: samples.endedAt(last) };
}
