/**
 * A text that has no power over a terminal: words of a server may hold anything, escape sequences and marks that turn the
 * direction of writing among it. Lines stay.
 *
 * @param text Any text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutControls("model \x1b]0;owned\x07 of \u202eyours\n"), "model  ]0;owned  of  yours\n");
 * ```
 */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{C}\n]+/gu, " ");
}
