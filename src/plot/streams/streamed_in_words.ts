import type { Window } from "../../results/window/window.ts";
import { formatTimeEstimate } from "../../words/estimate/estimate_text.ts";
import { unbroken, UNITS } from "../../words/quantity.ts";
import { rateText } from "../kit/rate_text.ts";

/**
 * How the answers of a window streamed, in a sentence.
 *
 * @param window What was measured.
 */
export function streamedInWords({ firstTokenMs, tokenMs, outputTokensPerSecond, clientLimited }: Window): string {
  if (!firstTokenMs) return "No answer was streamed.";
  const first = `Half of the answers begin within ${unbroken(formatTimeEstimate(firstTokenMs.p50))}, 95% within ${
    unbroken(formatTimeEstimate(firstTokenMs.p95))
  }`;
  const token = tokenMs ? `; a token then takes ${unbroken(formatTimeEstimate(tokenMs.p50))}` : "";
  const output = outputTokensPerSecond
    ? `; all together ${rateText(outputTokensPerSecond, UNITS.tokensPerSecond, clientLimited)}`
    : "";
  return `${first}${token}${output}.`;
}
