/** What no other value carries. */
declare const ascendingBrand: unique symbol;

/** Numbers in ascending order, at least one, none of them `NaN`. Only {@linkcode ascending} makes it. */
export type Ascending = Readonly<Float64Array> & { readonly [ascendingBrand]: true };

/**
 * Sorts a copy of the values, so that order is checked once and then carried by the type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ascending } from "./ascending.ts";
 * assertEquals([...ascending([3, 1, 2])], [1, 2, 3]);
 * ```
 *
 * @param values Observations in any order, any unit.
 * @returns The same observations, none dropped, ascending.
 * @throws {RangeError} If there are none or one of them is `NaN`.
 */
export function ascending(values: ArrayLike<number>): Ascending {
  if (values.length === 0) {
    throw new RangeError("Cannot sort the observations as there must be at least one: found 0");
  }
  const sorted = Float64Array.from(values).sort();
  // A typed array sorts NaN to the end.
  if (Number.isNaN(sorted[sorted.length - 1])) {
    throw new RangeError(`Cannot sort the observations as each must be a number: found NaN among ${sorted.length}`);
  }
  return sorted as Readonly<Float64Array> as Ascending;
}
