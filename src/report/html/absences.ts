import { type Absences, TEST_KINDS, type TestResults } from "../../results/result.ts";
import { type Block, list, subheading } from "../sections/block.ts";
import { enumerate } from "../../words/words.ts";
import { RESULT_KINDS, type ResultKind, SECTION_NAMES } from "./section_names.ts";

const FIELDS: Readonly<Record<string, string>> = {
  "cold": "cold starts",
  "cold.samples": "the other cold starts",
  "overheadMs": "cold start overhead",
  "warm": "warm latency",
  "warm.latencyMs": "warm latency",
  "latencyMs": "latency",
  "requestsPerSecond": "throughput",
  "firstByteMs": "first byte",
  "serverMs": "server time",
  "speedup": "speedup",
  "optimalBatchSize": "optimal batch size",
  "plateauBatchSize": "plateau",
  "maxPredictionsPerSecond": "maximum throughput",
  "optimalConcurrency": "optimal concurrency",
  "degradationPercent": "degradation",
  "usl": "Universal Scalability Law",
  "scope": "the server's memory",
  "gpu": "GPU memory",
  "gpuBytes": "GPU memory",
  "baseline": "memory without the model",
  "phases": "the other phases",
  "modelFootprintBytes": "model footprint",
  "growth": "growth",
  "fragmentation": "fragmentation",
  "requestsPerMb": "requests per MB",
};

/** Name of a field that has no words of its own: `firstByteMs` is `first byte ms`. */
const fieldInWords = (field: string) =>
  FIELDS[field] ?? field.replace(/\./g, " ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What was not measured, and why. */
export function absencesList(tests: TestResults): Block[] {
  const left = TEST_KINDS.filter((kind) => tests[kind] === undefined);
  const lines = RESULT_KINDS.flatMap((kind) =>
    Object.entries(tests[kind]?.absences ?? NONE).map(([field, reason]) =>
      `${SECTION_NAMES[kind]}, ${fieldInWords(field)}: ${reason}`
    )
  );
  if (left.length > 0) lines.push(`Tests that are not in this report: ${enumerate(left.map(nameOf))}`);
  return lines.length === 0 ? [] : [subheading("What was not measured, and why"), list(lines)];
}

const NONE: Absences = {};
const nameOf = (kind: ResultKind) => SECTION_NAMES[kind].toLowerCase();
