/** Levels of lists and objects up to which JSON is read: what reads it may then call itself once for each. */
export const DEEPEST_JSON = 100;

/**
 * Whether lists and objects stand in each other more than so often. It does not call itself, so that no document ends it.
 *
 * @param value JSON.
 * @param levels How often they may.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isNestedDeeper([[1], {}], 2), isNestedDeeper([[{}]], 2)], [false, true]);
 * ```
 */
export function isNestedDeeper(value: unknown, levels: number = DEEPEST_JSON): boolean {
  let inside = holders([value]);
  for (let level = 0; inside.length > 0; level++) {
    if (level === levels) return true;
    inside = inside.flatMap((holder) => holders(Object.values(holder)));
  }
  return false;
}

function holders(values: readonly unknown[]): readonly object[] {
  return values.filter((value): value is object => typeof value === "object" && value !== null);
}
