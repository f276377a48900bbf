import type { Estimate } from "../../core/estimate.ts";
import { commonLevel } from "./common_level.ts";

/**
 * The difference of two independent estimates, from their intervals alone: MOVER (G. Y. Zou and A. Donner,
 * "Construction of Confidence Limits about Effect Measures", 2008). Asymmetric intervals stay asymmetric. An end that
 * needs an end which is `null` is `null`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { differenceEstimate } from "./difference_estimate.ts";
 * const a = { value: 10, low: 7, high: 13, level: 0.95, n: 30 };
 * const b = { value: 4, low: 0, high: 8, level: 0.95, n: 20 };
 * assertEquals(differenceEstimate(a, b), { value: 6, low: 1, high: 11, level: 0.95, n: 20 });
 * ```
 *
 * @param a What to subtract from.
 * @param b What to subtract, same unit and level.
 * @returns a - b in their unit, n of the smaller.
 * @throws {RangeError} If the levels differ.
 */
export function differenceEstimate(a: Estimate, b: Estimate): Estimate {
  const level = commonLevel(a, b);
  const value = a.value - b.value;
  return {
    value,
    low: a.low === null || b.high === null ? null : value - Math.hypot(a.value - a.low, b.high - b.value),
    high: a.high === null || b.low === null ? null : value + Math.hypot(a.high - a.value, b.value - b.low),
    level,
    n: Math.min(a.n, b.n),
  };
}
