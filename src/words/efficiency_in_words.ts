import type { Estimate } from "../core/estimate.ts";
import type { Efficiency, EfficiencyPoint } from "../results/finding.ts";
import { displayUnit } from "./display_unit.ts";
import { loadPointInWords } from "./gpu/gpu_limit_in_words.ts";
import { type Inline, joined, plainText, quantity, say, type Span } from "./inline.ts";
import { inlineEstimate, inlineTimeValue } from "./inline_quantity.ts";
import { estimateText } from "./estimate/estimate_text.ts";
import { type Unit, UNITS } from "./quantity.ts";
import { enumerate } from "./words.ts";

/** The value of an estimate, with the digits that it has beside its interval. */
function valueOf(estimate: Estimate, unit: Unit): Span {
  const { value, suffix } = estimateText(estimate, unit);
  return quantity(value + suffix);
}

/**
 * Energy a prediction at the most efficient load, beside that at the fastest.
 *
 * @param mostEfficient The load with the least.
 * @param fastest The fastest.
 * @returns `null` where nobody measured it.
 */
export function energyInWords(mostEfficient: EfficiencyPoint | null, fastest: EfficiencyPoint): Inline | null {
  const least = mostEfficient?.energyPerPrediction ?? null;
  if (least === null) return null;
  const unit = displayUnit("J", least.value);
  const other = fastest.energyPerPrediction;
  const instead = other === null ? [] : say` instead of ${valueOf(other, unit)}`;
  return say`${inlineEstimate(least, unit)} a prediction${instead}`;
}

/** The cost of a million predictions at one load: of one that the client limited the most that it costs. */
export function costInWords({ costPerMillion, atLeast }: EfficiencyPoint): Inline | null {
  if (costPerMillion === undefined) return null;
  return atLeast
    ? say`at most ${valueOf(costPerMillion, UNITS.dollars)}`
    : inlineEstimate(costPerMillion, UNITS.dollars);
}

/** What the most efficient load costs in rate, latency and money, beside the fastest. */
export function tradeInWords({ fastest, mostEfficient, equivalents }: Efficiency): Inline {
  if (mostEfficient === null) return [];
  const rate = ({ predictionsPerSecond }: EfficiencyPoint) => valueOf(predictionsPerSecond, UNITS.predictionsPerSecond);
  const [cost, usual] = [costInWords(mostEfficient), costInWords(fastest)];
  const others = equivalents.map((point) => plainText(loadPointInWords(point)));
  return joined([
    say`${rate(mostEfficient)} instead of ${rate(fastest)}`,
    say`p95 ${inlineTimeValue(mostEfficient.p95Ms)} instead of ${inlineTimeValue(fastest.p95Ms)}`,
    ...(cost === null || usual === null ? [] : [say`${cost} instead of ${usual} for a million predictions`]),
    ...(others.length === 0 ? [] : [say`within noise: ${enumerate(others)}`]),
  ], "; ");
}
