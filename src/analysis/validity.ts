import { FAILURE_REASONS, type FailureReason } from "../core/outcome.ts";
import type { ResultKind, TestResult, TestResults } from "../results/kinds.ts";
import type { LevelWindow } from "../results/kinds/kind.ts";
import type { LeftLevel } from "../results/window/left_level.ts";
import type { Severity } from "../core/severity.ts";
import { FAILED_LIMIT, holdsEnough } from "../results/window/usable.ts";
import type { Counts } from "../results/window/window.ts";
import { windowsOf } from "../results/windows.ts";
import { findingOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** The windows of one test of which anything may be said. */
export const windowsIn = (tests: TestResults, test: ResultKind) =>
  windowsOf(tests).filter(({ kind, window }) => kind === test && holdsEnough(window));

/** The levels among some windows; empty for a test without levels. */
export function levelsOf(windows: readonly LevelWindow[]): (number | string)[] {
  return windows.flatMap(({ level }) => level === null ? [] : [level]);
}

/**
 * Requests of one test that failed, and how, among those of the levels at which any did: the share is that of the table. What
 * an open loop gave up is among the requests.
 */
export const errorsOf = (test: ResultKind): FindingRule => (tests) => {
  const windows = windowsIn(tests, test).filter(({ window }) => window.failed > 0);
  const counts: Counts[] = windows.map(({ window }) => window);
  const unanswered = total(windows.map(({ window }) => window.unanswered ?? 0));
  const requests = total(counts.map((count) => count.requests)) + unanswered;
  const failed = total(counts.map((count) => count.failed));
  if (failed === 0) return null;
  return {
    code: "errors",
    severity: severityOf(failed / requests),
    evidence: {
      test,
      requests,
      failed,
      levels: levelsOf(windows),
      failuresByReason: failuresByReason(counts),
      failureExamples: Object.assign({}, ...counts.map((count) => count.failureExamples).reverse()),
    },
  };
};

function severityOf(failedShare: number): Severity {
  if (failedShare >= THRESHOLDS.criticalErrorRate) return "critical";
  return failedShare >= FAILED_LIMIT ? "warning" : "info";
}

function failuresByReason(counts: readonly Counts[]): Partial<Record<FailureReason, number>> {
  const sums = FAILURE_REASONS.map((reason) =>
    [reason, total(counts.map((count) => count.failuresByReason[reason] ?? 0))] as const
  );
  return Object.fromEntries(sums.filter(([, count]) => count > 0));
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

/**
 * Levels of one test whose intervals did not reach the wanted precision; a soak for memory has none to reach, and a level that
 * was visited once shall not.
 */
export const notConverged = (test: ResultKind): FindingRule => (tests) => {
  const left = leftIn(tests[test]);
  const windows = windowsIn(tests, test).filter(({ window, level }) =>
    window.succeeded > 0 && !window.converged && window.cutShort === undefined &&
    !left.some((each) => each.level === level)
  );
  if (windows.length === 0 || test === "memory" || test === "ab") return null;
  return { code: "not-converged", severity: "info", evidence: { test, levels: levelsOf(windows) } };
};

function leftIn(result: TestResult | undefined): readonly LeftLevel[] {
  return result?.kind === "throughput" || result?.kind === "scalability" ? result.left ?? [] : [];
}

/** Errors first: the worst of the tests that failed too often to be relied on. */
export const fixErrors: RecommendationRule = (_tests, findings) => {
  const [worst] = findings
    .flatMap((finding) => finding.code === "errors" && finding.severity !== "info" ? [finding.evidence] : [])
    .sort((a, b) => b.failed / b.requests - a.failed / a.requests);
  if (!worst) return null;
  const { test, requests, failed, levels, failuresByReason: { client } } = worst;
  const where = levels.length === 0 ? {} : { levels };
  const evidence = { test, requests, failed, ...where, ...client !== undefined && { byClient: client } };
  return { code: "fix-errors", evidence };
};

/** Whether the server answers repeated requests from a cache: this run's requests all differ, its users' may not. */
export const responseCache: FindingRule = ({ basic }) =>
  basic?.cache === undefined ? null : {
    code: "response-cache",
    severity: basic.cache.verdict === "cache" ? "warning" : "info",
    evidence: basic.cache,
  };

/** What a cache means for who sizes a server by this run. */
export const sizeWithoutCache: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "response-cache");
  return found?.evidence.verdict === "cache" ? { code: "size-without-cache", evidence: found.evidence } : null;
};
