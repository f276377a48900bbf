import {
  KINDS,
  type ResultByKind,
  type ResultKind,
  resultsOf,
  type TestResult,
  type TestResults,
} from "../../results/kinds.ts";
import type { Kind } from "../../results/kinds/kind.ts";
import { abSection } from "./ab.ts";
import { basicSection } from "./basic.ts";
import { type Block, paragraph } from "./block.ts";
import { glossary } from "./glossary.ts";
import { latencySection } from "./latency.ts";
import { loadSection } from "./load.ts";
import { memorySection } from "./memory.ts";
import { operatingPointsSection } from "./operating_points.ts";
import { promptsSection } from "./prompts/prompts.ts";
import { scalabilitySection } from "./scalability.ts";
import { throughputSection } from "./throughput.ts";
import { refusedServerTimesInWords } from "../../words/words.ts";
import { windowsSection } from "./windows.ts";

/** What the report says of each kind of result that has words of its own; any other is told by its figures and windows. */
const SECTION_OF: { readonly [K in ResultKind]?: (result: ResultByKind[K]) => Block[] } = {
  "basic": basicSection,
  "latency": latencySection,
  "throughput": throughputSection,
  "scalability": scalabilitySection,
  "prompts": promptsSection,
  "memory": memorySection,
  "load": loadSection,
  "operating-points": operatingPointsSection,
  "ab": abSection,
};

/** One kind of result with what the report says of it. */
export interface Section {
  /** Which kind. */
  readonly kind: ResultKind;
  /** Its result. */
  readonly result: TestResult;
  /** Its blocks, the heading first. */
  readonly blocks: readonly Block[];
}

/**
 * The sections of all results that there are, in the order of the report.
 *
 * @param tests Results by kind.
 * @returns None without blocks.
 */
export function sectionsOf(tests: TestResults): Section[] {
  return resultsOf(tests)
    .map(({ kind, result }) => ({ kind, result, blocks: blocksOf(kind, result) }))
    .filter(({ blocks }) => blocks.length > 0);
}

function blocksOf(kind: ResultKind, result: TestResult): Block[] {
  const own = SECTION_OF[kind] as ((result: TestResult) => Block[]) | undefined;
  const told = own?.(result) ?? windowsSection(KINDS[kind] as Kind<TestResult>, result);
  const blocks = told.length === 0 ? [] : [...told, ...glossary(kind, result)];
  const refused = refusedServerTimesInWords(result), [heading, ...rest] = blocks;
  return refused === null || heading === undefined ? blocks : [heading, paragraph(refused, "warning"), ...rest];
}
