/**
 * What a level is that alone tells what its load brings, as in "batch size 8, the only one measured".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(onlyOne([8]), "the only one measured");
 * assertEquals(onlyOne([8, 16]), "the only one of which enough succeeded");
 * ```
 *
 * @param levels Those that were measured, whatever came of them.
 */
export function onlyOne(levels: readonly unknown[]): string {
  return levels.length === 1 ? "the only one measured" : "the only one of which enough succeeded";
}
