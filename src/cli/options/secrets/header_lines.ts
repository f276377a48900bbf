import { UsageError } from "../../../core/errors.ts";

/**
 * Reads the headers of a file: a `Name: value` on each line. Empty lines and such that begin with `#` are passed over.
 *
 * @param text What the file holds; lines may end as on Windows.
 * @returns Names and values in pairs.
 * @throws {UsageError} If a line is no header, or there is none. Messages hold the line's number and nothing of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readHeaderLines } from "./header_lines.ts";
 *
 * assertEquals(readHeaderLines("# of the gateway\r\nX-Team: ml\r\n"), [["X-Team", "ml"]]);
 * ```
 */
export function readHeaderLines(text: string): [name: string, value: string][] {
  const headers: [string, string][] = [];
  for (const [i, line] of text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const colon = line.indexOf(":");
    if (colon < 1 || /^\s/.test(line)) throw refused(`line ${i + 1} has ${colon < 0 ? "no colon" : "no name"}`);
    headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  if (headers.length === 0) throw refused("it has none");
  return headers;
}

function refused(found: string): UsageError {
  return new UsageError(`Cannot read headers as the file of "--header-file" must hold a header a line: ${found}`, {
    hint: "A line looks like Authorization: Bearer abc.",
  });
}
