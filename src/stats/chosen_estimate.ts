import type { Estimate } from "../core/estimate.ts";
import { missProbability, normalMultiplier } from "./confidence_level.ts";

/**
 * The estimate of what was chosen as the best of several that noise may have put in any order. The best of equals is high by
 * luck, so that its own interval misses too often: of six equal ones, one time in four at 95 %. Its half widths are
 * stretched to those that would hold for all of them at once (C. Bonferroni, 1936).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { chosenEstimate } from "./chosen_estimate.ts";
 * const best = { value: 100, low: 90, high: 110, level: 0.95, n: 30 };
 * assertEquals(chosenEstimate(best, 1), best);
 * assertAlmostEquals(chosenEstimate(best, 6).high!, 113.46, 0.01);
 * ```
 *
 * @param estimate Of the one that was chosen.
 * @param candidates How many could not be told from it, itself included, at least 1.
 * @returns The same value in a wider interval; an end that is `null` stays so.
 */
export function chosenEstimate(estimate: Estimate, candidates: number): Estimate {
  const { value, low, high, level } = estimate;
  const stretch = normalMultiplier(1 - missProbability(level) / candidates) / normalMultiplier(level);
  return {
    ...estimate,
    low: low === null ? null : value - stretch * (value - low),
    high: high === null ? null : value + stretch * (high - value),
  };
}
