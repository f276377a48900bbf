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
 * Whether a rate is a least one, as {@linkcode atLeast} gives it: its lower end alone is known.
 *
 * @param rate Per second.
 */
export function isLeast({ low, high }: Estimate): boolean {
  return low !== null && high === null;
}

/**
 * The ratio of a window's rate to another's as far as it is known of the server: where the client limited the one it is at
 * least that, where it limited the other at most. A window relative to itself is known.
 *
 * @param ratio Of both rates.
 * @param of The window.
 * @param to The other one.
 */
export function ratioOfServer(
  ratio: Estimate | null,
  of: Pick<Window, "clientLimited">,
  to: Pick<Window, "clientLimited"> | undefined,
): Estimate | null {
  if (ratio === null || to === undefined || of === to) return ratio;
  return { ...ratio, low: to.clientLimited ? null : ratio.low, high: of.clientLimited ? null : ratio.high };
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
