import type { Report } from "../../results/report.ts";
import type { TestResults } from "../../results/result.ts";
import type { Block } from "../sections/block.ts";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs.ts";
import { renderBlocks } from "./render_blocks.ts";
import {
  analysisSection,
  findingsSection,
  isSingleTest,
  recommendationsSection,
  warningsSection,
} from "../sections/analysis.ts";
import { banner } from "../sections/banner.ts";
import { basicSection } from "../sections/basic.ts";
import { baselineSection } from "../sections/comparison.ts";
import { gateSection } from "../sections/gate.ts";
import { latencySection } from "../sections/latency.ts";
import { loadSection } from "../sections/load.ts";
import { memorySection } from "../sections/memory.ts";
import { scalabilitySection } from "../sections/scalability.ts";
import { throughputSection } from "../sections/throughput.ts";

/** How the text looks. */
export interface TextOptions {
  /** Plain ASCII, for terminals and logs that show no other. @default {false} */
  readonly ascii?: boolean;
  /** ANSI colours. @default {false} */
  readonly color?: boolean;
  /** Width in terminal cells, at least 70. @default {100} */
  readonly width?: number;
  /** What to write of it, always in this order. @default {all} */
  readonly parts?: readonly TextPart[];
}

/** Parts of a text. */
export type TextPart = "banner" | "results" | "analysis";

const DEFAULT_WIDTH = 100;
const SMALLEST_WIDTH = 70;

function testSections({ basic, latency, throughput, scalability, memory, load }: TestResults): Block[] {
  return [
    ...(basic ? basicSection(basic) : []),
    ...(latency ? latencySection(latency) : []),
    ...(throughput ? throughputSection(throughput) : []),
    ...(scalability ? scalabilitySection(scalability) : []),
    ...(memory ? memorySection(memory) : []),
    ...(load ? loadSection(load) : []),
  ];
}

function analysisSections(report: Report): Block[] {
  return [
    ...(isSingleTest(report) ? findingsSection(report) : analysisSection(report)),
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
  const { ascii = false, color = false, width = DEFAULT_WIDTH, parts = ["banner", "results", "analysis"] } = options;
  const blocks = [
    ...(parts.includes("banner") ? banner(report) : []),
    ...(parts.includes("results") ? testSections(report.tests) : []),
    ...(parts.includes("analysis") ? analysisSections(report) : []),
  ];
  const glyphs = ascii ? ASCII_GLYPHS : UNICODE_GLYPHS;
  const lines = renderBlocks(blocks, { glyphs, color, width: Math.max(SMALLEST_WIDTH, width) });
  return lines.map((line) => `${line}\n`).join("");
}
