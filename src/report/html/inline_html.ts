import { escapeXml } from "../../plot/kit/escape_xml.ts";
import { joined, type Sign, type Span, type Words } from "../../words/inline.ts";
import { unbroken } from "../../words/quantity.ts";

const SIGNS: Readonly<Record<Sign, string>> = {
  best: '<span class="star">★</span>',
  precise: '<span class="good">✓</span>',
  imprecise: '<span class="rough">rough</span>',
};

/**
 * A sentence of the report as HTML: escaped, its intervals and quantities unbroken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interval, quantity, say } from "../../words/inline.ts";
 * import { inlineHtml } from "./inline_html.ts";
 *
 * assertEquals(
 *   inlineHtml(say`${quantity("5 ms")} ${interval("[4, 6]")} <b>`),
 *   '5\u00a0ms <span class="interval">[4, 6]</span> &lt;b&gt;',
 * );
 * ```
 *
 * @param words Any words; those of a server may hold anything.
 */
export function inlineHtml(words: Words): string {
  return joined([words]).map(spanHtml).join("");
}

function spanHtml(span: Span): string {
  switch (span.kind) {
    case "text":
      return escapeXml(span.text);
    case "quantity":
      return escapeXml(unbroken(span.text));
    case "interval":
      return `<span class="interval">${escapeXml(span.text)}</span>`;
    case "sign":
      return SIGNS[span.sign];
  }
}
