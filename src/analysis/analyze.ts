import type { Efficiency, Finding } from "../results/finding.ts";
import type { Recommendation } from "../results/recommendation.ts";
import { RESULT_KINDS, type TestResults } from "../results/kinds.ts";
import { bySeverity } from "../core/severity.ts";
import { bottleneckOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { batchPlateau, batchPlateauAdvice, batchSize } from "./batching.ts";
import { bottlenecks } from "./bottleneck.ts";
import type { Circumstances } from "./circumstances.ts";
import { clientCpu, clientLimited, strongerClient } from "./client.ts";
import { coldStartOverhead, noPreloadNeeded, preload } from "./cold_start.ts";
import { drift, levelShift, repeatRun, warmingUp } from "./drift.ts";
import { efficiencyOf, efficientPoint } from "./efficiency.ts";
import { gpuClocks, gpuThrottled } from "./gpu.ts";
import {
  fragmentation,
  gpuMemoryGrowth,
  memoryGrowth,
  noFragmentation,
  reduceFragmentation,
  watchGpuLeak,
  watchLeak,
} from "./memory.ts";
import { operatingPoint } from "./operating_point.ts";
import { saturationOf } from "./saturation.ts";
import { concurrency, littlesLaw, rapidDegradation, reduceContention, scaleOut } from "./scaling.ts";
import {
  errorsOf,
  fixErrors,
  heedLimit,
  limitedOf,
  notConverged,
  responseCache,
  sizeWithoutCache,
} from "./validity.ts";
import { relieveHost, unthrottle, useIdleGpus } from "./work_limit.ts";

const FINDING_RULES: readonly FindingRule[] = [
  coldStartOverhead,
  batchPlateau,
  rapidDegradation,
  gpuMemoryGrowth,
  memoryGrowth,
  fragmentation,
  ...RESULT_KINDS.map(errorsOf),
  ...RESULT_KINDS.map(limitedOf),
  ...RESULT_KINDS.map(saturationOf),
  ...RESULT_KINDS.map(clientLimited),
  clientCpu,
  ...RESULT_KINDS.map(gpuThrottled),
  ...RESULT_KINDS.map(gpuClocks),
  warmingUp,
  drift,
  levelShift,
  littlesLaw,
  responseCache,
  ...RESULT_KINDS.map(notConverged),
];

// In the order in which a person would act on them.
const RECOMMENDATION_RULES: readonly RecommendationRule[] = [
  fixErrors,
  heedLimit,
  strongerClient,
  repeatRun,
  sizeWithoutCache,
  operatingPoint,
  batchSize,
  concurrency,
  efficientPoint,
  unthrottle,
  relieveHost,
  useIdleGpus,
  scaleOut,
  preload,
  noPreloadNeeded,
  batchPlateauAdvice,
  reduceContention,
  watchGpuLeak,
  watchLeak,
  reduceFragmentation,
  noFragmentation,
];

/** What the results show, and what to do about it. */
export interface Analysis {
  /** Bottlenecks first, the main one at the front; then the rest, the most severe first. */
  readonly findings: readonly Finding[];
  /** In the order in which to act. Each rests on something that was measured. */
  readonly recommendations: readonly Recommendation[];
  /** The fastest load beside the most efficient one; left out where neither energy nor a price is known. */
  readonly efficiency?: Efficiency;
}

/**
 * Judges the results of one or more tests by rules with fixed thresholds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { analyze } from "./analyze.ts";
 *
 * const { findings, recommendations } = analyze({});
 * assertEquals(findings.map(({ code }) => code), ["bottleneck"]);
 * assertEquals(recommendations, []); // nothing was measured, so there is nothing to recommend
 * ```
 *
 * @param tests The results; tests that were not run are absent, and nothing is said of them.
 * @param circumstances What else is known of the run.
 * @returns Findings and recommendations as data; their words are made by `formatText`.
 */
export function analyze(tests: TestResults, circumstances: Circumstances = {}): Analysis {
  const limits = bottlenecks(tests, circumstances);
  const others = FINDING_RULES.flatMap((rule) => rule(tests) ?? [])
    // Where it is the limit, it has been told, and the tables have the share of each level.
    .filter(({ code }) => code !== "gpu-throttled" || bottleneckOf(limits, "throttled") === null)
    .toSorted(bySeverity);
  const findings = [...limits, ...others];
  const recommendations = RECOMMENDATION_RULES.flatMap((rule) => rule(tests, findings, circumstances) ?? []);
  const efficiency = efficiencyOf(tests, circumstances.pricePerHour);
  return { findings, recommendations, ...(efficiency === null ? {} : { efficiency }) };
}
