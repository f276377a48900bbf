import { FAILURE_REASONS, type FailureReason } from "../core/outcome.ts";
import type { ClientLimitEvidence, Severity } from "../results/finding.ts";
import type { ResultKind, TestResult, TestResults } from "../results/kinds.ts";
import type { LevelWindow } from "../results/kinds/kind.ts";
import { LATE_MS } from "../results/window/at_least.ts";
import type { LeftLevel } from "../results/window/left_level.ts";
import { FAILED_LIMIT } from "../results/window/usable.ts";
import type { Counts } from "../results/window/window.ts";
import { windowsOf } from "../results/windows.ts";
import { bottleneckOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

const windowsIn = (tests: TestResults, test: ResultKind) => windowsOf(tests).filter(({ kind }) => kind === test);

/** The levels among some windows; empty for a test without levels. */
export function levelsOf(windows: readonly LevelWindow[]): (number | string)[] {
  return windows.flatMap(({ level }) => level === null ? [] : [level]);
}

/** Requests of one test that failed, and how; those that an open loop gave up are among them. */
export const errorsOf = (test: ResultKind): FindingRule => (tests) => {
  const windows = windowsIn(tests, test);
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
      levels: levelsOf(windows.filter(({ window }) => window.failed > 0)),
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
    window.succeeded > 0 && !window.converged && !left.some((each) => each.level === level)
  );
  if (windows.length === 0 || test === "memory" || test === "ab") return null;
  return { code: "not-converged", severity: "info", evidence: { test, levels: levelsOf(windows) } };
};

function leftIn(result: TestResult | undefined): readonly LeftLevel[] {
  return result?.kind === "throughput" || result?.kind === "scalability" ? result.left ?? [] : [];
}

/** Levels of one test that the client, not the server, may have set. */
export const clientLimited = (test: ResultKind): FindingRule => (tests) => {
  const result = tests[test];
  if (result === undefined) return null;
  const windows = windowsIn(tests, test);
  const limited = windows.filter(({ window }) => window.clientLimited);
  // A test with levels says of each level whether it was limited; its own summary would only repeat the worst.
  const isLimited = limited.length > 0 || (levelsOf(windows).length === 0 && result.client.limited);
  if (!isLimited) return null;
  return { code: "client-limited", severity: "warning", evidence: clientLimitOf(test, result, limited) };
};

/**
 * How the client came to limit windows of a test.
 *
 * @param test The test.
 * @param result Its result.
 * @param limited The windows that it limited.
 */
export function clientLimitOf(
  test: ResultKind,
  { client: { cpuShare, ceilingPerSecond } }: TestResult,
  limited: readonly LevelWindow[],
): ClientLimitEvidence {
  const lateness = limited.flatMap(({ window: { latenessMs } }) => latenessMs ? [latenessMs.p95.value] : []);
  const latest = Math.max(0, ...lateness);
  const late = latest > LATE_MS ? { latenessMs: latest } : {};
  return { test, levels: levelsOf(limited), cpuShare, ceilingPerSecond, ...late };
}

/** Errors first: the worst of the tests that failed too often to be relied on. */
export const fixErrors: RecommendationRule = (_tests, findings) => {
  const [worst] = findings
    .flatMap((finding) => finding.code === "errors" && finding.severity !== "info" ? [finding.evidence] : [])
    .sort((a, b) => b.failed / b.requests - a.failed / a.requests);
  if (!worst) return null;
  const { test, requests, failed } = worst;
  return { code: "fix-errors", evidence: { test, requests, failed } };
};

/** A stronger client, where the client limits what is measured at its best. */
export const strongerClient: RecommendationRule = (_tests, findings) => {
  const found = bottleneckOf(findings, "client");
  return found && { code: "stronger-client", evidence: found.evidence };
};
