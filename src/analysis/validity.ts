import type { Counts, TestKind, TestResult } from "../results/result.ts";
import { FAILURE_REASONS, type FailureReason } from "../core/outcome.ts";
import type { Severity } from "../results/finding.ts";
import { bottleneckOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { levelsOf, loadLevels } from "./load_levels.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** Requests of one test that failed, and how. */
export const errorsOf = (test: TestKind): FindingRule => (tests) => {
  const windows = loadLevels(tests, test);
  const counts: Counts[] = windows.map(({ measured }) => measured);
  if (test === "latency" && tests.latency) counts.push(tests.latency.warm.counts);
  const requests = total(counts.map((count) => count.requests));
  const failed = total(counts.map((count) => count.failed));
  if (failed === 0) return null;
  return {
    code: "errors",
    severity: severityOf(failed / requests),
    evidence: {
      test,
      requests,
      failed,
      levels: levelsOf(windows.filter(({ measured }) => measured.failed > 0)),
      failuresByReason: failuresByReason(counts),
      failureExamples: Object.assign({}, ...counts.map((count) => count.failureExamples).reverse()),
    },
  };
};

function severityOf(failedShare: number): Severity {
  if (failedShare >= THRESHOLDS.criticalErrorRate) return "critical";
  return failedShare >= THRESHOLDS.usableErrorRate ? "warning" : "info";
}

function failuresByReason(counts: readonly Counts[]): Partial<Record<FailureReason, number>> {
  const sums = FAILURE_REASONS.map((reason) =>
    [reason, total(counts.map((count) => count.failuresByReason[reason] ?? 0))] as const
  );
  return Object.fromEntries(sums.filter(([, count]) => count > 0));
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** Levels of one test whose intervals did not reach the wanted precision. */
export const notConverged = (test: TestKind): FindingRule => (tests) => {
  const windows = loadLevels(tests, test).filter(({ measured }) => measured.succeeded > 0 && !measured.converged);
  const isWarmImprecise = test === "latency" && tests.latency?.warm.latencyMs && !tests.latency.warm.converged;
  if (windows.length === 0 && !isWarmImprecise) return null;
  return { code: "not-converged", severity: "info", evidence: { test, levels: levelsOf(windows) } };
};

/** Levels of one test that the client, not the server, may have set. */
export const clientLimited = (test: TestKind): FindingRule => (tests) => {
  const result: TestResult | undefined = tests[test];
  if (!result) return null;
  const windows = loadLevels(tests, test);
  const limited = windows.filter(({ measured }) => measured.clientLimited);
  // A test with levels says of each level whether it was limited; its own summary would only repeat the worst.
  const isLimited = limited.length > 0 || (levelsOf(windows).length === 0 && result.client.limited);
  if (!isLimited) return null;
  const { cpuShare, ceilingPerSecond } = result.client;
  return {
    code: "client-limited",
    severity: "warning",
    evidence: { test, levels: levelsOf(limited), cpuShare, ceilingPerSecond },
  };
};

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
