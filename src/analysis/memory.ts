import { findingOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** Whether the server's memory grows from request to request. */
export const memoryGrowth: FindingRule = ({ memory }) => {
  if (!memory?.growth) return null;
  const { verdict, bytesPerRequest, pValue, requests } = memory.growth;
  const isLeak = verdict === "growing" && bytesPerRequest.value >= THRESHOLDS.leakBytesPerRequest;
  return {
    code: "memory-growth",
    severity: isLeak ? "warning" : "info",
    evidence: { bytesPerRequest, verdict, pValue, requests },
  };
};

/** What the allocator's counters show of fragmentation, also if they show none or there are none. */
export const fragmentation: FindingRule = ({ memory }) => {
  if (!memory) return null;
  const { verdict, evidence: counters } = memory.fragmentation;
  return {
    code: "fragmentation",
    severity: verdict === "detected" ? "warning" : "info",
    evidence: { verdict, counters },
  };
};

/** Watch for a leak, where memory grows by an amount that matters. */
export const watchLeak: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "memory-growth");
  if (found?.severity !== "warning") return null;
  const { bytesPerRequest, requests } = found.evidence;
  return { code: "watch-leak", evidence: { bytesPerRequest, requests } };
};

/** Reload, pool, watch, where the allocator holds much more than is in use. */
export const reduceFragmentation: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "fragmentation");
  return found?.evidence.verdict === "detected"
    ? { code: "reduce-fragmentation", evidence: found.evidence.counters }
    : null;
};

/** Nothing to do about fragmentation: said only where the allocator's counters were read. */
export const noFragmentation: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "fragmentation");
  return found?.evidence.verdict === "not detected"
    ? { code: "no-fragmentation", evidence: found.evidence.counters }
    : null;
};
