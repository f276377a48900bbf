import type { Window } from "../../results/window/window.ts";
import { formatShare } from "../quantity.ts";

/** What cut a window short, in few words. */
export function cutNotes(window: Pick<Window, "lost" | "cutShort">): string[] {
  return [
    ...(window.lost === undefined ? [] : ["server lost"]),
    ...(window.cutShort === undefined ? [] : ["cut short"]),
  ];
}

/**
 * How many requests of a window had an answer to come, by which its shares are told: what the user's signal cut off is
 * neither a success nor a failure.
 *
 * @param window What was counted.
 */
export function askedOf(
  { requests, unanswered = 0, cutShort }: Pick<Window, "requests"> & Partial<Pick<Window, "unanswered" | "cutShort">>,
): number {
  return cutShort ? requests : requests + unanswered;
}

/**
 * Which shares of the requests of a window were not answered and failed, in few words: of those that had an answer to come.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { failureNotes } from "./level_notes.ts";
 *
 * const offered = { requests: 600, failed: 60, unanswered: 400 };
 * assertEquals(failureNotes(offered), ["40.0% unanswered", "6.0% failed"]);
 * assertEquals(failureNotes({ requests: 600, failed: 60 }), ["10.0% failed"]);
 * ```
 *
 * @param window What was counted.
 */
export function failureNotes(
  window: Pick<Window, "requests" | "failed"> & Partial<Pick<Window, "unanswered" | "cutShort">>,
): string[] {
  const { requests, failed } = window, asked = askedOf(window);
  return [
    ...(asked > requests ? [`${formatShare(asked - requests, asked)} unanswered`] : []),
    ...(failed > 0 ? [`${formatShare(failed, asked)} failed`] : []),
  ];
}
