import type { Estimate } from "../../core/estimate.ts";
import type { Window } from "./window.ts";

/** Lateness of sending, p95, at which the client has a part in every latency of an open loop, ms. */
export const LATE_MS = 5;

/**
 * A rate of a window as far as it is known of the server: where the client limited it, the server can do at least that,
 * and the upper end is unknown.
 *
 * @param window What was measured; `null` or `undefined` for no window.
 * @param what Which rate.
 * @returns Per second; `null` where nothing succeeded.
 */
export function atLeast(
  window: Pick<Window, "requestsPerSecond" | "predictionsPerSecond" | "clientLimited"> | null | undefined,
  what: "requests" | "predictions",
): Estimate | null {
  return window ? rateOfServer(window[`${what}PerSecond`], window) : null;
}

/**
 * {@linkcode atLeast} of a rate at hand.
 *
 * @param rate Of the window.
 * @param window Where it was measured.
 */
export function rateOfServer<T extends Estimate | null | undefined>(
  rate: T,
  { clientLimited }: Pick<Window, "clientLimited">,
): T | Estimate {
  return rate && clientLimited ? { ...rate, high: null } : rate;
}
