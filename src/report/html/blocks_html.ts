import { escapeXml } from "../../plot/kit/escape_xml.ts";
import type { Block, Item, Tone } from "../sections/block.ts";
import { capitalized, inlineHtml, labelled, titleText } from "./inline_html.ts";
import { tableHtml } from "./table_html.ts";

/** Words for those who do not see the colour. */
const TONE_LABELS: Readonly<Record<Tone, string>> = {
  good: "Good",
  warning: "Warning",
  critical: "Critical",
  plain: "",
};

/**
 * Blocks as HTML. Lines with a label stand as rows of label and value, those without as paragraphs.
 *
 * @param blocks What to show; a heading among them is left out, since the page's sections have theirs.
 * @param name What a table shows that follows no subheading.
 * @returns HTML without an outer element.
 */
export function blocksHtml(blocks: readonly Block[], name = ""): string {
  let html = "", facts = "", title = name;
  const endFacts = () => {
    if (facts !== "") html += `<dl>${facts}</dl>\n`;
    facts = "";
  };
  for (const block of blocks) {
    const fact = factsHtml(block);
    if (fact !== null) {
      facts += fact;
      continue;
    }
    endFacts();
    if (block.kind === "subheading") title = titleText(block.title);
    html += blockHtml(block, title);
  }
  endFacts();
  return html;
}

/** Rows of label and value, or `null` for a block that has no such lines, or lines that are news. */
function factsHtml(block: Block): string | null {
  const texts = block.kind === "paragraph" && block.tone === "plain"
    ? [block.text]
    : block.kind === "list" && block.items.every(({ tone }) => tone === "plain")
    ? block.items.map(({ text }) => text)
    : [];
  const facts = texts.map((text) => labelled(text));
  if (facts.length === 0 || facts.every((fact) => fact === null)) return null;
  return facts.map((fact, index) =>
    fact === null
      ? `<div><dt>Note</dt><dd>${inlineHtml(texts[index]!)}</dd></div>`
      : `<div><dt>${inlineHtml(capitalized(fact.label))}</dt><dd>${valueHtml(fact.value)}</dd></div>`
  ).join("\n");
}

function valueHtml(value: string): string {
  return value.startsWith("not measured") ? `<span class="absent">${inlineHtml(value)}</span>` : inlineHtml(value);
}

function blockHtml(block: Block, title: string): string {
  switch (block.kind) {
    case "heading":
      return "";
    case "subheading":
      return `<h3>${inlineHtml(titleText(block.title))}</h3>\n`;
    case "paragraph":
      return `<p class="note ${block.tone}">${inlineHtml(block.text)}</p>\n`;
    case "legend":
      return `<p class="legend">${inlineHtml(block.text)}</p>\n`;
    case "list":
      return block.items.length === 1 && block.items[0]!.tone === "plain"
        ? `<p>${inlineHtml(capitalized(block.items[0]!.text))}</p>\n`
        : pointsHtml(block.items);
    case "table":
      return tableHtml(title, block.columns, block.rows);
  }
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
