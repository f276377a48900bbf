/**
 * A time as reasons tell it.
 *
 * @param ms The time, ms.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inSeconds } from "./in_seconds.ts";
 * assertEquals([2000, 438].map(inSeconds), ["2 s", "0.44 s"]);
 * ```
 */
export function inSeconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(2))} s`;
}
