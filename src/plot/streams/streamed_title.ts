import type { Window } from "../../results/window/window.ts";
import { timeValue } from "../../words/inline_quantity.ts";
import { formatShare, UNITS } from "../../words/quantity.ts";
import { rateTitle } from "../kit/level_title.ts";

/**
 * All that is to be known of how a level streamed, for who points at one of its marks.
 *
 * @param name Of the level.
 * @param level What was measured.
 */
export function streamedTitle(name: string, level: Window): string {
  const { firstTokenMs, tokenMs, outputTokensPerSecond: output, failed, requests, converged } = level;
  const times = ([["first token", firstTokenMs], ["output token", tokenMs]] as const).flatMap(([what, of]) =>
    of ? [`${what} p50 ${timeValue(of.p50)}, p95 ${timeValue(of.p95)}`] : []
  );
  return `${name}: ${
    [
      ...(output ? [rateTitle(output, level.clientLimited, UNITS.tokensPerSecond)] : []),
      ...times,
      ...(failed > 0 ? [`${formatShare(failed, requests)} failed`] : []),
      ...(converged ? [] : ["not converged"]),
    ].join(", ")
  }`;
}
