import { withoutControls } from "../../words/without_controls.ts";

/**
 * Rows as CSV by RFC 4180, lines ended by CRLF.
 *
 * @param rows The header among them; `null` is an empty field.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(csvText([["a", "b"], ['say "x"', null]]), 'a,b\r\n"say ""x""",\r\n');
 * ```
 */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** Without power over a terminal, and quoted where it holds a comma, a quote or a line break. */
function field(value: string | number | null): string {
  const text = value === null ? "" : withoutControls(String(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
