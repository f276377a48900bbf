import { Marked } from "marked";
import { codeHtml } from "./code_html.ts";
import { sanitizeHtml } from "./sanitize_html.ts";

const marked = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang }) => codeHtml(text, /^(?:ts|js|typescript|javascript)$/.test(lang ?? "")),
  },
});

/**
 * Markdown as HTML that neither runs nor fetches anything. Links to other notebooks lead to their rendered form.
 *
 * @param markdown Text of a cell.
 * @returns HTML.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(markdownHtml("[next](02_cold_start.ipynb)"), '<p><a href="02_cold_start.html">next</a></p>\n');
 * ```
 */
export function markdownHtml(markdown: string): string {
  const html = marked.parse(markdown, { async: false });
  return sanitizeHtml(html.replace(/(<a href="[\w./-]+)\.ipynb"/g, '$1.html"'));
}
