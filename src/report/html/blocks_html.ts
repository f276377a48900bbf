import { escapeXml } from "../../plot/kit/escape_xml.ts";
import { capitalized, type Inline, plainText, say } from "../../words/inline.ts";
import type { Block, Fact, Item, Tone } from "../sections/block.ts";
import { inlineHtml } from "./inline_html.ts";
import { tableHtml } from "./table_html.ts";

/** Words for those who do not see the colour. */
const TONE_LABELS: Readonly<Record<Tone, string>> = {
  good: "Good",
  warning: "Warning",
  critical: "Critical",
  plain: "",
};

/**
 * Blocks as HTML. Facts stand as rows of label and value.
 *
 * @param blocks What to show; the heading of a section among them is left out, since the page's sections have theirs.
 * @param name What a table shows that follows no heading of its own.
 * @returns HTML without an outer element.
 */
export function blocksHtml(blocks: readonly Block[], name = ""): string {
  let html = "", title = name;
  for (const block of blocks) {
    if (block.kind === "heading" && block.level > 2) title = plainText(titleOf(block));
    html += blockHtml(block, title);
  }
  return html;
}

/**
 * A title with what it comes to.
 *
 * @param heading Its block.
 */
export function titleOf({ title, value }: Extract<Block, { kind: "heading" }>): Inline {
  return value.length === 0 ? say`${title}` : say`${title}: ${value}`;
}

function blockHtml(block: Block, title: string): string {
  switch (block.kind) {
    case "heading":
      return block.level > 2 ? `<h3>${inlineHtml(titleOf(block))}</h3>\n` : "";
    case "paragraph":
      return block.tone === "plain"
        ? `<p>${inlineHtml(block.text)}</p>\n`
        : `<p class="note ${block.tone}">${inlineHtml(block.text)}</p>\n`;
    case "legend":
      return `<p class="legend">${inlineHtml(block.text)}</p>\n`;
    case "list":
      return pointsHtml(block.items);
    case "facts":
      return `<dl>${block.facts.map(factHtml).join("\n")}</dl>\n`;
    case "table":
      return block.caption === ""
        ? tableHtml(title, block.columns, block.rows)
        : `<p>${inlineHtml(capitalized(block.caption))}</p>\n` + tableHtml(block.caption, block.columns, block.rows);
  }
}

function factHtml({ label, isVerbatim = false, value, tone, isAbsent }: Fact): string {
  const name = isVerbatim ? label ?? "" : capitalized(label ?? "Note");
  const shown = isAbsent ? `<span class="absent">${inlineHtml(value)}</span>` : inlineHtml(value);
  const toneClass = tone === "plain" ? "" : ` class="${tone}"`;
  return `<div><dt>${inlineHtml(name)}</dt><dd${toneClass}>${badgeHtml(tone)}${shown}</dd></div>`;
}

/**
 * A list of sentences, their tone in words too.
 *
 * @param items The sentences.
 */
export function pointsHtml(items: readonly Item[]): string {
  const points = items.map(({ text, tone }) => `<li class="${tone}">${badgeHtml(tone)}${inlineHtml(text)}</li>`);
  return `<ul class="points">${points.join("\n")}</ul>\n`;
}

/**
 * What kind of news a line is; nothing for plain ones.
 *
 * @param tone Of the line.
 */
export function badgeHtml(tone: Tone): string {
  return tone === "plain" ? "" : `<span class="badge">${escapeXml(TONE_LABELS[tone])}</span> `;
}
