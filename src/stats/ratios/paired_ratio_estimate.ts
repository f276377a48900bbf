import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../confidence_level.ts";

/** The same figure of two things, measured close together. */
export interface Pair {
  /** Of the first, above 0. */
  readonly a: number;
  /** Of the second, above 0. */
  readonly b: number;
}

/**
 * How many times larger the second of each pair is: the geometric mean of the ratios, with Student's interval on their
 * logarithms (Student, 1908). What both members of a pair share, drift between the pairs above all, cancels.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { pairedRatioEstimate } from "./paired_ratio_estimate.ts";
 *
 * // Each pair is slower than the one before, and b a tenth above a throughout.
 * const ratio = pairedRatioEstimate([{ a: 100, b: 111 }, { a: 80, b: 88 }, { a: 60, b: 65.5 }]);
 * assertAlmostEquals(ratio!.value, 1.1, 0.01);
 * assertEquals(ratio!.low! > 1.05 && ratio!.high! < 1.15, true);
 * ```
 *
 * @param pairs Independent of each other.
 * @param level Confidence level of the interval.
 * @returns b / a; of one pair both ends are `null`. `null` if there are no pairs.
 * @throws {RangeError} If a figure is not above 0.
 */
export function pairedRatioEstimate(pairs: readonly Pair[], level: number = DEFAULT_LEVEL): Estimate | null {
  const n = pairs.length;
  if (n === 0) return null;
  const logs = pairs.map(({ a, b }) => {
    if (a > 0 && b > 0) return Math.log(b / a);
    throw new RangeError(`Cannot take a ratio as both figures must be > 0: current values are ${a} and ${b}`);
  });
  const mean = logs.reduce((sum, log) => sum + log, 0) / n;
  if (n === 1) return { value: Math.exp(mean), low: null, high: null, level, n };
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1);
  const halfWidth = studentTMultiplier(level, n - 1) * Math.sqrt(variance / n);
  return { value: Math.exp(mean), low: Math.exp(mean - halfWidth), high: Math.exp(mean + halfWidth), level, n };
}
