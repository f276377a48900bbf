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
 * assertEquals(csvText([["=1+1", -1]]), "'=1+1,-1\r\n");
 * ```
 */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** How a text begins that a spreadsheet takes for a formula, also behind blanks (OWASP, "CSV Injection"). */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/**
 * Without power over a terminal or a spreadsheet, which shows what stands behind an apostrophe, and quoted where it holds a
 * comma, a quote or a line break.
 */
function field(value: string | number | null): string {
  if (typeof value === "number") return String(value);
  const plain = value === null ? "" : withoutControls(value);
  const text = FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
