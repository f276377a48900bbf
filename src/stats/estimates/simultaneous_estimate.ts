import type { Estimate } from "../../core/estimate.ts";
import { missProbability } from "../confidence_level.ts";
import { studentTQuantile } from "../probability.ts";

/** An interval by batch means has no fewer degrees of freedom once it has ten batches, and does not say how many more. */
const MOST_DEGREES = 9;

/**
 * An estimate in an interval that holds together with those of `family` - 1 others at the level of each (C. E. Bonferroni,
 * 1936): of twelve 95 % intervals one is expected to miss in half of all comparisons. The widening assumes Student's t
 * with at most 9 degrees of freedom, the fewest of batch means, so that it is never too little.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { simultaneousEstimate } from "./simultaneous_estimate.ts";
 * const rate = { value: 100, low: 90, high: 110, level: 0.95, n: 200 };
 * assertEquals(simultaneousEstimate(rate, 1), rate);
 * assertAlmostEquals(simultaneousEstimate(rate, 12).high!, 116.8, 0.1);
 * ```
 *
 * @param estimate The estimate.
 * @param family How many intervals hold together, at least 1.
 * @returns The same value in a wider interval; an end that is `null` stays so.
 */
export function simultaneousEstimate(estimate: Estimate, family: number): Estimate {
  if (family === 1) return estimate;
  const { value, low, high, level, n } = estimate;
  const miss = missProbability(level);
  const degrees = Math.max(1, Math.min(MOST_DEGREES, n - 1));
  const stretch = studentTQuantile(1 - miss / 2 / family, degrees) / studentTQuantile(1 - miss / 2, degrees);
  return {
    ...estimate,
    low: low === null ? null : value - stretch * (value - low),
    high: high === null ? null : value + stretch * (high - value),
  };
}
