import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL, normalMultiplier } from "../confidence_level.ts";
import { ascending } from "./ascending.ts";
import { quantile } from "./quantile.ts";

/** Of fewer values no ranks are sure at 95 %. */
export const FEWEST_RANKED = 6;

/**
 * The middle of values that lie about alike on both sides of it, whatever a few wild ones say: the Hodges-Lehmann estimate, the
 * median of the means of any two, with the interval of Wilcoxon's signed ranks (J. L. Hodges and E. L. Lehmann, 1963; ranks by
 * the normal approximation with its correction for continuity).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { signedRankEstimate } from "./signed_rank_estimate.ts";
 *
 * const middle = signedRankEstimate(Array.from({ length: 20 }, (_, i) => i === 7 ? 900 : 10 + i / 100));
 * assertAlmostEquals(middle.value, 10.1, 0.02);
 * assertEquals(middle.low! > 10 && middle.high! < 10.2, true);
 * ```
 *
 * @param values Independent of each other, such as the differences of pairs; at least one.
 * @param level Confidence level of the interval.
 * @returns In the unit of the values; of fewer than 6 both ends are `null`.
 * @throws {RangeError} If there are no values or one is `NaN`.
 */
export function signedRankEstimate(values: readonly number[], level: number = DEFAULT_LEVEL): Estimate {
  const n = values.length;
  const means = ascending(values.flatMap((value, i) => values.slice(i).map((other) => (value + other) / 2)));
  const value = quantile(means, 0.5);
  if (n < FEWEST_RANKED) return { value, low: null, high: null, level, n };
  const deviation = Math.sqrt(n * (n + 1) * (2 * n + 1) / 24);
  const beyond = Math.max(0, Math.floor(n * (n + 1) / 4 - 0.5 - normalMultiplier(level) * deviation));
  return { value, low: means[beyond]!, high: means[means.length - 1 - beyond]!, level, n };
}
