import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml } from "./escape_html.ts";

hljs.registerLanguage("typescript", typescript);

/**
 * Code as HTML, its parts marked by classes of highlight.js.
 *
 * @param source The code.
 * @param isTypescript Whether its parts are to be marked. @default {true}
 * @returns A `pre` element. One that is too wide scrolls, also by the keyboard.
 */
export function codeHtml(source: string, isTypescript = true): string {
  const html = isTypescript ? hljs.highlight(source, { language: "typescript" }).value : escapeHtml(source);
  return `<pre class="code" tabindex="0"><code>${html}</code></pre>\n`;
}
