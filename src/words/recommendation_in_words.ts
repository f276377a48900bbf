import { busyInWords } from "../results/evidence/busy_machine.ts";
import type { Recommendation } from "../results/recommendation.ts";
import { KINDS } from "../results/kinds.ts";
import { gpuAdviceInWords } from "./gpu/gpu_advice_in_words.ts";
import { joined, say } from "./inline.ts";
import { inlineEstimate, inlineNumber, inlineRate, inlineTimeEstimate, inlineValue } from "./inline_quantity.ts";
import { formatNumber, formatShare, UNITS } from "./quantity.ts";
import type { Statement } from "./statement.ts";
import { loadFigures } from "./window/load_figures.ts";
import {
  concurrentRequests,
  countersInWords,
  enumerate,
  failedInWords,
  growthInWords,
  pointInWords,
  useInWords,
} from "./words.ts";

type Of<Code extends Recommendation["code"]> = Extract<Recommendation, { code: Code }>;

const withinNoise = (runnersUp: readonly string[]) =>
  runnersUp.length === 0 ? "" : `; within noise: ${enumerate(runnersUp)}`;

function operatingPointInWords({ batchSize, concurrency, runnersUp, evidence }: Of<"operating-point">): Statement {
  const figures = loadFigures(evidence.predictionsPerSecond, UNITS.predictionsPerSecond, evidence);
  const others = runnersUp.map((point) => pointInWords(point.batchSize, point.concurrency));
  return {
    label: evidence.firstTokenP95Ms
      ? say`Use ${concurrentRequests(concurrency)}`
      : say`${useInWords(batchSize, concurrency, evidence.batching)}`,
    evidence: say`${figures}, measured together${withinNoise(others)}`,
  };
}

function batchSizeInWords({ batchSize, runnersUp, evidence }: Of<"batch-size">): Statement {
  const { predictionsPerSecond, speedup, concurrency, largestTried } = evidence;
  const gain = speedup === null || batchSize === 1 ? [] : say`, ${inlineValue(speedup, UNITS.times)} batch 1`;
  const throughput = inlineRate(predictionsPerSecond, UNITS.predictionsPerSecond, evidence.atLeast);
  const larger = largestTried ? "; it is the largest tried, so try larger ones" : "";
  return {
    label: evidence.batching === undefined
      ? say`Use batch size ${batchSize} for maximum throughput`
      : say`${useInWords(batchSize, concurrency, evidence.batching)} for maximum throughput`,
    evidence: say`${throughput} at concurrency ${concurrency}${gain}${withinNoise(runnersUp.map(String))}${larger}`,
  };
}

function concurrencyInWords({ concurrency, runnersUp, evidence }: Of<"concurrency">): Statement {
  const { requestsPerSecond, p95Ms, batchSize, highestTried, firstTokenP95Ms } = evidence;
  const throughput = inlineRate(requestsPerSecond, UNITS.requestsPerSecond, evidence.atLeast);
  return {
    label: say`Use ${concurrentRequests(concurrency)} for optimal performance`,
    evidence: joined([
      firstTokenP95Ms
        ? loadFigures(requestsPerSecond, UNITS.requestsPerSecond, evidence)
        : say`${throughput} with batch size ${batchSize}, p95 ${inlineTimeEstimate(p95Ms)}`,
      withinNoise(runnersUp.map(String)),
      highestTried ? "; it is the highest tried, so try higher ones" : "",
    ]),
  };
}

function preloadInWords({ code, evidence }: Of<"preload" | "no-preload-needed">): Statement {
  const overhead = inlineTimeEstimate(evidence.overheadMs);
  if (code === "preload") {
    return {
      label: say`Consider model preloading to avoid cold start delays of ${overhead}`,
      evidence: say`load at start-up, cache the weights, keep it warm`,
    };
  }
  return {
    label: say`No preloading needed`,
    evidence: say`a cold start adds ${overhead}, under ${inlineNumber(evidence.thresholdMs, UNITS.seconds)}`,
  };
}

function repeatRunInWords({ evidence: { slower, faster } }: Of<"repeat-run">): Statement {
  const ratio = faster.requestsPerSecond.value / slower.requestsPerSecond.value;
  return {
    label: say`Repeat the run on a quiet machine before relying on it`,
    evidence: say`the same load differed by ${inlineNumber(ratio, UNITS.times)} within it`,
  };
}

function sizeWithoutCacheInWords({ evidence: { ratio } }: Of<"size-without-cache">): Statement {
  const gain = ratio === null ? [] : say`what repeats is answered ${inlineEstimate(ratio, UNITS.times)} as fast; `;
  return {
    label: say`Size the server by these numbers, as its response cache helps only traffic that repeats`,
    evidence: say`${gain}to know your share, replay recorded requests as they come`,
  };
}

function reduceContentionInWords({ evidence }: Of<"reduce-contention">): Statement {
  const { degradationPercent, bestConcurrency, fastestConcurrency = bestConcurrency } = evidence;
  const { highestConcurrency, otherPoint = false } = evidence;
  const loss = inlineValue(degradationPercent, UNITS.percent);
  const contention = "contention (locks, input and output, worker count)";
  return {
    label: otherPoint
      ? say`Look for ${contention}`
      : say`Cap concurrency near ${bestConcurrency} and look for ${contention}`,
    evidence: otherPoint
      ? say`in the scalability test throughput is ${loss} lower at concurrency ${highestConcurrency} than at ${fastestConcurrency}`
      : say`throughput is ${loss} lower at ${highestConcurrency}${
        fastestConcurrency === bestConcurrency ? "" : ` than at ${fastestConcurrency}`
      }`,
  };
}

function watchLeakInWords({ evidence: { bytesPerRequest, requests } }: Of<"watch-leak">): Statement {
  return {
    label: say`Watch for a memory leak`,
    evidence: say`${growthInWords(bytesPerRequest)} over ${requests} requests; confirm it with a longer soak`,
  };
}

function watchGpuLeakInWords({ evidence }: Of<"watch-gpu-leak">): Statement {
  const { by, bytesPerRequest, requests, requestsUntilFull } = evidence;
  const end = requestsUntilFull === undefined
    ? ""
    : `; the device is full after about ${formatNumber(requestsUntilFull, UNITS.none)} more`;
  const doubt = by === "allocator" ? "" : "; the allocator's counters tell a leak from a cache that still fills";
  return {
    label:
      say`Look for what keeps GPU memory from request to request (tensors in lists, graphs, caches without a bound)`,
    evidence: say`${inlineEstimate(bytesPerRequest, UNITS.bytesPerRequest)} over ${requests} requests${end}${doubt}`,
  };
}

function fixErrorsInWords({ evidence: { test, requests, failed, levels, byClient = 0 } }: Of<"fix-errors">): Statement {
  if (2 * byClient > failed) {
    return {
      label: say`Raise the limits of the machine that measures, or ask for less at a time`,
      evidence: say`${byClient} of the ${requests} requests of ${
        KINDS[test].name
      } were not sent: the server has no part in it`,
    };
  }
  return {
    label: say`Fix the errors first`,
    evidence: say`${failedInWords(test, failed, requests, levels)} (${failed} of ${requests})`,
  };
}

function heedLimitInWords({ evidence: { test, requests, limited, heldMs } }: Of<"heed-limit">): Statement {
  return heldMs === undefined
    ? {
      label: say`Send less than the server's limit lets through, or have it lifted for the test`,
      evidence: say`it turned away ${formatShare(limited, requests)} of the requests of ${KINDS[test].name}`,
    }
    : {
      label: say`Have the server's limit lifted to measure what it can do`,
      evidence: say`the rates are what its limit lets through`,
    };
}

/**
 * A recommendation: what to do, and what it rests on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainText } from "./inline.ts";
 * import { recommendationInWords } from "./recommendation_in_words.ts";
 * import { sentenceOf } from "./statement.ts";
 *
 * const { label, evidence } = recommendationInWords({ code: "no-fragmentation", evidence: {} });
 * assertEquals(plainText(sentenceOf({ label, evidence })), "No GPU memory fragmentation detected");
 * ```
 *
 * @param recommendation What the analysis recommends.
 */
export function recommendationInWords(recommendation: Recommendation): Statement {
  switch (recommendation.code) {
    case "operating-point":
      return operatingPointInWords(recommendation);
    case "batch-size":
      return batchSizeInWords(recommendation);
    case "concurrency":
      return concurrencyInWords(recommendation);
    case "scale-out":
      return {
        label: say`For more throughput add workers or replicas, or let the server batch`,
        evidence: say`beyond concurrency ${recommendation.evidence.saturationConcurrency} requests only wait`,
      };
    case "efficient-point":
    case "relieve-host":
    case "unthrottle":
    case "use-idle-gpus":
      return gpuAdviceInWords(recommendation);
    case "preload":
    case "no-preload-needed":
      return preloadInWords(recommendation);
    case "batch-plateau":
      return {
        label: say`Larger batches than ${recommendation.evidence.optimalBatchSize} do not pay`,
        evidence: say`check memory and compute limits of the device, the model's architecture, and quantisation`,
      };
    case "reduce-contention":
      return reduceContentionInWords(recommendation);
    case "watch-leak":
      return watchLeakInWords(recommendation);
    case "watch-gpu-leak":
      return watchGpuLeakInWords(recommendation);
    case "reduce-fragmentation":
      return {
        label: joined([
          say`Set PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True, call torch.cuda.empty_cache() when idle, `,
          say`or reload the model periodically and pool allocations`,
        ]),
        evidence: say`GPU memory is fragmented (${countersInWords(recommendation.evidence)})`,
      };
    case "no-fragmentation":
      return { label: say`No GPU memory fragmentation detected`, evidence: null };
    case "fix-errors":
      return fixErrorsInWords(recommendation);
    case "heed-limit":
      return heedLimitInWords(recommendation);
    case "size-without-cache":
      return sizeWithoutCacheInWords(recommendation);
    case "repeat-run":
      return repeatRunInWords(recommendation);
    case "quiet-client":
      return {
        label: say`Repeat the run while nothing else uses the machine that measures`,
        evidence: say`before the run it was busy: ${busyInWords(recommendation.evidence.busy)}`,
      };
    case "stronger-client":
      return {
        label: say`Measure with a stronger client, or from several at once`,
        evidence: say`the server can do more than was seen`,
      };
  }
}
