/**
 * A bar whose length shows a share, to an eighth of a cell where the blocks allow it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bar } from "./bar.ts";
 * import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs.ts";
 *
 * assertEquals(bar(0.55, 10, UNICODE_GLYPHS.bar), "█████▌");
 * assertEquals(bar(0.55, 10, ASCII_GLYPHS.bar), "######");
 * ```
 *
 * @param share 0 to 1; what lies outside is clipped.
 * @param cells Length of a whole bar, terminal cells.
 * @param blocks Parts of a cell in ascending order, the last one whole.
 * @returns At most `cells` characters; at least one part where the share is above 0.
 */
export function bar(share: number, cells: number, blocks: readonly string[]): string {
  if (share <= 0 || cells < 1) return "";
  const parts = Math.max(1, Math.round(Math.min(share, 1) * cells * blocks.length));
  const rest = parts % blocks.length;
  return blocks.at(-1)!.repeat(Math.floor(parts / blocks.length)) + (rest > 0 ? blocks[rest - 1] : "");
}
