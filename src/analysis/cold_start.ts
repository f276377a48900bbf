import { findingOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

const thresholdMs = THRESHOLDS.coldOverheadMs;

/** A cold start that costs more than {@linkcode THRESHOLDS.coldOverheadMs} over a warm request. */
export const coldStartOverhead: FindingRule = ({ latency }) => {
  const overheadMs = latency?.overheadMs ?? null;
  if (!latency || overheadMs === null || overheadMs.value <= thresholdMs) return null;
  return {
    code: "cold-start-overhead",
    severity: "warning",
    evidence: { overheadMs, overheadPercent: latency.overheadPercent, thresholdMs },
  };
};

/** Preload, cache or keep warm, where a cold start is long. */
export const preload: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "cold-start-overhead");
  return found && { code: "preload", evidence: { overheadMs: found.evidence.overheadMs, thresholdMs } };
};

/** No need to preload, where the whole interval of the overhead lies within the threshold. */
export const noPreloadNeeded: RecommendationRule = ({ latency }) => {
  const overheadMs = latency?.overheadMs ?? null;
  if (overheadMs === null || overheadMs.high === null || overheadMs.high > thresholdMs) return null;
  return { code: "no-preload-needed", evidence: { overheadMs, thresholdMs } };
};
