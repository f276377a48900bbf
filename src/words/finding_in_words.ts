import { THRESHOLDS } from "../analysis/thresholds.ts";
import type { Finding } from "../results/finding.ts";
import { KINDS } from "../results/kinds.ts";
import { bottleneckInWords } from "./bottleneck_in_words.ts";
import { gpuClocksInWords, gpuThrottledInWords } from "./gpu/gpu_in_words.ts";
import { joined, say } from "./inline.ts";
import { inlineBytes, inlineEstimate, inlineNumber, inlineTime, inlineTimeEstimate } from "./inline_quantity.ts";
import { formatDecimals, formatNumber, formatShare, UNITS } from "./quantity.ts";
import { driftInWords, levelShiftInWords, warmingUpInWords } from "./shifts_in_words.ts";
import type { Statement } from "./statement.ts";
import {
  clientInWords,
  countersInWords,
  enumerate,
  failedInWords,
  failuresInWords,
  growthInWords,
  levelsInWords,
  shareInWords,
  shortened,
} from "./words.ts";

type Evidence<Code extends Finding["code"]> = Extract<Finding, { code: Code }>["evidence"];

function coldStartInWords({ overheadMs, thresholdMs }: Evidence<"cold-start-overhead">): Statement {
  const [overhead, threshold] = [inlineTimeEstimate(overheadMs), inlineNumber(thresholdMs, UNITS.seconds)];
  return {
    label: null,
    evidence: say`A cold start takes ${overhead} longer than a warm request; above ${threshold} it is worth avoiding.`,
  };
}

function plateauInWords({ plateauBatchSize, optimalBatchSize, speedup }: Evidence<"batch-plateau">): Statement {
  const gain = speedup === null || optimalBatchSize === 1
    ? []
    : say` (${inlineEstimate(speedup, UNITS.times)} batch 1)`;
  return {
    label: say`Throughput reaches its plateau early`,
    evidence: joined([
      say`batch size ${plateauBatchSize} brings under 5% more than the one before, `,
      say`and ${optimalBatchSize} is as fast as any${gain}.`,
    ]),
  };
}

function degradationInWords(evidence: Evidence<"rapid-degradation">): Statement {
  const { degradationPercent, bestConcurrency, fastestConcurrency = bestConcurrency, highestConcurrency, kappa } =
    evidence;
  const loss = inlineEstimate(degradationPercent, UNITS.percent);
  const pairwise = kappa === null || kappa.low === null || kappa.low <= 0
    ? []
    : say` Requests cost each other time (pairwise cost kappa ${inlineEstimate(kappa, UNITS.none)}).`;
  return {
    label: null,
    evidence: joined([
      say`Throughput falls by ${loss} from concurrency ${fastestConcurrency} to ${highestConcurrency}.`,
      pairwise,
    ]),
  };
}

function memoryGrowthInWords(evidence: Evidence<"memory-growth">): Statement {
  const { verdict, bytesPerRequest, pValue, requests, of, because } = evidence;
  const [subject, inside] = of === undefined ? ["Memory", "memory"] : ["Host memory", "host memory"];
  const manner = {
    "growing": `${subject} grows`,
    "stable": `${subject} is stable`,
    "cannot tell": `Cannot tell whether ${inside} grows`,
  }[verdict];
  if (because !== undefined) return { label: say`${manner}`, evidence: say`${because}.` };
  // A trend that is sure may yet be memory that fills once: its p would contradict that it cannot be told.
  const rose = verdict === "cannot tell" && pValue !== null && pValue < 0.05;
  const certainty = pValue === null || rose ? "" : `, p ${pValue < 0.001 ? "< 0.001" : `= ${pValue.toPrecision(2)}`}`;
  const sofar = rose ? " It moved, but so few requests do not tell a leak from memory that fills once." : "";
  return {
    label: say`${manner}`,
    evidence: say`${growthInWords(bytesPerRequest)} (over ${requests} requests${certainty}).${sofar}`,
  };
}

function gpuGrowthInWords(evidence: Evidence<"gpu-memory-growth">): Statement {
  const { by, verdict, bytesPerRequest, requests, filledBytes, cacheBytesPerRequest } = evidence;
  const { requestsNeeded, requestsUntilFull, because } = evidence;
  const manner = {
    "growing": "GPU memory grows",
    "stable": "GPU memory is stable",
    "cannot tell": "Cannot tell whether GPU memory grows",
  }[verdict];
  if (because !== undefined) return { label: say`${manner}`, evidence: say`${because}.` };
  const witness = by === "allocator" ? "by the allocator's counters" : "by the process's memory";
  const count = (requests: number) => formatNumber(requests, UNITS.none);
  const sentences = [
    say`${growthInWords(bytesPerRequest)} (over ${requests} requests, ${witness}).`,
    filledBytes === undefined ? [] : say` A cache of ${inlineBytes(filledBytes)} filled and stopped.`,
    cacheBytesPerRequest === undefined
      ? []
      : say` The process grows by ${
        inlineEstimate(cacheBytesPerRequest, UNITS.bytesPerRequest)
      }: a cache or fragmentation, no leak.`,
    requestsNeeded === undefined ? [] : say` About ${count(requestsNeeded)} requests would tell.`,
    requestsUntilFull === undefined ? [] : say` The device is full after about ${count(requestsUntilFull)} more.`,
  ];
  return { label: say`${manner}`, evidence: joined(sentences) };
}

function fragmentationInWords({ verdict, counters }: Evidence<"fragmentation">): Statement {
  const observed = countersInWords(counters);
  return {
    label: say`GPU memory fragmentation`,
    evidence: say`${verdict}${observed.length === 0 ? "" : say` (${observed})`}.`,
  };
}

function errorsInWords(evidence: Evidence<"errors">): Statement {
  const { test, requests, failed, levels, failuresByReason, failureExamples } = evidence;
  return {
    label: say`${failedInWords(test, failed, requests, levels)} (${failed} of ${requests})`,
    evidence: say`${failuresInWords(failuresByReason, failureExamples)}.`,
  };
}

function rateLimitedInWords(evidence: Evidence<"rate-limited">): Statement {
  const { test, requests, limited, levels, example, heldMs, isOpen = false } = evidence;
  const where = levels.length === 0 ? "" : ` at ${levelsInWords(test, levels)}`;
  const told = example === null ? [] : [say`"${shortened(example)}".`];
  const effect = isOpen
    ? "what was due meanwhile waited, and its latency counts from when it was due"
    : "rates are what its limit lets through, not what it can do";
  const held = heldMs === undefined ? [] : [say`Nothing was sent for ${inlineTime(heldMs)}, as it asked: ${effect}.`];
  return {
    label: say`The server turned away ${formatShare(limited, requests)} of the requests of ${
      KINDS[test].name
    } (${limited} of ${requests})${where}`,
    evidence: joined([...told, ...held], " "),
  };
}

/** Every test or level whose intervals are wider than wanted, in one sentence. */
export function imprecisionInWords(imprecise: readonly Evidence<"not-converged">[]): Statement {
  const where = imprecise.map(({ test, levels }) => levelsInWords(test, levels)).join("; ");
  return {
    label: say`Intervals are wider than wanted at`,
    evidence: say`${where}. A longer duration narrows them.`,
  };
}

function clientLimitInWords(evidence: Evidence<"client-limited">): Statement {
  const { test, levels } = evidence;
  const use = clientInWords(evidence);
  return { label: null, evidence: say`The client may have set the numbers of ${levelsInWords(test, levels)}${use}.` };
}

function clientCpuInWords({ test, level, cpuShare, sharedCores }: Evidence<"client-cpu">): Statement {
  const where = levelsInWords(test, level === null ? [] : [level]);
  return {
    label: say`The client used ${
      shareInWords(cpuShare / sharedCores)
    } of this machine's ${sharedCores} cores (${where})`,
    evidence: say`the server runs on it too, and may do more with the client elsewhere.`,
  };
}

const CACHE_LABELS = {
  "cache": "A response cache answers repeated requests",
  "no cache seen": "No response cache seen",
  "cannot tell": "Cannot tell whether a response cache answers",
};

function cacheInWords({ verdict, ratio, newMs, repeatedMs, because }: Evidence<"response-cache">): Statement {
  const reason = because === undefined ? [] : [say`${because}`];
  const isCache = verdict === "cache";
  // Two medians have no interval of their own, and may lie the other way round where the pairs show no effect.
  const medians = !isCache || newMs === null || repeatedMs === null
    ? []
    : say`medians ${inlineTime(repeatedMs)} and ${inlineTime(newMs)}, `;
  const effect = ratio === null ? [] : [
    say`${isCache ? "they" : "repeated requests"} come ${inlineEstimate(ratio, UNITS.times)} as fast as new ones (${
      joined([medians])
    }${ratio.n} pairs)`,
  ];
  if (!isCache) {
    return { label: say`${CACHE_LABELS[verdict]}`, evidence: say`${joined([...effect, ...reason], "; ")}.` };
  }
  const meaning = because === undefined
    ? say`All others of this run differ: its numbers are those without the cache.`
    : say`Others of this run repeat too, so that its numbers may hold the cache's: ${because}.`;
  return { label: say`${CACHE_LABELS[verdict]}`, evidence: say`${joined(effect)}. ${meaning}` };
}

function saturationInWords(evidence: Evidence<"saturation">): Statement {
  const { sustainedPerSecond, saturatedPerSecond, clientLimited = false } = evidence;
  const rate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);
  // Where none was sustained, whether one may have been is the answer's to say.
  const where = sustainedPerSecond === null ? [] : say`${rate(sustainedPerSecond)} was sustained; beyond, `;
  return {
    label: clientLimited
      ? say`${rate(saturatedPerSecond)} was not kept up with, and the client was the limit there`
      : say`The server did not keep up with ${rate(saturatedPerSecond)}`,
    evidence: say`${joined([where])}latencies only tell how long was measured.`,
  };
}

function littlesLawInWords({ levels }: Evidence<"littles-law">): Statement {
  const off = levels.map(({ concurrency, ratio }) => `${concurrency} (${formatDecimals(ratio, UNITS.none, 2)})`);
  return {
    label: say`Little's law is off by more than ${100 * THRESHOLDS.littlesLawDeviation}% at concurrency ${
      enumerate(off)
    }`,
    evidence: say`there the load was not steady or the client was late.`,
  };
}

/**
 * A finding: what it is about, and what it rests on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findingInWords } from "./finding_in_words.ts";
 * import { plainText } from "./inline.ts";
 * import { sentenceOf } from "./statement.ts";
 *
 * const evidence = { test: "scalability", levels: [16, 32] } as const;
 * assertEquals(
 *   plainText(sentenceOf(findingInWords({ code: "not-converged", severity: "info", evidence }))),
 *   "Intervals are wider than wanted at: concurrency 16 and 32. A longer duration narrows them.",
 * );
 * ```
 *
 * @param finding What the analysis found.
 */
export function findingInWords(finding: Finding): Statement {
  switch (finding.code) {
    case "bottleneck":
      return bottleneckInWords(finding);
    case "cold-start-overhead":
      return coldStartInWords(finding.evidence);
    case "batch-plateau":
      return plateauInWords(finding.evidence);
    case "rapid-degradation":
      return degradationInWords(finding.evidence);
    case "memory-growth":
      return memoryGrowthInWords(finding.evidence);
    case "gpu-memory-growth":
      return gpuGrowthInWords(finding.evidence);
    case "fragmentation":
      return fragmentationInWords(finding.evidence);
    case "errors":
      return errorsInWords(finding.evidence);
    case "rate-limited":
      return rateLimitedInWords(finding.evidence);
    case "not-converged":
      return imprecisionInWords([finding.evidence]);
    case "client-limited":
      return clientLimitInWords(finding.evidence);
    case "client-cpu":
      return clientCpuInWords(finding.evidence);
    case "gpu-throttled":
      return gpuThrottledInWords(finding.evidence);
    case "gpu-clocks":
      return gpuClocksInWords(finding.evidence);
    case "saturation":
      return saturationInWords(finding.evidence);
    case "warming-up":
      return warmingUpInWords(finding.evidence);
    case "level-shift":
      return levelShiftInWords(finding.evidence);
    case "drift":
      return driftInWords(finding.evidence);
    case "response-cache":
      return cacheInWords(finding.evidence);
    case "littles-law":
      return littlesLawInWords(finding.evidence);
  }
}
