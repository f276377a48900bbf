import { TEST_KINDS, type TestKind, type TestResults } from "../../core/result.ts";
import type { Block } from "../block.ts";
import { basicSection } from "../sections/basic.ts";
import { latencySection } from "../sections/latency.ts";
import { memorySection } from "../sections/memory.ts";
import { scalabilitySection } from "../sections/scalability.ts";
import { throughputSection } from "../sections/throughput.ts";
import { blocksHtml } from "./blocks_html.ts";
import { chartsOf, figureHtml } from "./charts.ts";
import { operatingPointsTable } from "./operating_points.ts";
import type { PageSection } from "./page_html.ts";
import { SECTION_NAMES } from "./section_names.ts";

/** What each test asks. */
const QUESTIONS: Readonly<Record<TestKind, string>> = {
  basic: "How fast does the server answer at one load?",
  latency: "What does a cold start cost, against a model that is loaded and warm?",
  throughput: "Which batch size gives the most predictions per second?",
  scalability: "How many requests at a time does the server carry?",
  memory: "What does the model cost in memory, and does it grow?",
};

function blocksOf(kind: TestKind, { basic, latency, throughput, scalability, memory }: TestResults): Block[] {
  switch (kind) {
    case "basic":
      return basic ? basicSection(basic) : [];
    case "latency":
      return latency ? latencySection(latency) : [];
    case "throughput":
      return throughput ? throughputSection(throughput) : [];
    case "scalability":
      return scalability ? scalabilitySection(scalability) : [];
    case "memory":
      return memory ? memorySection(memory) : [];
  }
}

/**
 * One section for each test: its charts, beside them its figures, below them its tables.
 *
 * @param tests Results.
 */
export function testSections(tests: TestResults): PageSection[] {
  const sections = TEST_KINDS.filter((kind) => tests[kind] !== undefined).map((kind): PageSection => ({
    id: kind,
    title: SECTION_NAMES[kind],
    html: testHtml(kind, tests),
  }));
  const points = operatingPointsTable(tests);
  return points.length === 0 ? sections : [...sections, {
    id: "operating-points",
    title: SECTION_NAMES["operating-points"],
    html: `<p class="question">Does the recommended batch size hold at the recommended concurrency?</p>\n` +
      blocksHtml(points),
  }];
}

function testHtml(kind: TestKind, tests: TestResults): string {
  const blocks = blocksOf(kind, tests);
  const isNotice = (block: Block) => block.kind === "paragraph" && block.tone !== "plain";
  const others = blocks.filter((block) => !isNotice(block));
  const table = others.findIndex(({ kind }) => kind === "table");
  const cut = table < 0 ? others.length : others[table - 1]?.kind === "subheading" ? table - 1 : table;
  return `<p class="question">${QUESTIONS[kind]}</p>\n` +
    blocksHtml(blocks.filter(isNotice)) +
    `<div class="pair"><div>${chartsOf(kind, tests).map(figureHtml).join("")}</div>\n` +
    `<div>${blocksHtml(others.slice(0, cut))}</div></div>\n` +
    blocksHtml(others.slice(cut));
}
