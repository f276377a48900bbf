import { CONNECTION_FAILURES } from "../../core/outcome.ts";
import type { SampleTable } from "../../core/sample.ts";
import { isOpenRun } from "../../load/run_load.ts";
import type { ClientUse } from "../../results/window/client_use.ts";
import type { Load } from "../../results/window/load.ts";
import { type FoldedRun, windowOf } from "./sample_window.ts";

/** The client's parts of requests' time, 0 to 1. */
export type RequestShares = Pick<ClientUse, "writingShare" | "readingShare" | "judgingShare" | "betweenShare">;

/**
 * Which shares of the requests' time a run spent in being handed over, read and judged, and which share of the lanes' time
 * passed without a request (method 17). Pure.
 *
 * @param load What was offered.
 * @param run What was recorded.
 * @returns Shares of the sums over the window; `null` where nothing tells.
 */
export function requestShares(load: Load, run: FoldedRun): RequestShares {
  const sums = { wholeMs: 0, writingMs: NaN, readingMs: NaN, judgingMs: NaN };
  const add = (to: Exclude<keyof typeof sums, "wholeMs">, ms: number) => {
    if (!Number.isNaN(ms)) sums[to] = (Number.isNaN(sums[to]) ? 0 : sums[to]) + Math.max(0, ms);
  };
  for (const { samples, indices } of windowOf(run)) {
    for (const i of indices) {
      const sentAt = samples.sentAt(i), firstByteAt = samples.firstByteAt(i), endedAt = samples.endedAt(i);
      sums.wholeMs += endedAt - sentAt + samples.judgingMs(i);
      add("writingMs", samples.writtenAt(i) - sentAt);
      // A streamed answer is read while the server writes it.
      if (Number.isNaN(samples.stream(i, "firstTokenAt"))) add("readingMs", endedAt - firstByteAt);
      if (!Number.isNaN(firstByteAt)) add("judgingMs", samples.judgingMs(i));
    }
  }
  const share = (ms: number) => Number.isNaN(ms) || sums.wholeMs <= 0 ? null : ms / sums.wholeMs;
  return {
    writingShare: share(sums.writingMs),
    readingShare: share(sums.readingMs),
    judgingShare: share(sums.judgingMs),
    betweenShare: load.kind === "closed" && !isOpenRun(run) ? betweenShare(load.concurrency, run) : null,
  };
}

/** Time of the lanes in the window less that of their requests, those that the window's ends cut included. */
function betweenShare(lanes: number, run: FoldedRun): number | null {
  const { samples, recorded, windowFrom, windowStartMs, windowEndMs, fold } = run;
  if (samples.length <= windowFrom) return null;
  // A run may keep only its first samples, and must know what was outstanding as they ended.
  if (recorded > samples.length && fold === undefined) return null;
  const endMs = Math.min(windowEndMs, samples.endedAt(samples.length - 1));
  const lanesMs = lanes * (endMs - windowStartMs);
  if (lanesMs <= 0) return null;
  let busyMs = 0;
  for (let i = windowFrom; i < samples.length; i++) {
    // A lane rests after a failed connection.
    if (foundNoConnection(samples, i)) return null;
    const fromMs = Math.max(windowStartMs, samples.sentAt(i));
    const toMs = Math.min(endMs, samples.endedAt(i) + samples.judgingMs(i));
    busyMs += Math.max(0, toMs - fromMs);
  }
  for (const sentMs of fold?.outstandingSince ?? []) busyMs += Math.max(0, endMs - Math.max(windowStartMs, sentMs));
  return Math.max(0, 1 - busyMs / lanesMs);
}

function foundNoConnection(samples: SampleTable, i: number): boolean {
  if (samples.succeeded(i)) return false;
  const outcome = samples.outcome(i);
  return outcome.kind === "failure" && CONNECTION_FAILURES.has(outcome.reason);
}
