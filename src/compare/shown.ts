import type { ComparisonVerdict } from "../results/verdict.ts";
import { normalQuantile } from "../stats/probability.ts";

/** A difference is called one that would have been shown if it is so in this part of all such runs. */
const POWER = 0.8;

/** The ends of an interval; `null` where it has none. */
export interface Ends {
  /** Lower end. */
  readonly low: number | null;
  /** Upper end. */
  readonly high: number | null;
}

/**
 * How the second stands against the first: shown where the interval of the effect leaves out what would be no effect.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shownVerdict({ low: 1.02, high: 1.1 }, 1, "more"), "better");
 * assertEquals(shownVerdict({ low: -3, high: 4 }, 0, "less"), "no difference found");
 * assertEquals(shownVerdict({ low: -3, high: null }, 0, "less"), "cannot tell");
 * ```
 *
 * @param effect Interval of the effect.
 * @param none What would be no effect: 0 of a difference, 1 of a ratio.
 * @param better Whether less or more is better.
 */
export function shownVerdict({ low, high }: Ends, none: number, better: "less" | "more"): ComparisonVerdict {
  const direction = low !== null && low > none ? "more" : high !== null && high < none ? "less" : null;
  if (direction !== null) return direction === better ? "better" : "worse";
  return low === null || high === null ? "cannot tell" : "no difference found";
}

/**
 * The smallest effect that such runs show four times in five: the half width of the interval, and as much again as luck may
 * take from the effect in one run of five.
 *
 * @param halfWidth Of the interval.
 * @param multiplier How many standard errors the half width is.
 * @returns In the unit of the half width.
 */
export function smallestShown(halfWidth: number, multiplier: number): number {
  return halfWidth * (1 + normalQuantile(POWER) / multiplier);
}
