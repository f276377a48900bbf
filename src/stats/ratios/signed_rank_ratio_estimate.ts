import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL, normalMultiplier } from "../confidence_level.ts";
import { ascending } from "../estimates/ascending.ts";
import { quantile } from "../estimates/quantile.ts";
import { type Pair, pairedRatioEstimate } from "./paired_ratio_estimate.ts";

/** Of fewer pairs no ranks are sure at 95 %. */
const FEWEST_PAIRS = 6;

/**
 * How many times larger the second of each pair is, whatever a few wild pairs say: the Hodges-Lehmann estimate on the logarithms
 * of the ratios, the median of the means of any two, with the interval of Wilcoxon's signed ranks (J. L. Hodges and
 * E. L. Lehmann, 1963; ranks by the normal approximation with its correction for continuity). Of fewer than 6 pairs
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
  const n = pairs.length;
  const known = pairedRatioEstimate(pairs, level);
  if (n < FEWEST_PAIRS) return known;
  const logs = pairs.map(({ a, b }) => Math.log(b / a));
  const means = ascending(logs.flatMap((log, i) => logs.slice(i).map((other) => (log + other) / 2)));
  const deviation = Math.sqrt(n * (n + 1) * (2 * n + 1) / 24);
  const beyond = Math.max(0, Math.floor(n * (n + 1) / 4 - 0.5 - normalMultiplier(level) * deviation));
  return {
    value: Math.exp(quantile(means, 0.5)),
    low: Math.exp(means[beyond]!),
    high: Math.exp(means[means.length - 1 - beyond]!),
    level,
    n,
  };
}
