import { FAILURE_REASONS, type FailureReason } from "../core/outcome.ts";
import type { ResultKind, TestResult, TestResults } from "../results/kinds.ts";
import type { LevelWindow } from "../results/kinds/kind.ts";
import type { LeftLevel } from "../results/window/left_level.ts";
import type { Severity } from "../core/severity.ts";
import { FAILED_LIMIT, holdsEnough } from "../results/window/usable.ts";
import { type Counts, isOpen } from "../results/window/window.ts";
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
  const windows = windowsIn(tests, test).filter(({ window }) => window.failed > limitedIn(window));
  const counts: Counts[] = windows.map(({ window }) => window);
  const unanswered = total(windows.map(({ window }) => window.unanswered ?? 0));
  const requests = total(counts.map((count) => count.requests)) + unanswered;
  // What the server does not want so much of is no fault of it.
  const failed = total(counts.map((count) => count.failed - limitedIn(count)));
  if (failed === 0) return null;
  return {
    code: "errors",
    severity: severityOf(failed / requests),
    evidence: {
      test,
      requests,
      failed,
      levels: levelsOf(windows),
      ...withoutLimited(failuresByReason(counts), examplesOf(counts)),
    },
  };
};

/** Requests of one test that the server did not want: more than its limit of a rate, or than it can take now. */
export const limitedOf = (test: ResultKind): FindingRule => (tests) => {
  const windows = windowsIn(tests, test);
  const counts: Counts[] = windows.map(({ window }) => window);
  const limited = total(counts.map(limitedIn)), heldMs = total(windows.map(({ window }) => window.heldMs ?? 0));
  if (limited === 0 && heldMs === 0) return null;
  const unanswered = total(windows.map(({ window }) => window.unanswered ?? 0));
  const requests = total(counts.map((count) => count.requests)) + unanswered;
  return {
    code: "rate-limited",
    severity: heldMs > 0 || limited / requests >= FAILED_LIMIT ? "warning" : "info",
    evidence: {
      test,
      requests,
      limited,
      levels: levelsOf(windows.filter(({ window }) => limitedIn(window) > 0 || window.heldMs !== undefined)),
      example: examplesOf(counts).limited ?? null,
      ...heldMs > 0 && { heldMs, isOpen: windows.some(({ window }) => window.heldMs !== undefined && isOpen(window)) },
    },
  };
};

const limitedIn = ({ failuresByReason: { limited = 0 } }: Counts) => limited;

function examplesOf(counts: readonly Counts[]): Counts["failureExamples"] {
  return Object.assign({}, ...counts.map((count) => count.failureExamples).reverse());
}

function withoutLimited(
  { limited: _, ...failuresByReason }: Counts["failuresByReason"],
  { limited: __, ...failureExamples }: Counts["failureExamples"],
): Pick<Counts, "failuresByReason" | "failureExamples"> {
  return { failuresByReason, failureExamples };
}

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

/** Of the tests that met the server's limit, the one that met it most. */
export const heedLimit: RecommendationRule = (_tests, findings) => {
  const [worst] = findings
    .flatMap((finding) => finding.code === "rate-limited" && finding.severity !== "info" ? [finding.evidence] : [])
    .sort((a, b) => b.limited / b.requests - a.limited / a.requests);
  return worst === undefined ? null : { code: "heed-limit", evidence: worst };
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
