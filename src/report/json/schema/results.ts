/** Results of the tests, as schemas; the order of their entries is the order in the results file. */
import * as v from "valibot";
import { MEMORY_PHASES, type TestResults } from "../../../results/result.ts";
import {
  distribution,
  estimate,
  failureCounts,
  failureTexts,
  fragmentationVerdict,
  growthVerdict,
  nullableDistribution,
  nullableEstimate,
  nullableNumber,
  number,
  numbers,
  numbersByName,
  partialReason,
  textsByName,
} from "./measures.ts";

const about = {
  startedAt: v.string(),
  elapsedMs: number,
  partial: partialReason,
  absences: textsByName,
  client: v.looseObject({
    cpuMsPerRequest: nullableNumber,
    cpuShare: nullableNumber,
    eventLoopLagP99Ms: nullableNumber,
    ceilingPerSecond: nullableNumber,
    limited: v.boolean(),
  }),
  stopping: v.exactOptional(v.looseObject({ windowsMs: number, fixedMs: number })),
};

const counts = {
  requests: number,
  succeeded: number,
  failed: number,
  cancelled: number,
  failuresByReason: failureCounts,
  failureExamples: failureTexts,
};

// What the server counted, in results of versions that asked it.
const server = v.exactOptional(v.nullable(v.looseObject({
  requests: number,
  queueMs: nullableNumber,
  computeMs: nullableNumber,
  inputMs: v.exactOptional(number),
  outputMs: v.exactOptional(number),
  executions: nullableNumber,
  meanBatch: nullableNumber,
  restMs: nullableNumber,
})));

// What a window holds beside its counts and the figures that its test puts in front.
const validity = { warmUpRequests: number, cutRequests: number, clientLimited: v.boolean(), server };
const window = { durationMs: number, ...validity };

const offeredLevel = v.looseObject({
  offeredPerSecond: number,
  achievedPerSecond: nullableEstimate,
  latencyMs: nullableDistribution,
  serviceMs: nullableDistribution,
  latenessMs: nullableDistribution,
  errorRate: nullableEstimate,
  backlogGrowthPerSecond: nullableEstimate,
  saturated: v.boolean(),
  converged: v.boolean(),
  due: number,
  unanswered: number,
  ...counts,
  durationMs: number,
  clientLimited: v.boolean(),
});

const basic = v.looseObject({
  kind: v.literal("basic"),
  ...counts,
  durationMs: number,
  concurrency: number,
  batchSize: number,
  requestsPerSecond: nullableEstimate,
  predictionsPerSecond: nullableEstimate,
  latencyMs: nullableDistribution,
  firstByteMs: nullableDistribution,
  serverMs: nullableDistribution,
  errorRate: nullableEstimate,
  converged: v.boolean(),
  ...validity,
  ...about,
  offered: v.exactOptional(offeredLevel),
  timeline: v.array(v.looseObject({ atMs: number, latencyMs: number })),
  warmUpTimeline: v.exactOptional(v.array(v.looseObject({ atMs: number, latencyMs: number }))),
  latencyQuantiles: v.exactOptional(v.array(v.looseObject({ share: number, latencyMs: number }))),
});

const latency = v.looseObject({
  kind: v.literal("latency"),
  cold: v.nullable(v.looseObject({
    samples: v.array(v.looseObject({
      unloadMs: number,
      loadMs: nullableNumber,
      firstInferenceMs: number,
      totalMs: number,
      evidence: v.string(),
    })),
    totalMs: distribution,
  })),
  warm: v.looseObject({
    latencyMs: nullableDistribution,
    counts: v.looseObject(counts),
    converged: v.boolean(),
    server,
  }),
  overheadMs: nullableEstimate,
  overheadPercent: nullableEstimate,
  warmUpCurveMs: v.nullable(numbers),
  ...about,
});

const throughput = v.looseObject({
  kind: v.literal("throughput"),
  levels: v.array(v.looseObject({
    batchSize: number,
    predictionsPerSecond: nullableEstimate,
    latencyMs: nullableDistribution,
    efficiency: nullableEstimate,
    speedup: nullableEstimate,
    errorRate: nullableEstimate,
    converged: v.boolean(),
    requestsPerSecond: nullableEstimate,
    ...counts,
    ...window,
  })),
  optimalBatchSize: nullableNumber,
  equivalentBatchSizes: numbers,
  maxPredictionsPerSecond: nullableEstimate,
  plateauBatchSize: nullableNumber,
  concurrency: number,
  batching: v.exactOptional(v.literal("server")),
  ...about,
});

const curveInterval = v.looseObject({ low: number, high: nullableNumber });

const scalability = v.looseObject({
  kind: v.literal("scalability"),
  levels: v.array(v.looseObject({
    concurrency: number,
    requestsPerSecond: nullableEstimate,
    latencyMs: nullableDistribution,
    errorRate: nullableEstimate,
    efficiency: nullableEstimate,
    littlesLawRatio: nullableNumber,
    converged: v.boolean(),
    predictionsPerSecond: nullableEstimate,
    ...counts,
    ...window,
  })),
  optimalConcurrency: nullableNumber,
  equivalentConcurrencies: numbers,
  degradationPercent: nullableEstimate,
  usl: v.nullable(v.looseObject({
    lambda: estimate,
    sigma: estimate,
    kappa: estimate,
    peakConcurrency: nullableNumber,
    rSquared: number,
  })),
  kneeConcurrency: nullableNumber,
  peakInterval: v.exactOptional(v.nullable(curveInterval)),
  kneeInterval: v.exactOptional(v.nullable(curveInterval)),
  batchSize: number,
  ...about,
});

const memoryPoint = { cpuBytes: number, gpuBytes: nullableNumber };

const memory = v.looseObject({
  kind: v.literal("memory"),
  scope: v.nullable(v.looseObject({
    source: v.picklist(["process-tree-pss", "process-tree-rss", "server-metrics"]),
    pids: numbers,
    gpuSource: v.nullable(v.picklist(["per-process", "per-device", "server-metrics"])),
  })),
  baseline: v.nullable(v.looseObject(memoryPoint)),
  peak: v.nullable(v.looseObject(memoryPoint)),
  modelFootprintBytes: nullableNumber,
  phases: v.array(v.looseObject({
    name: v.picklist(MEMORY_PHASES),
    ...memoryPoint,
    peakCpuBytes: number,
    startMs: number,
    endMs: number,
    n: number,
  })),
  workers: v.exactOptional(v.array(v.looseObject({
    id: v.string(),
    pid: nullableNumber,
    residentBytes: nullableNumber,
  }))),
  growth: v.nullable(v.looseObject({
    bytesPerRequest: estimate,
    verdict: growthVerdict,
    pValue: nullableNumber,
    requests: number,
    requestsNeeded: v.exactOptional(nullableNumber),
  })),
  cycles: v.exactOptional(v.nullable(v.looseObject({
    bytesPerCycle: estimate,
    verdict: growthVerdict,
    pValue: nullableNumber,
    afterUnloadBytes: numbers,
  }))),
  fragmentation: v.looseObject({ verdict: fragmentationVerdict, evidence: numbersByName }),
  requestsPerMb: nullableNumber,
  ...about,
  timeline: v.array(v.looseObject({ atMs: number, ...memoryPoint, completedRequests: nullableNumber })),
});

const operatingPoint = v.looseObject({
  batchSize: number,
  concurrency: number,
  predictionsPerSecond: nullableEstimate,
  requestsPerSecond: nullableEstimate,
  latencyMs: nullableDistribution,
  errorRate: nullableEstimate,
  converged: v.boolean(),
  ...counts,
  ...window,
});

const capacitySearch = v.looseObject({
  highest: nullableNumber,
  lowestMissed: nullableNumber,
  ended: v.picklist(["found", "never met", "always met", "stopped early"]),
  probes: v.array(v.looseObject({
    level: number,
    verdict: v.picklist(["met", "missed", "unclear"]),
    evidence: v.array(v.string()),
    runs: number,
  })),
});

const load = v.looseObject({
  kind: v.literal("load"),
  arrivals: v.string(),
  batchSize: number,
  levels: v.array(offeredLevel),
  sustainedPerSecond: nullableNumber,
  saturatedPerSecond: nullableNumber,
  capacity: v.nullable(v.looseObject({
    objectives: v.string(),
    rate: capacitySearch,
    concurrency: capacitySearch,
    goodputPerSecond: nullableNumber,
  })),
  ...about,
});

/** Results by test. */
export const testResults: v.GenericSchema<unknown, TestResults> = v.looseObject({
  basic: v.exactOptional(basic),
  latency: v.exactOptional(latency),
  throughput: v.exactOptional(throughput),
  scalability: v.exactOptional(scalability),
  memory: v.exactOptional(memory),
  load: v.exactOptional(load),
  operatingPoints: v.exactOptional(v.array(operatingPoint)),
});
