import { systemClock } from "../../core/clock.ts";
import { TargetError } from "../../core/errors.ts";
import { inWords, naming, option, type OptionWords } from "../../core/option_words.ts";
import { flagOf } from "../options/options.ts";
import type { Console } from "../terminal/console.ts";

/** The pauses between two tries double from the first to the longest, ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** How often it is said that it still waits, ms. */
const STILL_MS = 15_000;

/** How long a server is waited for, and how long it may be asked. */
export interface WaitOptions {
  /** Longest wait until it serves, ms; 0 tries once. */
  readonly waitMs: number;
  /** Deadline of each question to it, ms; what is left of the wait, if that is less. */
  readonly timeoutMs: number;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

/**
 * Connects to a server that runs elsewhere and may still start, or scale from zero. Whatever speaks against it may pass, but
 * for a want of authentication.
 *
 * @param connect Connects once; it is given the deadline of each question, ms.
 * @param console Is told what is waited for.
 * @param options How long.
 * @throws {TargetError} If it does not serve in time; with what was last seen.
 */
export async function whenReady<T>(
  connect: (timeoutMs: number) => Promise<T>,
  console: Console,
  { waitMs, timeoutMs, signal }: WaitOptions,
): Promise<T> {
  if (waitMs === 0) return await connect(timeoutMs);
  const startMs = performance.now();
  let said = "", saidMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    let elapsedMs = performance.now() - startMs;
    try {
      return await connect(Math.max(1, Math.min(timeoutMs, waitMs - elapsedMs)));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TargetError) || error.lasts) throw error;
      elapsedMs = performance.now() - startMs;
      const reason = inWords(error.words.message, flagOf);
      if (elapsedMs + pauseMs > waitMs) throw notInTime(waitMs, reason, error);
      if (reason !== said || elapsedMs - saidMs > STILL_MS) {
        console.error(
          `waiting for the server, ${Math.round(elapsedMs / 1000)} s of up to ${waitMs / 1000} s: ${reason}`,
        );
        said = reason;
        saidMs = elapsedMs;
      }
    }
    await systemClock.sleep(pauseMs, signal);
  }
}

function notInTime(waitMs: number, reason: string, cause: TargetError): TargetError {
  const { hint } = cause.words;
  return new TargetError(`Cannot use the server as it must be ready within ${waitMs / 1000} s; seen last: ${reason}`, {
    cause,
    hint: hint === undefined || speaksOfWait(hint) ? naming`If it needs longer, raise ${option("waitMs")}.` : hint,
  });
}

function speaksOfWait(hint: OptionWords): boolean {
  return typeof hint !== "string" && hint.some((part) => typeof part !== "string" && part.key === "waitMs");
}
