import { type GpuMemory, judgedGpuGrowth } from "../results/kinds/gpu_memory.ts";
import { findingOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** Whether the server's memory grows from request to request. */
export const memoryGrowth: FindingRule = ({ memory }) => {
  if (!memory?.growth) return null;
  const { verdict, bytesPerRequest, pValue, requests, because } = memory.growth;
  const isLeak = verdict === "growing" && bytesPerRequest.value >= THRESHOLDS.leakBytesPerRequest;
  return {
    code: "memory-growth",
    severity: isLeak ? "warning" : "info",
    evidence: {
      bytesPerRequest,
      verdict,
      pValue,
      requests,
      ...(memory.gpu ? { of: "host" as const } : {}),
      ...(because === undefined ? {} : { because }),
    },
  };
};

/**
 * Whether the server's GPU memory grows: by its allocator's counters where they can tell, else by what the process holds,
 * where a cache that goes on growing cannot be told from a leak.
 */
export const gpuMemoryGrowth: FindingRule = ({ memory }) => {
  const judged = memory?.gpu ? judgedGpuGrowth(memory.gpu) : null;
  if (judged === null || !memory?.gpu) return null;
  const { by, growth } = judged;
  const { verdict, bytesPerRequest, requests, requestsNeeded = null, because } = growth;
  const isLeak = verdict === "growing" && bytesPerRequest.value >= THRESHOLDS.leakBytesPerRequest;
  const ofProcess = memory.gpu.growth;
  const filledBytes = ofProcess?.filledBytes ?? growth.filledBytes;
  const isCache = by === "allocator" && verdict === "stable" && ofProcess?.verdict === "growing";
  const requestsUntilFull = verdict === "growing" ? requestsUntil(memory.gpu, bytesPerRequest.value) : null;
  return {
    code: "gpu-memory-growth",
    severity: isLeak ? "warning" : "info",
    evidence: {
      by,
      bytesPerRequest,
      verdict,
      requests,
      ...(filledBytes === undefined ? {} : { filledBytes }),
      ...(isCache ? { cacheBytesPerRequest: ofProcess.bytesPerRequest } : {}),
      ...(requestsNeeded === null ? {} : { requestsNeeded }),
      ...(requestsUntilFull === null ? {} : { requestsUntilFull }),
      ...(because === undefined ? {} : { because }),
    },
  };
};

function requestsUntil({ freeBytes = null }: GpuMemory, bytesPerRequest: number): number | null {
  if (freeBytes === null || bytesPerRequest <= 0) return null;
  return Number((freeBytes / bytesPerRequest).toPrecision(2));
}

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

/** Look for what keeps GPU memory, where it grows by an amount that matters. */
export const watchGpuLeak: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "gpu-memory-growth");
  if (found?.severity !== "warning") return null;
  // What only the process tells may be the fragmentation that the counters show.
  const isFragmented = findingOf(findings, "fragmentation")?.evidence.verdict === "detected";
  return found.evidence.by === "process" && isFragmented ? null : { code: "watch-gpu-leak", evidence: found.evidence };
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
