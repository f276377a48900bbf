import type { Window } from "./window.ts";

/** A window with this share of failed requests or more carries no star, no optimum and no recommendation, 0 to 1. */
export const FAILED_LIMIT = 0.01;

/** {@linkcode FAILED_LIMIT} as the reason why a window carries nothing of that. */
const TOO_MANY_FAILED = `${100 * FAILED_LIMIT} % errors or more`;

/** Fewest requests on which a window that the user cut short carries anything. */
const LEAST_OF_CUT = 30;

/**
 * Whether a window says anything but what it counted: the server was not lost in it, and where the user cut it short it
 * holds enough.
 *
 * @param window What was measured.
 */
export function holdsEnough({ lost, cutShort, requests }: Pick<Window, "lost" | "cutShort" | "requests">): boolean {
  return lost === undefined && (cutShort !== true || requests >= LEAST_OF_CUT);
}

/**
 * Whether a window may carry a recommendation: it holds enough, something succeeded, fewer than 1 % failed, and the server
 * surely kept up with an open loop.
 * A window that the client limited is usable: its rate is a lower bound. This is the one rule for all tests.
 *
 * @param window What was measured.
 */
export function isUsable(
  window: Pick<Window, "succeeded" | "failed" | "requests"> & Partial<Window>,
): boolean {
  const { succeeded, failed, errorRate, requests, saturated } = window;
  const share = errorRate?.value ?? (requests === 0 ? 1 : failed / requests);
  return holdsEnough(window) && succeeded > 0 && share < FAILED_LIMIT && !saturated && saturated !== null;
}

/**
 * Whether one alone of some windows tells what its load brings: in the others nothing succeeded, or they do not hold enough.
 *
 * @param windows What was measured.
 */
export function isOnlyOne(
  windows: readonly Pick<Window, "succeeded" | "lost" | "cutShort" | "requests">[],
): boolean {
  return windows.filter((window) => window.succeeded > 0 && holdsEnough(window)).length === 1;
}

/**
 * Why none of several windows is usable, as the end of a sentence: `every level had 1 % errors or more`.
 *
 * @param windows What was measured.
 * @param each What one is called: `level`.
 */
export function whyNoneUsable(windows: readonly Pick<Window, "lost" | "cutShort">[], each: string): string {
  const isCut = windows.some(({ lost, cutShort }) => lost !== undefined || cutShort === true);
  return `every ${each} had ${TOO_MANY_FAILED}${isCut ? ", or was cut short" : ""}`;
}

/**
 * Whether a window is usable and its numbers are the server's own, not the least that this client saw.
 *
 * @param window What was measured.
 */
export function isServersOwn(window: Window): boolean {
  return isUsable(window) && !window.clientLimited;
}
