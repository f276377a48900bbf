import type { Estimate } from "../../core/estimate.ts";

/**
 * Half of the interval's width as a share of the value: 0.05 is "within 5 %".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { relativeHalfWidth } from "./relative_half_width.ts";
 * assertEquals(relativeHalfWidth({ value: 10, low: 9, high: 12, level: 0.95, n: 30 }), 0.15);
 * assertEquals(relativeHalfWidth({ value: 10, low: 9, high: null, level: 0.95, n: 30 }), null);
 * ```
 *
 * @param estimate Any estimate.
 * @returns Share, at least 0; `null` where an end is unknown or the value is 0.
 */
export function relativeHalfWidth(estimate: Estimate): number | null {
  const { value, low, high } = estimate;
  return low === null || high === null || value === 0 ? null : (high - low) / 2 / Math.abs(value);
}
