import { TargetError } from "../../core/errors.ts";
import { systemClock } from "../../core/clock.ts";
import type { Clock } from "../../core/clock.ts";

/** Options of {@linkcode pollUntil}. */
export interface PollOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait in ms. */
  readonly timeoutMs: number;
  /** When there was a sign that it goes on, by the clock; the wait counts from the last. @default {none} */
  readonly lastSignMs?: () => number;
  /** Source of time. @default {systemClock} */
  readonly clock?: Clock;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Asks again and again, with pauses that double from 50 ms to 1 s, until the answer is yes.
 *
 * @param look Asks once.
 * @param what What is waited for, as in "download the model": the beginning of the message.
 * @throws {TargetError} If the answer is not yes within `timeoutMs`.
 */
export async function pollUntil(look: () => Promise<boolean>, what: string, options: PollOptions): Promise<void> {
  const { signal, timeoutMs, lastSignMs = () => -Infinity, clock = systemClock } = options;
  const startMs = clock.now();
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    if (await look()) return;
    if (clock.now() + pauseMs > Math.max(startMs, lastSignMs()) + timeoutMs) {
      throw new TargetError(`Cannot ${what} as it must be done within ${timeoutMs / 1000} s: it is not yet`);
    }
    await clock.sleep(pauseMs, signal);
  }
}
