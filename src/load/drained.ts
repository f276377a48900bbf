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
