import { stripVTControlCharacters } from "node:util";
import { picturesAsFigures } from "../../plot/kit/chart_image.ts";
import type { CellOutput } from "../cell_outputs.ts";
import { escapeHtml } from "./escape_html.ts";
import type { CellError } from "../kernel.ts";
import { markdownHtml } from "./markdown_html.ts";
import { sanitizeHtml } from "./sanitize_html.ts";

/**
 * One output of a cell as HTML: the richest of its media types that a page can show by itself.
 *
 * @param output The output.
 * @returns HTML; "" where there is nothing to see.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   outputHtml({ kind: "text", stream: "stdout", text: "\x1b[1m1 < 2\x1b[0m" }),
 *   '<pre class="stdout" tabindex="0">1 &lt; 2</pre>\n',
 * );
 * ```
 */
export function outputHtml(output: CellOutput): string {
  switch (output.kind) {
    case "text":
      return preformatted(output.stream, output.text);
    case "error":
      return preformatted("error", errorText(output.error));
    case "display":
      return displayHtml(output.data);
  }
}

function displayHtml(data: Readonly<Record<string, unknown>>): string {
  const text = (type: string): string | null => {
    const value = data[type];
    return value === undefined ? null : Array.isArray(value) ? value.join("") : String(value);
  };
  const html = text("text/html") ?? text("image/svg+xml");
  if (html !== null) return `<div class="shown">${sanitizeHtml(picturesAsFigures(html))}</div>\n`;
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const base64 = text(type)?.replace(/[^A-Za-z0-9+/=]/g, "");
    if (base64 !== undefined) return `<div class="shown"><img alt="" src="data:${type};base64,${base64}"></div>\n`;
  }
  const markdown = text("text/markdown");
  if (markdown !== null) return `<div class="shown">${markdownHtml(markdown)}</div>\n`;
  const json = data["application/json"];
  const plain = text("text/plain") ?? (json === undefined ? null : JSON.stringify(json, null, 2));
  return plain === null ? "" : preformatted("value", plain);
}

/** What a terminal would show: without colours, and of lines that were drawn again the last state. */
function preformatted(className: string, text: string): string {
  const plain = stripVTControlCharacters(text).replace(/\r\n/g, "\n").replace(/^.*\r(?=.)/gm, "").trimEnd();
  return plain === "" ? "" : `<pre class="${className}" tabindex="0">${escapeHtml(plain)}</pre>\n`;
}

function errorText({ name, message, traceback }: CellError): string {
  return traceback.length > 0 ? traceback.join("\n") : `${name}: ${message}`;
}
