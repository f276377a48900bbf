import { systemClock } from "../../core/clock.ts";
import { ExchangeError } from "../../core/errors.ts";
import type { FailureReason } from "../../core/outcome.ts";
import type { Call, CallOptions, WireRequest, WireResponse } from "../../core/transport.ts";

/** The pauses before a call is made again, ms: a server that restarts a worker, or a balancer that lost one, needs no longer. */
const PAUSES_MS = [50, 200, 500];
/** How many lost calls are named. */
const MOST_NAMED = 3;

/** The calls on one server whose connection was lost, and that were answered when they were made again. */
export class LostConnections {
  readonly #found = new Map<string, number>();

  /** Takes one that was answered at last. */
  add({ method, path }: WireRequest, reason: FailureReason): void {
    const name = `${method} ${path.replace(/\?.*/, "")} (${reason})`;
    this.#found.set(name, (this.#found.get(name) ?? 0) + 1);
  }

  /** One sentence where there were any. */
  notes(): string[] {
    if (this.#found.size === 0) return [];
    const count = [...this.#found.values()].reduce((sum, times) => sum + times, 0);
    const names = [...this.#found.keys()];
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} others` : "";
    const calls = count === 1
      ? "1 call that is no prediction, and it was made again"
      : `${count} calls that are no predictions, and they were made again`;
    return [
      `The server dropped the connection of ${calls}: ${names.slice(0, MOST_NAMED).join(", ")}${more}.`,
    ];
  }
}

/** How calls on one address of a server are made. */
export interface AskedAgainOptions {
  /** Deadline of a call that names none, its repetitions included, ms. */
  readonly timeoutMs: number;
  /** Is told of lost connections. */
  readonly lost: LostConnections;
  /** Whether the calls were closed by this side. */
  readonly isClosed: () => boolean;
}

/**
 * Calls that are made again where their connection was lost, up to three times with short pauses and within their deadline.
 * Questions, loads and unloads may be: asked twice they come to the same. One that may not says `once`. A connection that is
 * refused was lost only where the address has answered before: else nothing is there.
 *
 * @param call Carries the calls.
 * @param options Their deadline, and who is told.
 */
export function askedAgain(call: Call, { timeoutMs: usualMs, lost, isClosed }: AskedAgainOptions): Call {
  let hasAnswered = false;
  return async (request, options: CallOptions = {}): Promise<WireResponse> => {
    const { timeoutMs = usualMs, signal, once = false } = options;
    const endMs = systemClock.now() + timeoutMs;
    let reason: FailureReason | null = null;
    for (let attempt = 0;; attempt++) {
      try {
        const leftMs = attempt === 0 ? timeoutMs : endMs - systemClock.now();
        const response = await call(request, { ...options, timeoutMs: leftMs });
        hasAnswered = true;
        if (reason !== null) lost.add(request, reason);
        return response;
      } catch (error) {
        const pauseMs = PAUSES_MS[attempt];
        const isLost = error instanceof ExchangeError && isConnectionLost(error.reason, hasAnswered) && !isClosed();
        if (!isLost || once || pauseMs === undefined || systemClock.now() + pauseMs >= endMs) throw error;
        reason = error.reason;
        await systemClock.sleep(pauseMs, signal);
      }
    }
  };
}

function isConnectionLost(reason: FailureReason, hasAnswered: boolean): boolean {
  return reason === "reset" || reason === "closed" || (reason === "refused" && hasAnswered);
}
