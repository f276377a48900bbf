import type { Ascending } from "./ascending.ts";

/**
 * The value below which a share `p` of the observations lies: linear interpolation between order statistics, the
 * default of R and NumPy (Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, type 7).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ascending } from "./ascending.ts";
 * import { quantile } from "./quantile.ts";
 * assertEquals(quantile(ascending([1, 2, 3, 4]), 0.5), 2.5);
 * ```
 *
 * @param sorted Observations, ascending.
 * @param p Share, 0 to 1.
 * @returns In the unit of the observations.
 * @throws {RangeError} If `p` is outside 0 to 1.
 */
export function quantile(sorted: Ascending, p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`Cannot take a quantile as its share must be from 0 to 1: current value is ${p}`);
  }
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const weight = position - below;
  return weight === 0 ? low : low + weight * (sorted[below + 1]! - low);
}
