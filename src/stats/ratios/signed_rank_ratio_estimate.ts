import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { FEWEST_RANKED, signedRankEstimate } from "../estimates/signed_rank_estimate.ts";
import { type Pair, pairedRatioEstimate } from "./paired_ratio_estimate.ts";

/**
 * How many times larger the second of each pair is, whatever a few wild pairs say: the Hodges-Lehmann estimate on the logarithms
 * of the ratios, with the interval of Wilcoxon's signed ranks ({@linkcode signedRankEstimate}). Of fewer than 6 pairs
 * {@linkcode pairedRatioEstimate}.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { signedRankRatioEstimate } from "./signed_rank_ratio_estimate.ts";
 *
 * const pairs = Array.from({ length: 20 }, (_, i) => ({ a: 10, b: i === 7 ? 2000 : 20 + i / 100 }));
 * const ratio = signedRankRatioEstimate(pairs)!;
 * assertAlmostEquals(ratio.value, 2, 0.02);
 * assertEquals(ratio.low! > 1.99 && ratio.high! < 2.02, true);
 * ```
 *
 * @param pairs Independent of each other.
 * @param level Confidence level of the interval.
 * @returns b / a; `null` if there are no pairs.
 * @throws {RangeError} If a figure is not above 0.
 */
export function signedRankRatioEstimate(pairs: readonly Pair[], level: number = DEFAULT_LEVEL): Estimate | null {
  const known = pairedRatioEstimate(pairs, level);
  if (pairs.length < FEWEST_RANKED) return known;
  const { value, low, high, n } = signedRankEstimate(pairs.map(({ a, b }) => Math.log(b / a)), level);
  return { value: Math.exp(value), low: Math.exp(low!), high: Math.exp(high!), level, n };
}
