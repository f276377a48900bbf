import type { Bottleneck, Finding, MissingEvidence, QueueingEvidence, Recommendation } from "../core/finding.ts";
import type { Estimate } from "../core/estimate.ts";
import type { TestKind } from "../core/result.ts";
import {
  formatDecimals,
  formatEstimate,
  formatNumber,
  formatShare,
  formatTime,
  formatTimeEstimate,
  UNITS,
} from "./quantity.ts";

const percent = (share: number) => formatNumber(100 * share, UNITS.percent);
const rate = (estimate: Estimate) => formatEstimate(estimate, UNITS.requestsPerSecond);
const predictions = (estimate: Estimate) => formatEstimate(estimate, UNITS.predictionsPerSecond);

/** Items as an English enumeration: `1, 2 and 4`. */
export function enumerate(items: readonly (string | number)[]): string {
  const [last, ...others] = items.map(String).toReversed();
  if (last === undefined) return "";
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}

/** What the levels of a test are called. */
function levelsOf(test: TestKind, levels: readonly number[]): string {
  if (levels.length === 0) return `the ${test} test`;
  return `${test === "throughput" ? "batch size" : "concurrency"} ${enumerate(levels)}`;
}

const shortened = (text: string) => text.length > 160 ? `${text.slice(0, 160)}...` : text;

/** Requests that failed, by reason, with an example each in the server's own words. */
export function failuresInWords(
  failuresByReason: Readonly<Record<string, number>>,
  failureExamples: Readonly<Record<string, string>>,
): string {
  return Object.entries(failuresByReason)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => {
      const example = failureExamples[reason];
      return example === undefined ? `${count} ${reason}` : `${count} ${reason} ("${shortened(example)}")`;
    })
    .join(", ");
}

/** Memory growth in both its units: bytes per request, MB per 10,000 requests. */
export function growthInWords(bytesPerRequest: Estimate): string {
  const scale = (bytes: number | null) => bytes === null ? null : bytes * 10_000;
  const { low, high, value } = bytesPerRequest;
  const per10k = { ...bytesPerRequest, value: value * 10_000, low: scale(low), high: scale(high) };
  return `${formatEstimate(bytesPerRequest, { divisor: 1, suffix: " bytes/request" })}, ` +
    `${formatEstimate(per10k, UNITS.megabytes)} per 10,000 requests`;
}

const MISSING: Readonly<Record<MissingEvidence, string>> = {
  "success": "requests that succeed",
  "server-time": "the server's own time per request",
  "single-request-latency": "the latency of lone requests (a basic test with concurrency 1)",
  "sweep": "a scalability or throughput test",
  "saturation": "levels high enough to saturate the server",
};

function clientInWords(cpuShare: number | null, ceilingPerSecond: number | null): string {
  const facts = [
    ...(cpuShare === null ? [] : [`it used ${percent(cpuShare)} of a core`]),
    ...(ceilingPerSecond === null ? [] : [`its ceiling is ${formatNumber(ceilingPerSecond, UNITS.requestsPerSecond)}`]),
  ];
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}

function queueingInWords(evidence: QueueingEvidence): string {
  const { saturationConcurrency, highestConcurrency, requestsPerSecond, throughputGain, latencyGrowth, sigma } =
    evidence;
  const serial = sigma === null ? "" : ` (serial share sigma ${formatEstimate(sigma, UNITS.none)})`;
  const manner = throughputGain < 1.2
    ? `the server answers one request after the other${serial}`
    : `the server is saturated${serial}`;
  return `Queueing: ${manner}. From concurrency ${saturationConcurrency} to ${highestConcurrency} throughput grows no more ` +
    `(${rate(requestsPerSecond)}) and latency grows ${formatNumber(latencyGrowth, UNITS.times)}: requests only wait.`;
}

/** What limits the server, one sentence or two. */
export function bottleneckInWords(found: Bottleneck): string {
  switch (found.bottleneck) {
    case "client": {
      const { test, levels, cpuShare, ceilingPerSecond } = found.evidence;
      return `Client: at ${levelsOf(test, levels)} this client, not the server, may have set the numbers` +
        `${clientInWords(cpuShare, ceilingPerSecond)}: the server's own limit was not seen.`;
    }
    case "memory": {
      const { test, level, message } = found.evidence;
      return `Memory: the server ran out of it at ${levelsOf(test, level === null ? [] : [level])} ("${
        shortened(message)
      }").`;
    }
    case "transfer": {
      const { latencyMs, serverMs, serverShare } = found.evidence;
      return `Transfer: of the ${formatTime(latencyMs.value)} that a lone request takes, the server works ` +
        `${formatTime(serverMs.value)} (${percent(serverShare)}); the rest is network, encoding and decoding.`;
    }
    case "compute": {
      const { latencyMs, serverMs, serverShare } = found.evidence;
      return `Compute: of the ${formatTime(latencyMs.value)} that a lone request takes, the server works ` +
        `${formatTime(serverMs.value)} (${percent(serverShare)}), and more load brings no more throughput.`;
    }
    case "queueing":
      return queueingInWords(found.evidence);
    case "cold-start": {
      const { coldMs, warmMs } = found.evidence;
      return `Cold start: the first answer takes ${formatTime(coldMs.value)}, a warm one ${
        formatTime(warmMs.value)
      }; ` +
        "within the levels measured nothing else was seen to limit the server.";
    }
    case "unknown": {
      const { missing, serverShare } = found.evidence;
      return missing.length > 0
        ? `Cannot tell what limits the server. Missing: ${enumerate(missing.map((item) => MISSING[item]))}.`
        : "Cannot tell what limits the server" +
          (serverShare === null ? "." : `: it works for ${percent(serverShare)} of a lone request's latency.`);
    }
  }
}

function growthFindingInWords(evidence: Extract<Finding, { code: "memory-growth" }>["evidence"]): string {
  const { verdict, bytesPerRequest, pValue, requests } = evidence;
  const manner = {
    "growing": "Memory grows",
    "stable": "Memory is stable",
    "cannot tell": "Cannot tell whether memory grows",
  }[verdict];
  const certainty = pValue === null ? "" : `, p ${pValue < 0.001 ? "< 0.001" : `= ${pValue.toPrecision(2)}`}`;
  return `${manner}: ${growthInWords(bytesPerRequest)} (over ${requests} requests${certainty}).`;
}

/** Allocator counters by name: `allocated 880 MB, reserved 1920 MB`. */
export function countersInWords(counters: Readonly<Record<string, number>>): string {
  return Object.entries(counters).map(([name, bytes]) => {
    const words = name.replace(/_?bytes$/i, "").replace(/_|(?=[A-Z])/g, " ").toLowerCase();
    return `${words} ${formatDecimals(bytes, UNITS.megabytes, 1)}`;
  }).join(", ");
}

/**
 * A finding as a sentence or two.
 *
 * @param finding What the analysis found.
 */
export function findingInWords(finding: Finding): string {
  switch (finding.code) {
    case "bottleneck":
      return bottleneckInWords(finding);
    case "cold-start-overhead": {
      const { overheadMs, thresholdMs } = finding.evidence;
      return `A cold start takes ${formatTimeEstimate(overheadMs)} longer than a warm request; ` +
        `above ${formatNumber(thresholdMs, UNITS.seconds)} it is worth avoiding.`;
    }
    case "batch-plateau": {
      const { plateauBatchSize, optimalBatchSize, speedup } = finding.evidence;
      const gain = speedup === null || optimalBatchSize === 1
        ? ""
        : ` (${formatEstimate(speedup, UNITS.times)} batch 1)`;
      return `Throughput reaches its plateau early: batch size ${plateauBatchSize} brings under 5% more than the one ` +
        `before, and ${optimalBatchSize} is as fast as any${gain}.`;
    }
    case "rapid-degradation": {
      const { degradationPercent, bestConcurrency, highestConcurrency, kappa } = finding.evidence;
      const pairwise = kappa === null || kappa.low === null || kappa.low <= 0
        ? ""
        : ` Requests cost each other time (pairwise cost kappa ${formatEstimate(kappa, UNITS.none)}).`;
      return `Throughput falls by ${formatEstimate(degradationPercent, UNITS.percent)} from concurrency ` +
        `${bestConcurrency} to ${highestConcurrency}.${pairwise}`;
    }
    case "memory-growth":
      return growthFindingInWords(finding.evidence);
    case "fragmentation": {
      const counters = countersInWords(finding.evidence.counters);
      return `GPU memory fragmentation: ${finding.evidence.verdict}${counters === "" ? "" : ` (${counters})`}.`;
    }
    case "errors": {
      const { test, requests, failed, levels, failuresByReason, failureExamples } = finding.evidence;
      const where = levels.length === 0 ? "" : ` at ${levelsOf(test, levels)}`;
      return `${formatShare(failed, requests)} of the requests of the ${test} test failed (${failed} of ${requests})` +
        `${where}: ${failuresInWords(failuresByReason, failureExamples)}.`;
    }
    case "not-converged":
      return `The intervals of ${levelsOf(finding.evidence.test, finding.evidence.levels)} are wider than wanted; ` +
        "a longer --duration narrows them.";
    case "client-limited": {
      const { test, levels, cpuShare, ceilingPerSecond } = finding.evidence;
      return `The client may have set the numbers of ${levelsOf(test, levels)}${
        clientInWords(cpuShare, ceilingPerSecond)
      }.`;
    }
    case "littles-law": {
      const levels = finding.evidence.levels.map(({ concurrency, ratio }) => `${concurrency} (${ratio.toFixed(2)})`);
      return `Little's law is off by more than 5% at concurrency ${
        enumerate(levels)
      }: there the load was not steady or the client was late.`;
    }
  }
}

const concurrentRequests = (count: number) => `${count} concurrent ${count === 1 ? "request" : "requests"}`;

const withinNoise = (runnersUp: readonly string[]) =>
  runnersUp.length === 0 ? "" : `; within noise: ${enumerate(runnersUp)}`;

/**
 * A recommendation as a sentence.
 *
 * @param recommendation What the analysis recommends.
 */
export function recommendationInWords(recommendation: Recommendation): string {
  switch (recommendation.code) {
    case "operating-point": {
      const { batchSize, concurrency, runnersUp, evidence } = recommendation;
      const others = runnersUp.map((point) => `batch size ${point.batchSize} with ${point.concurrency}`);
      return `Use batch size ${batchSize} with ${concurrentRequests(concurrency)}: ` +
        `${predictions(evidence.predictionsPerSecond)}, p95 ${formatTimeEstimate(evidence.p95Ms)}, measured together` +
        withinNoise(others);
    }
    case "batch-size": {
      const { predictionsPerSecond, speedup, largestTried } = recommendation.evidence;
      const gain = speedup === null || recommendation.batchSize === 1
        ? ""
        : `, ${formatNumber(speedup.value, UNITS.times)} batch 1`;
      return `Use batch size ${recommendation.batchSize} for maximum throughput: ` +
        `${predictions(predictionsPerSecond)}${gain}${withinNoise(recommendation.runnersUp.map(String))}` +
        (largestTried ? "; it is the largest tried, so try larger ones" : "");
    }
    case "concurrency": {
      const { requestsPerSecond, p95Ms, highestTried } = recommendation.evidence;
      return `Use ${concurrentRequests(recommendation.concurrency)} for optimal performance: ` +
        `${rate(requestsPerSecond)}, p95 ${formatTimeEstimate(p95Ms)}` +
        withinNoise(recommendation.runnersUp.map(String)) +
        (highestTried ? "; it is the highest tried, so try higher ones" : "");
    }
    case "scale-out": {
      const { saturationConcurrency } = recommendation.evidence;
      return "For more throughput add workers or replicas, or let the server batch: " +
        `beyond concurrency ${saturationConcurrency} requests only wait`;
    }
    case "preload":
      return "Consider model preloading to avoid cold start delays of " +
        `${formatTimeEstimate(recommendation.evidence.overheadMs)}: load at start-up, cache the weights, keep it warm`;
    case "no-preload-needed":
      return `No preloading needed: a cold start adds ${formatTimeEstimate(recommendation.evidence.overheadMs)}, ` +
        `under ${formatNumber(recommendation.evidence.thresholdMs, UNITS.seconds)}`;
    case "batch-plateau":
      return `Larger batches than ${recommendation.evidence.optimalBatchSize} do not pay: check memory and compute ` +
        "limits of the device, the model's architecture, and quantisation";
    case "reduce-contention": {
      const { degradationPercent, bestConcurrency, highestConcurrency } = recommendation.evidence;
      return `Cap concurrency near ${bestConcurrency} and look for contention (locks, input and output, worker count): ` +
        `throughput is ${formatNumber(degradationPercent.value, UNITS.percent)} lower at ${highestConcurrency}`;
    }
    case "watch-leak":
      return `Watch for a memory leak: ${growthInWords(recommendation.evidence.bytesPerRequest)} ` +
        `over ${recommendation.evidence.requests} requests; confirm it with a longer soak`;
    case "reduce-fragmentation":
      return "Reload the model periodically, pool allocations and watch for leaks: GPU memory is fragmented " +
        `(${countersInWords(recommendation.evidence)})`;
    case "no-fragmentation":
      return "No GPU memory fragmentation detected";
    case "fix-errors": {
      const { test, requests, failed } = recommendation.evidence;
      return `Fix the errors first: ${formatShare(failed, requests)} of the requests of the ${test} test failed ` +
        `(${failed} of ${requests})`;
    }
    case "stronger-client":
      return "Measure with a stronger client, or from several at once: the server can do more than was seen";
  }
}
