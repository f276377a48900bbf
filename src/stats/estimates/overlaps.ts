import type { Estimate } from "../../core/estimate.ts";

/**
 * Whether two intervals share a value, so that the estimates cannot be told apart. An end that is `null` is unknown and
 * rules nothing out.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { overlaps } from "./overlaps.ts";
 * const a = { value: 10, low: 9, high: 11, level: 0.95, n: 30 };
 * assert(overlaps(a, { ...a, value: 12, low: 11, high: 13 }));
 * assertEquals(overlaps(a, { ...a, value: 13, low: 12, high: 14 }), false);
 * ```
 *
 * @param a One estimate.
 * @param b Another in the same unit.
 */
export function overlaps(a: Estimate, b: Estimate): boolean {
  return (a.high ?? Infinity) >= (b.low ?? -Infinity) && (b.high ?? Infinity) >= (a.low ?? -Infinity);
}
