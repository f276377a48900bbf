import type { Estimate } from "../../core/estimate.ts";
import type { Window } from "./window.ts";

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
  const rate = window?.[`${what}PerSecond`] ?? null;
  return rate !== null && window!.clientLimited ? { ...rate, high: null } : rate;
}
