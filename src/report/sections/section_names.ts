import type { PairedResult } from "../../results/ab.ts";
import type { TestResult, TestResults } from "../../results/result.ts";

/** A test that gives a result. */
export type ResultKind = TestResult["kind"];

/** A part of the report with numbers. */
export type Source = ResultKind | "operating-points" | "ab";

/** Everything that a report may have a section of. */
export interface SectionResults extends TestResults {
  /** Two servers, measured alternately. */
  readonly ab?: PairedResult;
}

/** What these parts are called. */
export const SECTION_NAMES: Readonly<Record<Source, string>> = {
  "basic": "Basic",
  "latency": "Latency",
  "throughput": "Throughput",
  "scalability": "Scalability",
  "load": "Load",
  "memory": "Memory",
  "operating-points": "Operating points",
  "ab": "A/B",
};

/** What each part asks. */
export const QUESTIONS: Readonly<Record<Source, string>> = {
  "basic": "How fast does the server answer at one load?",
  "latency": "What does a cold start cost, against a model that is loaded and warm?",
  "throughput": "Which batch size gives the most predictions per second?",
  "scalability": "How many requests at a time does the server carry?",
  "load": "Which rate of arrivals does the server sustain, and what is the latency there?",
  "memory": "What does the model cost in memory, and does it grow?",
  "operating-points": "Does the recommended batch size hold at the recommended concurrency?",
  "ab": "Which of two servers is faster, and by how much?",
};

/** Tests in the order of the report. */
export const RESULT_KINDS = [
  "basic",
  "latency",
  "throughput",
  "scalability",
  "load",
  "memory",
] as const satisfies readonly ResultKind[];
