const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * A text as it may stand in XML, between tags or in a quoted attribute. Control characters, which XML forbids, are
 * dropped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { escapeXml } from "./escape_xml.ts";
 * assertEquals(escapeXml('a<b & "c"'), "a&lt;b &amp; &quot;c&quot;");
 * ```
 *
 * @param text Any text.
 */
export function escapeXml(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what XML 1.0 forbids
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(
    /[&<>"]/g,
    (letter) => ENTITIES[letter]!,
  );
}
