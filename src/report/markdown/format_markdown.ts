import type { Report } from "../../results/report.ts";
import {
  analysisSection,
  answerBlocks,
  findingsSection,
  isSingleTest,
  recommendationsSection,
  warningsSection,
} from "../sections/analysis.ts";
import { banner } from "../sections/banner.ts";
import type { Block } from "../sections/block.ts";
import { baselineSection, comparisonSection } from "../sections/comparison.ts";
import type { LabelledComparison } from "../format_comparison.ts";
import { efficiencySection } from "../sections/efficiency.ts";
import { gateSection } from "../sections/gate.ts";
import { sectionsOf } from "../sections/section_of.ts";
import { blocksMarkdown } from "./blocks_markdown.ts";

/**
 * A report as GitHub's Markdown, for a comment, an issue or the summary of a job: what was measured, whether it keeps what
 * it must, what to do, and then each test's numbers with their intervals.
 *
 * @param report What was measured.
 * @returns Text that ends with a line end. What the server said in it shows as it is and mentions nobody.
 */
export function formatMarkdown(report: Report): string {
  const blocks: readonly Block[] = [
    ...banner(report),
    ...answerBlocks(report),
    ...(report.gate ? gateSection(report.gate) : []),
    ...(report.baseline ? baselineSection(report.baseline) : []),
    ...(isSingleTest(report) ? findingsSection(report) : analysisSection(report, true)),
    ...recommendationsSection(report),
    ...warningsSection(report),
    ...efficiencySection(report),
    ...sectionsOf(report.tests).flatMap(({ blocks }) => blocks),
  ];
  return blocksMarkdown(blocks);
}

/**
 * Comparisons as GitHub's Markdown.
 *
 * @param comparisons From `compare`, with what their runs are called.
 * @returns Text that ends with a line end.
 */
export function formatComparisonMarkdown(comparisons: readonly LabelledComparison[]): string {
  return blocksMarkdown(comparisons.flatMap(({ a, b, comparison }) => comparisonSection(comparison, { a, b })));
}
