import type { SampleTable } from "../core/sample.ts";
import type { RunRecorder } from "./run_recorder.ts";

/** How long outstanding requests may take to end after a closed loop's window before they are cut off, ms. */
const DRAIN_MS = 2000;

/**
 * Waits for outstanding requests, but not for long.
 *
 * @param idle Resolves when none is outstanding.
 * @param recorder The run.
 * @param longestMs Longest time to wait, ms.
 */
export async function drained(
  idle: Promise<unknown>,
  { clock, timeoutMs }: Pick<RunRecorder, "clock" | "timeoutMs">,
  longestMs: number = DRAIN_MS,
): Promise<void> {
  const waited = new AbortController();
  const limit = clock.sleep(Math.min(longestMs, timeoutMs), waited.signal).catch(() => {});
  await Promise.race([idle, limit]);
  waited.abort();
}

/** How long requests of an open loop's window may take to end after it before the server counts as unable to keep up, ms. */
const OPEN_DRAIN_MS = 5000;
/** Where requests take long, so many times what the first of them took: those waited for no queue. */
const OF_A_REQUEST = 2;
const FIRST_REQUESTS = 16;

/** What {@linkcode openDrained} needs. */
export interface OpenDrain {
  /** Resolves when none is outstanding. */
  readonly idle: Promise<unknown>;
  /** The run. */
  readonly recorder: Pick<RunRecorder, "clock" | "timeoutMs" | "result">;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** The longest wait, ms, as far as others know. @default {Infinity} */
  readonly patienceMs?: (() => number) | undefined;
}

/**
 * Waits for what is outstanding of an open loop, for as long as {@linkcode openDrainMs} says of what has succeeded by then. While
 * nothing has, nobody knows how long a request takes: the server has until the deadlines, and its health may have to wait for
 * the first of them.
 *
 * @param drain What is waited for.
 */
export async function openDrained({ idle, recorder, signal, patienceMs = () => Infinity }: OpenDrain): Promise<void> {
  const { clock, timeoutMs } = recorder;
  const beganMs = clock.now(), drained = new AbortController();
  const over = AbortSignal.any([signal, drained.signal]);
  idle.then(() => drained.abort());
  while (!over.aborted) {
    const waitedMs = clock.now() - beganMs;
    const leftMs = Math.min(openDrainMs(recorder.result().samples), patienceMs(), timeoutMs) - waitedMs;
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(leftMs, OPEN_DRAIN_MS), over).catch(() => {});
  }
}

/**
 * How long requests of an open loop may take to end after its window.
 *
 * @param samples Of the run.
 * @returns Ms; `Infinity` where none has succeeded yet.
 */
export function openDrainMs(samples: Pick<SampleTable, "length" | "succeeded" | "sentAt" | "endedAt">): number {
  const times: number[] = [];
  for (let i = 0; i < samples.length && times.length < FIRST_REQUESTS; i++) {
    if (samples.succeeded(i)) times.push(samples.endedAt(i) - samples.sentAt(i));
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  return median === undefined ? Infinity : Math.max(OPEN_DRAIN_MS, OF_A_REQUEST * median);
}
