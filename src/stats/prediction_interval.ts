import { DEFAULT_LEVEL, studentTMultiplier } from "./confidence_level.ts";

/**
 * Between which one more observation of the same population lies: mean and standard deviation of a small sample by
 * Student's t, mean +- t(n - 1) s sqrt(1 + 1/n) (G. J. Hahn and W. Q. Meeker, "Statistical Intervals", 1991). It takes
 * them for normal. Where no observation is negative the lower end is at least 0.
 *
 * @param values Independent observations.
 * @param level Share of further observations that lie within. @default {0.95}
 * @returns `null` of fewer than two.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { predictionInterval } from "./prediction_interval.ts";
 *
 * const { low, high } = predictionInterval([399, 395, 370, 233])!;
 * assert(low < 80 && high > 600 && high < 744);
 * ```
 */
export function predictionInterval(
  values: readonly number[],
  level: number = DEFAULT_LEVEL,
): { readonly low: number; readonly high: number } | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const halfWidth = studentTMultiplier(level, n - 1) * Math.sqrt(squares / (n - 1) * (1 + 1 / n));
  const least = Math.min(...values) >= 0 ? 0 : -Infinity;
  return { low: Math.max(least, mean - halfWidth), high: mean + halfWidth };
}
