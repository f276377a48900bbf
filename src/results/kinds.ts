import { abKind, type AbResult } from "./kinds/ab.ts";
import { basicKind, type BasicResult } from "./kinds/basic.ts";
import type { Kind, Side } from "./kinds/kind.ts";
import { latencyKind, type LatencyResult } from "./kinds/latency.ts";
import { loadKind, type LoadResult } from "./kinds/load.ts";
import { memoryKind, type MemoryResult } from "./kinds/memory.ts";
import { operatingPointsKind, type OperatingPointsResult } from "./kinds/operating_points.ts";
import { promptsKind, type PromptsResult } from "./kinds/prompts.ts";
import { scalabilityKind, type ScalabilityResult } from "./kinds/scalability.ts";
import { throughputKind, type ThroughputResult } from "./kinds/throughput.ts";

/** The result of each kind. */
export interface ResultByKind {
  /** One load. */
  readonly "basic": BasicResult;
  /** Cold starts against warm ones. */
  readonly "latency": LatencyResult;
  /** Predictions per second over batch sizes. */
  readonly "throughput": ThroughputResult;
  /** Requests per second over concurrency. */
  readonly "scalability": ScalabilityResult;
  /** Time to first token over the length of prompts, of language models. */
  readonly "prompts": PromptsResult;
  /** The server's memory through the life of a model. */
  readonly "memory": MemoryResult;
  /** How the server does at given arrival rates. */
  readonly "load": LoadResult;
  /** Points measured to confirm the joint recommendation. */
  readonly "operating-points": OperatingPointsResult;
  /** Two servers, measured alternately. */
  readonly "ab": AbResult;
}

/** A kind of result. */
export type ResultKind = keyof ResultByKind;

/** The result of any one kind. */
export type TestResult = ResultByKind[ResultKind];

/** Results by kind; one that was not asked for is absent. */
export type TestResults = { readonly [K in ResultKind]?: ResultByKind[K] };

/** Every kind of result, in the order of a report. With {@linkcode ResultByKind} the one list of kinds. */
export const KINDS: { readonly [K in ResultKind]: Kind<ResultByKind[K]> } = {
  "basic": basicKind,
  "latency": latencyKind,
  "throughput": throughputKind,
  "scalability": scalabilityKind,
  "prompts": promptsKind,
  "memory": memoryKind,
  "load": loadKind,
  "operating-points": operatingPointsKind,
  "ab": abKind,
};

/** The kinds in the order of a report. */
export const RESULT_KINDS: readonly ResultKind[] = Object.keys(KINDS) as ResultKind[];

/** A result with what the house knows of its kind. */
export interface KindResult<K extends ResultKind = ResultKind> {
  /** Which kind. */
  readonly kind: K;
  /** What is known of the kind. */
  readonly spec: Kind<ResultByKind[K]>;
  /** The result. */
  readonly result: ResultByKind[K];
}

/**
 * The results of a run, in the order of a report, each with what is known of its kind.
 *
 * @param tests Results by kind.
 */
export function resultsOf(tests: TestResults): readonly KindResult[] {
  return RESULT_KINDS.flatMap((kind) => {
    const result = tests[kind];
    return result === undefined ? [] : [{ kind, spec: KINDS[kind] as Kind<TestResult>, result }];
  });
}

/**
 * Whether no test was answered, and any sent something.
 *
 * @param tests Results by kind.
 */
export function isUnanswered(tests: TestResults): boolean {
  const answered = resultsOf(tests).map(({ spec, result }) =>
    spec.isAnswered !== undefined
      ? spec.isAnswered(result)
      : spec.windows(result).some(({ window }) => window.succeeded > 0)
  );
  return answered.length === 0 || (answered.includes(false) && !answered.includes(true));
}

/**
 * The servers of results that are of several, in the order of a report.
 *
 * @param tests Results by kind.
 */
export function sidesOf(tests: TestResults): readonly Side[] {
  return resultsOf(tests).flatMap(({ spec, result }) => spec.sides?.(result) ?? []);
}
