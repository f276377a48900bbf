import type { Estimate } from "../../core/estimate.ts";
import { commonLevel } from "../estimates/common_level.ts";

/**
 * The ratio of two independent estimates, from their intervals alone: MOVER-R (A. Donner and G. Y. Zou, "Closed-form
 * Confidence Intervals for Functions of the Normal Mean and Standard Deviation", 2012). An end that needs an end which
 * is `null` is `null`; so is an end without bound, where the denominator's interval reaches 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ratioEstimate } from "./ratio_estimate.ts";
 * const a = { value: 10, low: 10, high: 10, level: 0.95, n: 30 };
 * const b = { value: 4, low: 2, high: 5, level: 0.95, n: 20 };
 * assertEquals(ratioEstimate(a, b), { value: 2.5, low: 2, high: 5, level: 0.95, n: 20 });
 * assertEquals(ratioEstimate(a, { ...b, value: 0 }), null);
 * ```
 *
 * @param a Numerator.
 * @param b Denominator, same level.
 * @returns a / b, n of the smaller; `null` unless `b` is above 0.
 * @throws {RangeError} If the levels differ.
 */
export function ratioEstimate(a: Estimate, b: Estimate): Estimate | null {
  const level = commonLevel(a, b);
  if (!(b.value > 0)) return null;
  const value = a.value / b.value;
  return {
    value,
    low: bound(a, b, a.low, b.high, -1),
    high: b.low === null || b.low <= 0 ? null : bound(a, b, a.high, b.low, 1),
    level,
    n: Math.min(a.n, b.n),
  };
}

/** One end: of the numerator's end `aEnd` and the denominator's opposite end `bEnd`. */
function bound(a: Estimate, b: Estimate, aEnd: number | null, bEnd: number | null, sign: -1 | 1): number | null {
  if (aEnd === null || bEnd === null) return null;
  const product = a.value * b.value;
  const numerator = aEnd * (2 * a.value - aEnd);
  const denominator = bEnd * (2 * b.value - bEnd);
  const discriminant = product * product - numerator * denominator;
  if (discriminant < 0) return null;
  // Multiplied out by the conjugate where the denominator would cancel it to 0 / 0.
  const root = sign * Math.sqrt(discriminant);
  const end = Math.abs(denominator) < 1e-12 * b.value * b.value
    ? numerator / (product - root)
    : (product + root) / denominator;
  return Number.isFinite(end) ? end : null;
}
