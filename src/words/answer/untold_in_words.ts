import type { UntoldTrial } from "../../results/kinds/load.ts";
import { type Inline, say, type Words } from "../inline.ts";
import { inlineTime } from "../inline_quantity.ts";

/**
 * What a trial takes that tells whether objectives hold, where the time of a test was too short for one.
 *
 * @param untold The trial.
 * @param shown Its level in words.
 * @returns No sentence: it begins with a small letter and has no stop.
 */
export function untoldInWords(
  { level, requests, trialMs, quick }: UntoldTrial,
  shown: (level: number) => Words,
): Inline {
  const who = quick ? "a test that is not quick tells" : "a longer duration tells";
  return say`${who}: at ${shown(level)} it takes ${String(requests)} requests or more, about ${
    inlineTime(trialMs)
  } a trial`;
}
