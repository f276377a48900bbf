import type { TestResults } from "../../results/result.ts";
import type { Block } from "../sections/block.ts";
import { basicSection } from "../sections/basic.ts";
import { latencySection } from "../sections/latency.ts";
import { loadSection } from "../sections/load.ts";
import { memorySection } from "../sections/memory.ts";
import { scalabilitySection } from "../sections/scalability.ts";
import { throughputSection } from "../sections/throughput.ts";
import { blocksHtml } from "./blocks_html.ts";
import { chartsHtml } from "./charts.ts";
import { operatingPointsTable } from "./operating_points.ts";
import type { PageSection } from "./page_html.ts";
import { RESULT_KINDS, type ResultKind, SECTION_NAMES } from "./section_names.ts";

/** What each test asks. */
const QUESTIONS: Readonly<Record<ResultKind, string>> = {
  basic: "How fast does the server answer at one load?",
  latency: "What does a cold start cost, against a model that is loaded and warm?",
  throughput: "Which batch size gives the most predictions per second?",
  scalability: "How many requests at a time does the server carry?",
  load: "Which rate of arrivals does the server sustain, and what is the latency there?",
  memory: "What does the model cost in memory, and does it grow?",
};

function blocksOf(kind: ResultKind, { basic, latency, throughput, scalability, load, memory }: TestResults): Block[] {
  switch (kind) {
    case "basic":
      return basic ? basicSection(basic) : [];
    case "latency":
      return latency ? latencySection(latency) : [];
    case "throughput":
      return throughput ? throughputSection(throughput) : [];
    case "scalability":
      return scalability ? scalabilitySection(scalability) : [];
    case "load":
      return load ? loadSection(load) : [];
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
  const sections = RESULT_KINDS.filter((kind) => tests[kind] !== undefined).map((kind): PageSection => ({
    id: kind,
    title: SECTION_NAMES[kind],
    html: testHtml(kind, tests),
  }));
  const points = operatingPointsTable(tests);
  return points.length === 0 ? sections : [...sections, {
    id: "operating-points",
    title: SECTION_NAMES["operating-points"],
    html: `<p class="question">Does the recommended batch size hold at the recommended concurrency?</p>\n` +
      chartsHtml("operating-points", tests.operatingPoints) + blocksHtml(points, SECTION_NAMES["operating-points"]),
  }];
}

/** A table with more columns than this stands below the charts, not beside them. */
const MOST_BESIDE = 2;

function testHtml(kind: ResultKind, tests: TestResults): string {
  const blocks = blocksOf(kind, tests);
  const isNotice = (block: Block) => block.kind === "paragraph" && block.tone !== "plain";
  const others = blocks.filter((block) => !isNotice(block));
  const table = others.findIndex((block) => block.kind === "table" && block.columns.length > MOST_BESIDE);
  const cut = table < 0 ? others.length : others[table - 1]?.kind === "subheading" ? table - 1 : table;
  const charts = chartsHtml(kind, tests[kind]);
  const facts = blocksHtml(others.slice(0, cut));
  return `<p class="question">${QUESTIONS[kind]}</p>\n` +
    blocksHtml(blocks.filter(isNotice)) +
    (charts === "" ? facts : `<div class="pair"><div>${charts}</div>\n<div>${facts}</div></div>\n`) +
    blocksHtml(others.slice(cut));
}
