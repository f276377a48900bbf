import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL, normalMultiplier } from "../confidence_level.ts";

/**
 * A share with the interval of E. B. Wilson (1927), which keeps its coverage near 0 and 1: no failure in 20 requests
 * still allows an error rate of 16 %.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { wilsonEstimate } from "./wilson_estimate.ts";
 * const none = wilsonEstimate(0, 20);
 * assertEquals([none.value, none.low], [0, 0]);
 * assertAlmostEquals(none.high!, 0.1611, 1e-4);
 * ```
 *
 * @param successes How many of them.
 * @param n Of how many, at least 1.
 * @param level Confidence level of the interval.
 * @returns Share, 0 to 1.
 * @throws {RangeError} If `n` is not positive or `successes` is outside 0 to `n`.
 */
export function wilsonEstimate(successes: number, n: number, level: number = DEFAULT_LEVEL): Estimate {
  if (!(n > 0)) throw new RangeError(`Cannot take a share as the total must be > 0: current value is ${n}`);
  if (!(successes >= 0 && successes <= n)) {
    throw new RangeError(`Cannot take a share as the part must be from 0 to ${n}: current value is ${successes}`);
  }
  const z = normalMultiplier(level);
  const value = successes / n;
  const shrink = 1 + z * z / n;
  const centre = (value + z * z / (2 * n)) / shrink;
  const halfWidth = z * Math.sqrt(value * (1 - value) / n + z * z / (4 * n * n)) / shrink;
  return {
    value,
    low: successes === 0 ? 0 : Math.max(0, centre - halfWidth),
    high: successes === n ? 1 : Math.min(1, centre + halfWidth),
    level,
    n,
  };
}
