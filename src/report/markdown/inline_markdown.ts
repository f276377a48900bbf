import { joined, plainText, type Words } from "../../words/inline.ts";
import { withoutControls } from "../../words/without_controls.ts";

/**
 * A sentence as GitHub's Markdown: what stands in it is shown as it is and means nothing, whoever wrote it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inlineMarkdown("mobilenet_v2 *at* <b>"), "mobilenet_v2 \\*at\\* \\<b>");
 * assertEquals(inlineMarkdown("[a](http://b)"), "\\[a](http://b)");
 * ```
 *
 * @param words Any words.
 */
export function inlineMarkdown(words: Words): string {
  return joined([words]).map((span) => span.kind === "text" ? escaped(span.text) : plainText([span]) // intervals keep their brackets
  ).join("");
}

/**
 * The same where a line begins: it makes no title, list or quotation.
 *
 * @param words Any words.
 */
export function lineMarkdown(words: Words): string {
  return inlineMarkdown(words).trim().replace(/^(?=[#>+=-])/, "\\").replace(/^(\d+)(?=[.)](?:\s|$))/, "$1\\");
}

/**
 * Words to be copied as they are.
 *
 * @param text Any text.
 */
export function codeMarkdown(text: string): string {
  const line = withoutControls(text).replaceAll("\n", " ");
  const fence = "`".repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  return /^`|`$/.test(line) ? `${fence} ${line} ${fence}` : fence + line + fence;
}

/** A mention would tell somebody: nothing that is seen stands behind its sign. */
const UNSEEN = "\u200b";

function escaped(text: string): string {
  return withoutControls(text).replaceAll("\n", " ")
    .replace(/[\\`*[|~$<]|(?<!\w)_|_(?!\w)/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/@(?=\w)/g, `@${UNSEEN}`);
}
