import type { Estimate } from "../../core/estimate.ts";
import type { StreamedEvidence } from "../../results/evidence/streamed_evidence.ts";
import { type Inline, say } from "../inline.ts";
import { inlineRate, inlineTimeEstimate } from "../inline_quantity.ts";
import { type Unit, UNITS } from "../quantity.ts";

/**
 * What a load brings, as people compare servers by it: rate and p95 latency, of streamed answers tokens and first token.
 *
 * @param rate What it is where answers are not streamed, or nothing counts their tokens.
 * @param unit Of the rate.
 * @param evidence Of a recommendation.
 */
export function loadFigures(
  rate: Estimate,
  unit: Unit,
  { p95Ms, atLeast, outputTokensPerSecond, firstTokenP95Ms }: StreamedEvidence & {
    readonly p95Ms: Estimate;
    readonly atLeast?: true;
  },
): Inline {
  const throughput = outputTokensPerSecond === undefined
    ? inlineRate(rate, unit, atLeast)
    : inlineRate(outputTokensPerSecond, UNITS.tokensPerSecond, atLeast);
  return firstTokenP95Ms === undefined
    ? say`${throughput}, p95 ${inlineTimeEstimate(p95Ms)}`
    : say`${throughput}, first token p95 ${inlineTimeEstimate(firstTokenP95Ms)}`;
}
