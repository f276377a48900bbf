import type { Estimate } from "../../core/estimate.ts";
import type { Window } from "../../results/result.ts";
import type { PartialReason } from "../../results/result_base.ts";
import { FAILED_LIMIT, holdsEnough } from "../../results/window/usable.ts";
import { cutInWords } from "../../words/cut_in_words.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";

/**
 * Why nothing that was measured qualifies, as the end of a sentence.
 *
 * @param levels What was measured.
 */
export function whyNoneQualifies(levels: readonly Cut[]): string {
  const tooMany = `${100 * FAILED_LIMIT}% of the requests failed, or more`;
  return levels.some((level) => !holdsEnough(level)) ? `${tooMany}, or it was cut short.` : `${tooMany}.`;
}

/**
 * Why there is nothing to draw of levels that were measured.
 *
 * @param levels At least one.
 * @param where As in "at any batch size"; empty for none.
 */
export function whyNothingDrawn(levels: readonly Pick<Window, "lost">[], where = ""): string {
  return levels.every(({ lost }) => lost !== undefined)
    ? "The server was lost before anything was whole"
    : `No request succeeded${where}`;
}

type Cut = Pick<Window, "lost" | "cutShort" | "requests">;

/**
 * A count of things.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { counted } from "./notes.ts";
 * assertEquals([counted(1, "cold cycle"), counted(5, "cold cycle")], ["1 cold cycle", "5 cold cycles"]);
 * ```
 *
 * @param count How many.
 * @param thing In the singular.
 */
export function counted(count: number, thing: string): string {
  return `${formatNumber(count, UNITS.none)} ${thing}${count === 1 ? "" : "s"}`;
}

/**
 * How many requests each level rests on, as a sentence.
 *
 * @param levels As measured.
 * @param name Of a level: `batch`, `concurrency`.
 * @param levelOf Batch size or concurrency.
 */
export function requestsNote<L extends Pick<Window, "succeeded">>(
  levels: readonly L[],
  name: string,
  levelOf: (level: L) => number,
): string {
  const plain = (number: number) => formatNumber(number, UNITS.none);
  const counts = levels.map((level) => `${plain(level.succeeded)} at ${plain(levelOf(level))}`);
  return counts.length > 12
    ? `Requests that each ${name} rests on: ${plain(Math.min(...levels.map((level) => level.succeeded)))} or more.`
    : `Requests that each ${name} rests on: ${counts.join(", ")}.`;
}

/**
 * How the optimum of a sweep stands among its levels, as what follows "Batch 8 is" and as a sentence, or none, about the others.
 *
 * @param optimum The level.
 * @param isBound Whether the client limited it.
 * @param equivalent Levels that are as fast within noise.
 * @param rivals Levels that may be better: where there are any it is a guess.
 */
export function optimumNotes(
  optimum: number,
  isBound: boolean,
  equivalent: readonly number[],
  rivals: readonly number[] = [],
): { readonly reached: string; readonly others: string } {
  const within = equivalent.filter((level) => level !== optimum && !rivals.includes(level));
  return {
    reached: isBound ? "the best seen" : rivals.length > 0 ? "the best guess" : "the smallest that reaches the best",
    others: [
      ...(rivals.length === 0 ? [] : [` It cannot be told whether ${rivals.join(" or ")} is better.`]),
      ...(within.length === 0 ? [] : [` Within noise of the best: ${within.join(", ")}.`]),
    ].join(""),
  };
}

/**
 * Whether an interval of some points has an unknown end, as a sentence or none.
 *
 * @param estimates All that are drawn.
 */
export function openEndsNote(estimates: readonly (Estimate | null)[]): string[] {
  return estimates.some((estimate) => estimate !== null && (estimate.low === null || estimate.high === null))
    ? ["A dotted end of an interval is unknown: too few samples tell it."]
    : [];
}

/**
 * What cut a result short and what kept it from being measured, as sentences.
 *
 * @param result Any test's.
 * @param result.partial Why it holds less than was asked for.
 * @param result.client How the client fared.
 * @param result.levels Its levels, where it has any.
 */
export function validityNotes(
  { partial, client, levels = [] }: {
    readonly partial: PartialReason | null;
    readonly client: { readonly limited: boolean };
    readonly levels?: readonly Pick<Window, "lost">[];
  },
): string[] {
  const lost = levels.filter((level) => level.lost !== undefined).length;
  return [
    ...(partial === null
      ? []
      : [`Partial: ${partial === "interrupted" ? "the run was interrupted" : cutInWords(partial)}.`]),
    ...(lost === 0 ? [] : ["What was being measured as the server was lost is not drawn."]),
    ...(client.limited ? ["The client, not the server, may have set these numbers."] : []),
  ];
}
