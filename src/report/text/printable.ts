import { withoutControls } from "../../words/without_controls.ts";
import type { Glyphs } from "./glyphs.ts";

/**
 * A text that has no power over the terminal: words of a server may hold anything, escapes among it.
 *
 * @param text Any text.
 * @param glyphs Signs that the page may show.
 */
export function printable(text: string, glyphs: Glyphs): string {
  return glyphs.spell(withoutControls(text).replaceAll("\n", " "));
}
