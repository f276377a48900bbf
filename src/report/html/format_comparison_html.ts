import { VERSION } from "../../core/version.ts";
import { plotDifferences } from "../../plot/compared/differences.ts";
import { plotComparison } from "../../plot/comparison.ts";
import { KINDS, RESULT_KINDS, type TestResult } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { comparisonAnswer, comparisonInShort } from "../../words/comparison/comparison_in_short.ts";
import { say } from "../../words/inline.ts";
import { momentInWords } from "../../words/words.ts";
import type { LabelledComparison } from "../format_comparison.ts";
import type { Block } from "../sections/block.ts";
import { comparisonSection } from "../sections/comparison.ts";
import { leadHtml } from "./answer_html.ts";
import { blocksHtml } from "./blocks_html.ts";
import { figureHtml } from "./charts.ts";
import { inlineHtml } from "./inline_html.ts";
import { pageHtml, type PageSection } from "./page_html.ts";

/** A run of a comparison. */
export interface LabelledRun {
  /** What it is called, as in the comparisons. */
  readonly label: string;
  /** What was measured. */
  readonly report: Report;
}

/**
 * Several runs as one HTML file to send to others: what differs, each comparison with a chart of its effects and their
 * intervals, and the results of each test over each other.
 *
 * @param runs The runs, the first that which the others are held against.
 * @param comparisons From `compare`, with what their runs are called.
 * @returns The page.
 */
export function formatComparisonHtml(
  runs: readonly LabelledRun[],
  comparisons: readonly LabelledComparison[],
): string {
  const names = namesOf(runs.map(({ label }) => label));
  const name = (label: string) => names.get(label) ?? label;
  const [first, ...others] = runs.map(({ label }) => name(label));
  const title = `${others.join(", ")} against ${first}`;
  const legends = new Set<string>();
  const sections: readonly PageSection[] = [
    { id: "answer", title: "In short", html: answerHtml(comparisons, name) },
    ...comparisons.map(({ a, b, comparison }, index): PageSection => {
      const blocks = comparisonSection(comparison, { a, b });
      for (const block of blocks) if (block.kind === "legend") legends.add(inlineHtml(block.text));
      return {
        id: `comparison-${index + 1}`,
        title: `${name(b)} against ${name(a)}`,
        html: `<p class="question">How does the second run stand against the first?</p>\n` + pairHtml(
          comparison.figures.length === 0 ? "" : figureHtml(plotDifferences(comparison, { theme: "light" })),
          toldBlocks(blocks),
        ),
      };
    }),
    ...overlaid(runs, name),
    { id: "method", title: "How to read it", html: [...legends].map((text) => `<p>${text}</p>\n`).join("") },
  ];
  return pageHtml({
    title: `${title}: comparison`,
    header: `<p class="kind">Comparison of ${runs.length} runs</p>\n<h1>${inlineHtml(title)}</h1>\n` +
      `<ul class="facts">${runs.map((run) => `<li>${inlineHtml(runInWords(run, name))}</li>`).join("\n")}</ul>\n`,
    sections: sections.filter(({ html }) => html !== ""),
    footer: `Made by torchgauge ${VERSION}. This file needs no network.`,
  });
}

/** The names of files, without their folders and endings where they still differ then. */
function namesOf(labels: readonly string[]): ReadonlyMap<string, string> {
  const distinct = [...new Set(labels)];
  const short = distinct.map((label) => label.replace(/^.*[/\\]/s, "").replace(/\.(?:json|html?|csv)$/i, ""));
  const isUnique = new Set(short).size === distinct.length && !short.includes("");
  return new Map(distinct.map((label, index) => [label, isUnique ? short[index]! : label]));
}

function answerHtml(comparisons: readonly LabelledComparison[], name: (label: string) => string): string {
  const [only, ...others] = comparisons;
  if (only !== undefined && others.length === 0) return leadHtml(comparisonAnswer(only.comparison));
  const answers = comparisons.map(({ b, comparison }) => say`${name(b)}: ${comparisonInShort(comparison)}`);
  return `<ul class="points">${answers.map((words) => `<li>${inlineHtml(words)}</li>`).join("\n")}</ul>\n`;
}

/** What the page does not say elsewhere: the answer stands above, and how to read it below. */
function toldBlocks(blocks: readonly Block[]): Block[] {
  return blocks.filter((block) => block.kind !== "legend" && !(block.kind === "facts" && block.isAnswer));
}

/** The chart beside what the runs are and differ in, the numbers below. */
function pairHtml(chart: string, blocks: readonly Block[]): string {
  const numbers = blocks.findIndex((block) => block.kind === "heading" && block.title.startsWith("Second"));
  const cut = numbers < 0 ? blocks.length : numbers;
  const facts = blocksHtml(blocks.slice(0, cut));
  return (chart === "" ? facts : `<div class="pair"><div>${chart}</div>\n<div>${facts}</div></div>\n`) +
    blocksHtml(blocks.slice(cut));
}

/** The results of each test that several runs have, over each other. */
function overlaid(runs: readonly LabelledRun[], name: (label: string) => string): PageSection[] {
  return RESULT_KINDS.flatMap((kind): PageSection[] => {
    const results = runs.flatMap(({ label, report }): [string, TestResult][] => {
      const result = report.tests[kind];
      return result === undefined ? [] : [[name(label), result]];
    });
    const byName = Object.fromEntries(results);
    if (Object.keys(byName).length < 2) return [];
    const html = `<p class="question">${KINDS[kind].question}</p>\n` +
      figureHtml(plotComparison(byName, { theme: "light" }));
    return [{ id: kind, title: KINDS[kind].title, html }];
  });
}

function runInWords({ label, report: { target, startedAt } }: LabelledRun, name: (label: string) => string): string {
  const server = target.embedded ? "the embedded server" : target.url;
  return `${name(label)}: ${target.model} at ${server}, ${momentInWords(startedAt)}`;
}
