import type { TestResult } from "../../results/result.ts";

/** A test that gives a result. */
export type ResultKind = TestResult["kind"];

/** A part of the report with numbers. */
export type Source = ResultKind | "operating-points";

/** What these parts are called. */
export const SECTION_NAMES: Readonly<Record<Source, string>> = {
  "basic": "Basic",
  "latency": "Latency",
  "throughput": "Throughput",
  "scalability": "Scalability",
  "load": "Load",
  "memory": "Memory",
  "operating-points": "Confirmation",
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
