import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL, normalMultiplier } from "../confidence_level.ts";
import { ratioEstimate } from "./ratio_estimate.ts";

/**
 * The ratio of two independent estimates at another level than theirs, as if they were normal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ratioAt } from "./ratio_at.ts";
 * const a = { value: 10, low: 9, high: 11, level: 0.95, n: 30 };
 * assertEquals(ratioAt(0.95, a, a)!.high! > ratioAt(0.5, a, a)!.high!, true);
 * ```
 *
 * @param level Confidence level.
 * @param a Numerator, at 95 %.
 * @param b Denominator, at 95 %.
 * @returns a / b; `null` unless `b` is above 0.
 */
export function ratioAt(level: number, a: Estimate, b: Estimate): Estimate | null {
  const share = normalMultiplier(level) / normalMultiplier(DEFAULT_LEVEL);
  const narrowed = (estimate: Estimate) => {
    const end = (at: number | null) => at === null ? null : estimate.value + share * (at - estimate.value);
    return { ...estimate, low: end(estimate.low), high: end(estimate.high), level };
  };
  return ratioEstimate(narrowed(a), narrowed(b));
}
