import type { Window } from "./window.ts";

/** A window with this share of failed requests or more carries no star, no optimum and no recommendation, 0 to 1. */
export const FAILED_LIMIT = 0.01;

/** {@linkcode FAILED_LIMIT} as the reason why a window carries nothing of that. */
export const TOO_MANY_FAILED = `${100 * FAILED_LIMIT} % errors or more`;

/**
 * Whether a window may carry a recommendation: something succeeded, fewer than 1 % failed, and an open loop kept up.
 * A window that the client limited is usable: its rate is a lower bound. This is the one rule for all tests.
 *
 * @param window What was measured.
 */
export function isUsable(
  { succeeded, failed, errorRate, requests, saturated }:
    & Pick<Window, "succeeded" | "failed" | "requests">
    & Partial<Window>,
): boolean {
  const share = errorRate?.value ?? (requests === 0 ? 1 : failed / requests);
  return succeeded > 0 && share < FAILED_LIMIT && saturated !== true;
}

/**
 * Whether a window is usable and its numbers are the server's own, not the least that this client saw.
 *
 * @param window What was measured.
 */
export function isServersOwn(window: Window): boolean {
  return isUsable(window) && !window.clientLimited;
}
