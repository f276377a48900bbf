import type { LeftLevel } from "../results/window/left_level.ts";

const REASONS = { slower: "surely slower than", "no-gain": "surely no gain over" } as const;

/**
 * Which levels a sweep visited once only, and why.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { leftLevelsInWords } from "./left_levels_in_words.ts";
 * const left = [
 *   { level: 1, reason: "slower", than: 8 },
 *   { level: 2, reason: "slower", than: 8 },
 *   { level: 16, reason: "no-gain", than: 8 },
 * ] as const;
 * assertEquals(leftLevelsInWords(left), "1, 2 (surely slower than 8); 16 (surely no gain over 8)");
 * ```
 *
 * @param left Ascending.
 */
export function leftLevelsInWords(left: readonly LeftLevel[]): string {
  const groups = Map.groupBy(left, ({ reason, than }) => `${REASONS[reason]} ${than}`);
  return [...groups].map(([why, of]) => `${of.map(({ level }) => level).join(", ")} (${why})`).join("; ");
}
