import type { Report } from "../../results/report.ts";
import { answerOf } from "../../words/headline.ts";
import { joined, type Words } from "../../words/inline.ts";
import type { Block } from "../sections/block.ts";
import { efficiencySection } from "../sections/efficiency.ts";
import { answerTitle, findingsSection, warningsSection } from "../sections/analysis.ts";
import { blocksHtml, pointsHtml } from "./blocks_html.ts";
import { inlineHtml } from "./inline_html.ts";
import type { PageSection } from "./page_html.ts";
import { type KeyFigure, keyFigures } from "./key_figures.ts";
import { recommendationsHtml } from "./recommendations_html.ts";

/**
 * What a report comes to, at its top: what to do, what the limit is, and the numbers that are wanted first.
 *
 * @param report What was measured.
 */
export function answerSection(report: Report): PageSection {
  return {
    id: "answer",
    title: answerTitle(report),
    html: leadHtml(answerOf(report)) + figuresHtml(keyFigures(report.tests, report.efficiency)),
  };
}

/**
 * An answer: its first sentence large, the others below it.
 *
 * @param sentences At least one.
 */
export function leadHtml([lead = "", ...others]: readonly Words[]): string {
  return `<p class="lead">${inlineHtml(lead)}</p>\n` +
    (others.length === 0 ? "" : `<p class="more">${inlineHtml(joined(others, " "))}</p>\n`);
}

function figuresHtml(figures: readonly KeyFigure[]): string {
  const cards = figures.map(({ label, value, interval, context, source, isBad }) =>
    `<li${isBad ? ' class="critical"' : ""}><a href="#${source}"><span class="label">${inlineHtml(label)}</span> ` +
    `<span class="value">${inlineHtml(value)}</span> ` +
    `<span class="detail">${inlineHtml(interval)}</span> <span class="detail">${inlineHtml(context)}</span></a></li>`
  );
  return cards.length === 0 ? "" : `<ul class="figures" aria-label="Key figures">${cards.join("\n")}</ul>\n`;
}

/**
 * What to do, what was found and what limits the numbers, one part each; empty parts are left out.
 *
 * @param report What was measured.
 */
export function analysisHtml(report: Report): string {
  const parts: readonly (readonly [title: string, html: string])[] = [
    ["Recommendations", recommendationsHtml(report.recommendations)],
    ["Findings", listsHtml(findingsSection(report))],
    ["Energy and cost", blocksHtml(efficiencySection(report).slice(1))],
    ["Warnings", listsHtml(warningsSection(report))],
  ];
  return parts.filter(([, html]) => html !== "").map(([title, html]) => `<h3>${title}</h3>\n${html}`).join("");
}

function listsHtml(blocks: readonly Block[]): string {
  return blocks.map((block) => block.kind === "list" ? pointsHtml(block.items) : "").join("");
}
