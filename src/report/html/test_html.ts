import { KINDS, type TestResults } from "../../results/kinds.ts";
import type { Block } from "../sections/block.ts";
import { type Section, sectionsOf } from "../sections/section_of.ts";
import { blocksHtml } from "./blocks_html.ts";
import { chartsHtml } from "./charts.ts";
import type { PageSection } from "./page_html.ts";

/**
 * One section for each result: its figures, below them its charts, then its tables.
 *
 * @param tests Results by kind.
 */
export function testSections(tests: TestResults): PageSection[] {
  return sectionsOf(tests).map((section) => ({
    id: section.kind,
    title: KINDS[section.kind].title,
    html: testHtml(section),
  }));
}

/** A table with more columns than this stands below the charts, not above them. */
const MOST_ABOVE = 2;

function testHtml({ kind, result, blocks }: Section): string {
  const parts = blocks.findIndex((block) => block.kind === "heading" && block.level > 2);
  // News that belongs to the whole section stands above its charts; what is said under a title stays there.
  const isNotice = (block: Block, index: number) =>
    block.kind === "paragraph" && block.tone !== "plain" && (parts < 0 || index < parts);
  const others = blocks.filter((block, index) => !isNotice(block, index));
  const table = others.findIndex((block) => block.kind === "table" && block.columns.length > MOST_ABOVE);
  const cut = table < 0 ? others.length : others[table - 1]?.kind === "heading" ? table - 1 : table;
  return `<p class="question">${KINDS[kind].question}</p>\n` +
    blocksHtml(blocks.filter(isNotice)) +
    `<div class="facing">${blocksHtml(others.slice(0, cut))}</div>\n` +
    chartsHtml(kind, result) +
    blocksHtml(others.slice(cut));
}
