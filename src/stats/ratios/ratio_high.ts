import type { Estimate } from "../../core/estimate.ts";
import { ratioAt } from "./ratio_at.ts";
import { ratioEstimate } from "./ratio_estimate.ts";

/** How far a verdict goes out for the upper end of a ratio; both are calibrated for it. */
export interface RatioEnd {
  /** Confidence level of the end, of a ratio that is known well enough. */
  readonly level: number;
  /** A ratio is known well enough if its 95 % interval ends no farther above it than this share of it. */
  readonly known: number;
}

/**
 * The upper end of a ratio for the verdict that it is not above some limit. A ratio that is hardly known lies far below the
 * limit more often by chance than in truth, so that an end at a low level would tell what chance made: there it is that of the
 * 95 % interval.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { ratioHigh } from "./ratio_high.ts";
 * const known = (halfWidth: number) => ({ value: 10, low: 10 - halfWidth, high: 10 + halfWidth, level: 0.95, n: 30 });
 * const end = { level: 0.6, known: 0.2 };
 * assert(ratioHigh(end, known(1), known(1))! < 1.07);
 * assert(ratioHigh(end, known(2), known(2))! > 1.3);
 * assertEquals(ratioHigh(end, { ...known(1), high: null }, known(1)), null);
 * ```
 *
 * @param end How far.
 * @param a Numerator, at 95 %.
 * @param b Denominator, at 95 %.
 * @returns `null` where the ratio has no upper end.
 */
export function ratioHigh({ level, known }: RatioEnd, a: Estimate, b: Estimate): number | null {
  const ratio = ratioEstimate(a, b);
  if (ratio === null || ratio.high === null) return null;
  return ratio.high <= (1 + known) * ratio.value ? ratioAt(level, a, b)?.high ?? null : ratio.high;
}
