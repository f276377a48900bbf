import type { TestKind } from "../../core/result.ts";

/** What the parts of a report with numbers are called. */
export const SECTION_NAMES: Readonly<Record<TestKind | "operating-points", string>> = {
  "operating-points": "Confirmation",
  "basic": "Basic",
  "latency": "Latency",
  "throughput": "Throughput",
  "scalability": "Scalability",
  "memory": "Memory",
};
