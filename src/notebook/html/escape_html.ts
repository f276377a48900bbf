const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Text as it must stand in HTML, also inside of an attribute in double quotes.
 *
 * @param text The text.
 * @returns The text, escaped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml('a < "b" & c'), "a &lt; &quot;b&quot; &amp; c");
 * ```
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
}
