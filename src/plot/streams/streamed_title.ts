import type { Window } from "../../results/window/window.ts";
import { timeValue } from "../../words/inline_quantity.ts";
import { UNITS } from "../../words/quantity.ts";
import { cutNotes, failureNotes } from "../../words/window/level_notes.ts";
import { rateTitle } from "../kit/level_title.ts";

/**
 * All that is to be known of how a level streamed, for who points at one of its marks.
 *
 * @param name Of the level.
 * @param level What was measured.
 */
export function streamedTitle(name: string, level: Window): string {
  const { firstTokenMs, tokenMs, outputTokensPerSecond: output, converged } = level;
  const times = ([["first token", firstTokenMs], ["output token", tokenMs]] as const).flatMap(([what, of]) =>
    of ? [`${what} p50 ${timeValue(of.p50)}, p95 ${timeValue(of.p95)}`] : []
  );
  return `${name}: ${
    [
      ...(output ? [rateTitle(output, level.clientLimited, UNITS.tokensPerSecond)] : []),
      ...times,
      ...failureNotes(level),
      ...cutNotes(level),
      ...(converged ? [] : ["not converged"]),
    ].join(", ")
  }`;
}
