import type { PairedResult } from "../../results/ab.ts";
import type { OperatingPoint, TestResult } from "../../results/result.ts";
import { abSection } from "./ab.ts";
import { basicSection } from "./basic.ts";
import type { Block } from "./block.ts";
import { latencySection } from "./latency.ts";
import { loadSection } from "./load.ts";
import { memorySection } from "./memory.ts";
import { operatingPointsSection } from "./operating_points.ts";
import { scalabilitySection } from "./scalability.ts";
import type { SectionResults, Source } from "./section_names.ts";
import { throughputSection } from "./throughput.ts";

/** The result of each kind. */
type ResultOf<Kind extends Source> = Kind extends "ab" ? PairedResult
  : Kind extends "operating-points" ? readonly OperatingPoint[]
  : Extract<TestResult, { kind: Kind }>;

/** What the report says of each kind of result. */
export const SECTION_OF: { readonly [Kind in Source]: (result: ResultOf<Kind>) => Block[] } = {
  "basic": basicSection,
  "latency": latencySection,
  "throughput": throughputSection,
  "scalability": scalabilitySection,
  "load": loadSection,
  "memory": memorySection,
  "operating-points": operatingPointsSection,
  "ab": abSection,
};

/** One kind of result with what the report says of it. */
export interface Section {
  /** Which kind. */
  readonly kind: Source;
  /** Its blocks, the heading first. */
  readonly blocks: readonly Block[];
}

/**
 * The sections of all results that there are, in the order of the report.
 *
 * @param results Results by kind.
 * @returns None without blocks.
 */
export function sectionsOf(results: SectionResults): Section[] {
  const byKind: { readonly [Kind in Source]?: ResultOf<Kind> | undefined } = {
    ...results,
    "operating-points": results.operatingPoints,
  };
  const section = <Kind extends Source>(kind: Kind): Section => {
    const result: ResultOf<Kind> | undefined = byKind[kind];
    return { kind, blocks: result === undefined ? [] : SECTION_OF[kind](result) };
  };
  return SOURCES.map((kind) => section(kind)).filter(({ blocks }) => blocks.length > 0);
}

const SOURCES = Object.keys(SECTION_OF) as Source[];
