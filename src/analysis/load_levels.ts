import type { LevelMeasurement, TestKind, TestResults } from "../results/result.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** One measured window of a load test. */
export interface LoadLevel {
  /** Batch size or concurrency; `null` for a test without levels. */
  readonly level: number | null;
  /** What was measured. */
  readonly measured: LevelMeasurement;
}

/**
 * The windows of one load test, so that rules treat a test with levels and one without alike.
 *
 * @param tests The results.
 * @param test Which test; `latency` and `memory` hold no such windows.
 * @returns The windows by ascending level; empty if the test was not run.
 */
export function loadLevels(tests: TestResults, test: TestKind): LoadLevel[] {
  switch (test) {
    case "basic":
      return tests.basic ? [{ level: null, measured: tests.basic }] : [];
    case "throughput":
      return (tests.throughput?.levels ?? []).map((measured) => ({ level: measured.batchSize, measured }));
    case "scalability":
      return (tests.scalability?.levels ?? []).map((measured) => ({ level: measured.concurrency, measured }));
    case "latency":
    case "memory":
      return [];
  }
}

/**
 * The levels among some windows.
 *
 * @param windows What to take them from.
 * @returns Batch sizes or concurrencies; empty for a test without levels.
 */
export function levelsOf(windows: readonly LoadLevel[]): number[] {
  return windows.flatMap(({ level }) => level === null ? [] : [level]);
}

/**
 * Whether a window may carry a recommendation: it succeeded, nearly without errors, and the server set its numbers.
 *
 * @param measured The window.
 */
export function isUsable(measured: LevelMeasurement): boolean {
  return measured.succeeded > 0 && !measured.clientLimited &&
    measured.failed < THRESHOLDS.usableErrorRate * measured.requests;
}
