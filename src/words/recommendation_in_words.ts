import type { Recommendation } from "../results/finding.ts";
import { formatEstimate, formatNumber, formatShare, formatTimeEstimate, UNITS } from "./quantity.ts";
import { countersInWords, enumerate, growthInWords } from "./words.ts";

type Of<Code extends Recommendation["code"]> = Extract<Recommendation, { code: Code }>;

const concurrentRequests = (count: number) => `${count} concurrent ${count === 1 ? "request" : "requests"}`;

const withinNoise = (runnersUp: readonly string[]) =>
  runnersUp.length === 0 ? "" : `; within noise: ${enumerate(runnersUp)}`;

function operatingPointInWords({ batchSize, concurrency, runnersUp, evidence }: Of<"operating-point">): string {
  const throughput = formatEstimate(evidence.predictionsPerSecond, UNITS.predictionsPerSecond);
  const others = runnersUp.map((point) => `batch size ${point.batchSize} with ${point.concurrency}`);
  return `Use batch size ${batchSize} with ${concurrentRequests(concurrency)}: ${throughput}, ` +
    `p95 ${formatTimeEstimate(evidence.p95Ms)}, measured together${withinNoise(others)}`;
}

function batchSizeInWords({ batchSize, runnersUp, evidence }: Of<"batch-size">): string {
  const { predictionsPerSecond, speedup, concurrency, largestTried } = evidence;
  const gain = speedup === null || batchSize === 1 ? "" : `, ${formatNumber(speedup.value, UNITS.times)} batch 1`;
  const throughput = formatEstimate(predictionsPerSecond, UNITS.predictionsPerSecond);
  return `Use batch size ${batchSize} for maximum throughput: ${throughput} at concurrency ${concurrency}${gain}` +
    withinNoise(runnersUp.map(String)) + (largestTried ? "; it is the largest tried, so try larger ones" : "");
}

function concurrencyInWords({ concurrency, runnersUp, evidence }: Of<"concurrency">): string {
  const { requestsPerSecond, p95Ms, batchSize, highestTried } = evidence;
  const throughput = formatEstimate(requestsPerSecond, UNITS.requestsPerSecond);
  return `Use ${
    concurrentRequests(concurrency)
  } for optimal performance: ${throughput} with batch size ${batchSize}, ` +
    `p95 ${formatTimeEstimate(p95Ms)}${withinNoise(runnersUp.map(String))}` +
    (highestTried ? "; it is the highest tried, so try higher ones" : "");
}

function repeatRunInWords({ evidence: { slower, faster } }: Of<"repeat-run">): string {
  const ratio = faster.requestsPerSecond.value / slower.requestsPerSecond.value;
  return "Repeat the run on a quiet machine before relying on it: the same load differed by " +
    `${formatNumber(ratio, UNITS.times)} between tests`;
}

/**
 * A recommendation as a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recommendationInWords } from "./recommendation_in_words.ts";
 * assertEquals(
 *   recommendationInWords({ code: "no-fragmentation", evidence: {} }),
 *   "No GPU memory fragmentation detected",
 * );
 * ```
 *
 * @param recommendation What the analysis recommends.
 */
export function recommendationInWords(recommendation: Recommendation): string {
  switch (recommendation.code) {
    case "operating-point":
      return operatingPointInWords(recommendation);
    case "batch-size":
      return batchSizeInWords(recommendation);
    case "concurrency":
      return concurrencyInWords(recommendation);
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
    case "repeat-run":
      return repeatRunInWords(recommendation);
    case "stronger-client":
      return "Measure with a stronger client, or from several at once: the server can do more than was seen";
  }
}
