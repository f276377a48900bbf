import type { Report } from "../../results/report.ts";
import type { Block } from "../sections/block.ts";
import { banner } from "../sections/banner.ts";
import { baselineSection } from "../sections/comparison.ts";
import { gateSection } from "../sections/gate.ts";
import { analysisHtml, answerSection } from "./answer_html.ts";
import { plainText, say, type Words } from "../../words/inline.ts";
import { inlineTime } from "../../words/inline_quantity.ts";
import { momentInWords } from "../../words/words.ts";
import { blocksHtml, titleOf } from "./blocks_html.ts";
import { inlineHtml } from "./inline_html.ts";
import { embeddedResults } from "./results_in_page.ts";
import { pageHtml, type PageSection } from "./page_html.ts";
import { methodHtml, runHtml } from "./run_html.ts";
import { testSections } from "./test_html.ts";

/**
 * A report as one HTML file to send to others: the answer, what it rests on, every chart and table, the machine and the
 * command. It needs no network, and its one script only adds to it: tables that are sorted, titles of marks, the results
 * to save. It follows light and dark screens, and can be printed.
 *
 * @param report What was measured.
 * @returns The page.
 */
export function formatHtml(report: Report): string {
  const { target, tests, tool, gate, baseline } = report;
  const results = embeddedResults(report);
  const sections: readonly PageSection[] = [
    answerSection(report),
    ...(gate ? [verdictSection("gate", gateSection(gate))] : []),
    ...(baseline ? [verdictSection("baseline", baselineSection(baseline))] : []),
    { id: "analysis", title: "Analysis", html: analysisHtml(report) },
    ...testSections(tests),
    { id: "run", title: "This run", html: runHtml(report) + saveHtml(report, results.isThinned) },
    { id: "method", title: "How to read it", html: methodHtml(report) },
  ];
  return pageHtml({
    title: `${target.model}: performance report`,
    header: headerHtml(report),
    sections: sections.filter(({ html }) => html !== ""),
    footer: `Made by ${inlineHtml(`${tool.name} ${tool.version}`)}. This file needs no network.`,
    results: results.html,
  });
}

/** The results that the page holds, as a file to save where a script runs. */
function saveHtml({ target, startedAt }: Report, isThinned: boolean): string {
  const name = `${target.model} ${startedAt}`.replace(/[^\w.-]+/g, "-").slice(0, 100);
  const thinned = isThinned ? " Its longest timelines are thinned out, to keep the page small." : "";
  return `<h3>The results of this run</h3>\n<p>The page holds the results file: compare it with others as it is, or ` +
    `save the results alone.${thinned}</p>\n` +
    `<button type="button" class="save" data-file="${name}.json" hidden>Save the results as JSON</button>\n`;
}

/** A part whose title says how it ended. */
function verdictSection(id: string, blocks: readonly Block[]): PageSection {
  const [title = ""] = blocks.flatMap((block) => block.kind === "heading" ? [plainText(titleOf(block))] : []);
  return { id, title, html: blocksHtml(blocks, title) };
}

function headerHtml(report: Report): string {
  const { target, startedAt, durationMs } = report;
  const facts: readonly Words[] = [
    (target.embedded ? "embedded server" : target.url) + (target.device === null ? "" : ` on ${target.device}`),
    target.protocol,
    momentInWords(startedAt),
    say`took ${inlineTime(durationMs)}`,
  ];
  const notices = banner(report).filter(({ kind }) => kind === "paragraph");
  return `<p class="kind">Performance report</p>\n<h1>${inlineHtml(target.model)}</h1>\n` +
    `<ul class="facts">${facts.map((fact) => `<li>${inlineHtml(fact)}</li>`).join("\n")}</ul>\n` +
    (target.embedded ? `<p class="kind">Random weights: timing is real, predictions mean nothing.</p>\n` : "") +
    blocksHtml(notices);
}
