import type { Block } from "../sections/block.ts";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs.ts";
import { renderBlocks } from "./render_blocks.ts";

/** How a page of text looks. */
export interface PageOptions {
  /** Plain ASCII, for terminals and logs that show no other. @default {false} */
  readonly ascii?: boolean;
  /** ANSI colours. @default {false} */
  readonly color?: boolean;
  /** Width in terminal cells, at least 60. @default {100} */
  readonly width?: number;
}

export const DEFAULT_WIDTH = 100;
/** Widths between which a terminal's own is taken: narrower nothing fits, and wider lines are hard to follow. */
export const SMALLEST_WIDTH = 60, LARGEST_WIDTH = 120;

/**
 * Blocks as text.
 *
 * @param blocks What to show.
 * @param options How it looks.
 * @returns Lines no wider than `options.width`, each ended by a newline.
 */
export function pageText(
  blocks: readonly Block[],
  { ascii = false, color = false, width = DEFAULT_WIDTH }: PageOptions = {},
): string {
  const glyphs = ascii ? ASCII_GLYPHS : UNICODE_GLYPHS;
  const lines = renderBlocks(blocks, { glyphs, color, width: Math.max(SMALLEST_WIDTH, width) });
  return lines.map((line) => `${line}\n`).join("");
}
