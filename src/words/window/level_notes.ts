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
 * Which shares of the requests of a window were not answered and failed, in few words: of an open loop those that were due. What was
 * not answered as the window was cut short is no failure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { failureNotes } from "./level_notes.ts";
 *
 * const offered = { requests: 600, failed: 60, due: 1000, unanswered: 400 };
 * assertEquals(failureNotes(offered), ["40.0% unanswered", "6.0% failed"]);
 * assertEquals(failureNotes({ requests: 600, failed: 60 }), ["10.0% failed"]);
 * ```
 *
 * @param window What was counted.
 */
export function failureNotes(
  { requests, failed, due = requests, unanswered = 0, cutShort }:
    & Pick<Window, "requests" | "failed">
    & Partial<Pick<Window, "due" | "unanswered" | "cutShort">>,
): string[] {
  return [
    ...(unanswered > 0 && cutShort !== true ? [`${formatShare(unanswered, due)} unanswered`] : []),
    ...(failed > 0 ? [`${formatShare(failed, due)} failed`] : []),
  ];
}
