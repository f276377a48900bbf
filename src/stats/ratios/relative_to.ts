import type { Estimate } from "../../core/estimate.ts";
import { ratioEstimate } from "./ratio_estimate.ts";

/**
 * A level relative to a base level. The base relative to itself is 1 without doubt.
 *
 * @param estimate The level.
 * @param base The base level, the same object for the base itself.
 * @returns The ratio, or `null` if either is missing or the base is 0.
 */
export function relativeTo(estimate: Estimate | null, base: Estimate | null): Estimate | null {
  if (estimate === null || base === null || base.value === 0) return null;
  if (estimate === base) return { value: 1, low: 1, high: 1, level: base.level, n: base.n };
  return ratioEstimate(estimate, base);
}
