import { type ResultKind, resultsOf, type TestResult } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import type { RunPart } from "../../results/resume/run_part.ts";

/** What stands of a run that broke off. */
export interface KeptResults {
  /** Results of whole tests. */
  readonly results: ReadonlyMap<ResultKind, TestResult>;
  /** Tests that it had begun, and that are measured again as a whole. */
  readonly dropped: readonly ResultKind[];
  /** Its parts, with what stands of each. */
  readonly parts: readonly RunPart[];
}

/**
 * What stands of a run that broke off: the tests that are whole.
 *
 * @param before What it measured.
 */
export function keptResults(before: Report): KeptResults {
  const whole = new Map(
    resultsOf(before.tests).flatMap(({ kind, result }) => result.partial === null ? [[kind, result] as const] : []),
  );
  // They follow from both sweeps.
  if (!whole.has("throughput") || !whole.has("scalability")) whole.delete("operating-points");
  const dropped = resultsOf(before.tests).flatMap(({ kind }) => whole.has(kind) ? [] : [kind]);
  const { startedAt, durationMs, environment, tests, partial: ended } = before;
  const parts = before.parts ?? [{
    startedAt,
    durationMs,
    environment,
    tests: resultsOf(tests).map(({ kind }) => kind),
    dropped: [],
    ended,
  }];
  return {
    results: whole,
    dropped,
    parts: parts.map((part) => ({
      ...part,
      tests: part.tests.filter((kind) => whole.has(kind)),
      dropped: [...part.dropped, ...part.tests.filter((kind) => !whole.has(kind))],
    })),
  };
}

/**
 * The tests that are still to be measured of a run that broke off; none where it is whole.
 *
 * @param before What it measured.
 * @param kinds Its tests, in their order.
 */
export function testsLeft<K extends ResultKind>(before: Report, kinds: readonly K[]): readonly K[] {
  const { results } = keptResults(before);
  return kinds.filter((kind) => !results.has(kind));
}
