import type { ResultByKind, ResultKind } from "../../src/results/kinds.ts";
import { abResult } from "./kinds/ab_result.ts";
import { basicResult } from "./kinds/basic_result.ts";
import { latencyResult, serverStarts } from "./kinds/latency_result.ts";
import { loadResult } from "./kinds/load_result.ts";
import { memoryResult } from "./kinds/memory_result.ts";
import { operatingPointsResult } from "./kinds/operating_points_result.ts";
import { curvedPrompts, promptsResult, refusedPrompts } from "./kinds/prompts_result.ts";
import { scalabilityResult } from "./kinds/scalability_result.ts";
import { throughputResult } from "./kinds/throughput_result.ts";
import { failedMeasurement, measurement, openWindow } from "./window/windows.ts";

const failed = failedMeasurement();

/** Results of every kind: one as it should be first, then ones in which much is missing. */
export const EVERY_RESULT: { readonly [K in ResultKind]: readonly ResultByKind[K][] } = {
  "basic": [basicResult(), basicResult({ ...openWindow(50), concurrency: null }), basicResult(failed)],
  "latency": [
    latencyResult(),
    latencyResult({ cold: null, warm: null, overheadMs: null, overheadPercent: null, warmUpCurveMs: null }),
    latencyResult({ warm: failed }),
    latencyResult({ starts: serverStarts(), cold: null, firstCycle: null, overheadMs: null, overheadPercent: null }),
    latencyResult({ starts: null, absences: { starts: "python ended with code 1" } }),
  ],
  "throughput": [
    throughputResult(),
    throughputResult({}, {
      levels: [{ ...failed, batchSize: 1, efficiency: null, speedup: null }],
      optimalBatchSize: null,
      maxPredictionsPerSecond: null,
      plateauBatchSize: null,
    }),
  ],
  "scalability": [
    scalabilityResult(),
    scalabilityResult({}, {
      levels: [{ ...failed, concurrency: 1, efficiency: null, littlesLawRatio: null }],
      optimalConcurrency: null,
      degradationPercent: null,
      usl: null,
      kneeConcurrency: null,
    }),
  ],
  "prompts": [promptsResult(), promptsResult({ lengthIn: "words" }), curvedPrompts(), refusedPrompts()],
  "memory": [
    memoryResult(true, { loads: [{ ...measurement(45, 1, 1), phase: "single" }, { ...failed, phase: "soak" }] }),
    memoryResult(false, {
      scope: null,
      baseline: null,
      peak: null,
      modelFootprintBytes: null,
      phases: [],
      growth: null,
      requestsPerMb: null,
    }),
  ],
  "load": [loadResult(), loadResult({ levels: [], sustainedPerSecond: null, saturatedPerSecond: null })],
  "operating-points": [
    operatingPointsResult(),
    operatingPointsResult([]),
    operatingPointsResult([{ ...failed, batchSize: 1, concurrency: 1 }]),
  ],
  "ab": [
    abResult(),
    abResult({
      effects: {
        throughput: { ratio: null, verdict: "cannot tell", smallestShown: null },
        p50: { ratio: null, verdict: "cannot tell", smallestShown: null },
        p95: { ratio: null, verdict: "cannot tell", smallestShown: null },
      },
    }),
  ],
};
