import type { Report } from "../../results/report.ts";
import {
  analysisSection,
  answerBlocks,
  findingsSection,
  isSingleTest,
  recommendationsSection,
  warningsSection,
} from "../sections/analysis.ts";
import { banner, runFacts } from "../sections/banner.ts";
import type { Block } from "../sections/block.ts";
import { baselineSection } from "../sections/comparison.ts";
import { efficiencySection } from "../sections/efficiency.ts";
import { gateSection } from "../sections/gate.ts";
import { sectionsOf } from "../sections/section_of.ts";
import { closingSection } from "./closing.ts";
import { type PageOptions, pageText } from "./page_text.ts";

/** How the text looks. */
export interface TextOptions extends PageOptions {
  /** What to write of it, always in this order. @default {["banner", "results", "analysis", "answer"]} */
  readonly parts?: readonly TextPart[];
}

/**
 * Parts of a text.
 *
 * - `banner`: what was measured, where, what the signs of the results mean, and the answer
 * - `results`: the numbers of each test
 * - `analysis`: what they show, what to do, and what limits them
 * - `answer`: once more what they come to, so that it is on the screen when all is written
 * - `run`: of these only what was run, on which machine, by which command, and the warnings: the end of a notebook
 */
export type TextPart = "banner" | "results" | "analysis" | "answer" | "run";

/** What the numbers show; the answer itself where it does not stand at the end as well. */
function analysisSections(report: Report, isAnswered: boolean): Block[] {
  return [
    ...efficiencySection(report),
    ...(isSingleTest(report) ? findingsSection(report) : analysisSection(report, isAnswered)),
    ...recommendationsSection(report),
    ...warningsSection(report),
    ...(report.gate ? gateSection(report.gate) : []),
    ...(report.baseline ? baselineSection(report.baseline) : []),
  ];
}

/**
 * A report for people: what was measured, each test's numbers with their intervals, and what to do about them.
 * A report of one test has that test's section and its own findings only.
 *
 * @param report What was measured.
 * @param options How the text looks.
 * @returns Lines no wider than `options.width`, each ended by a newline.
 */
export function formatText(report: Report, options: TextOptions = {}): string {
  const { parts = ["banner", "results", "analysis", "answer"], ...look } = options;
  return pageText([
    ...(parts.includes("banner") ? [...banner(report), ...answerBlocks(report)] : []),
    ...(parts.includes("results") ? sectionsOf(report.tests).flatMap(({ blocks }) => blocks) : []),
    ...(parts.includes("analysis") ? analysisSections(report, parts.includes("answer")) : []),
    ...(parts.includes("answer") ? closingSection(report) : []),
    ...(parts.includes("run") ? [...runFacts(report), ...warningsSection(report)] : []),
  ], look);
}
