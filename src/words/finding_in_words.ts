import type { Finding, RepeatedMeasurement } from "../results/finding.ts";
import { bottleneckInWords } from "./bottleneck_in_words.ts";
import { formatEstimate, formatNumber, formatShare, formatTimeEstimate, UNITS } from "./quantity.ts";
import { clientInWords, countersInWords, enumerate, failuresInWords, growthInWords, levelsInWords } from "./words.ts";

type Evidence<Code extends Finding["code"]> = Extract<Finding, { code: Code }>["evidence"];

function degradationInWords(evidence: Evidence<"rapid-degradation">): string {
  const { degradationPercent, bestConcurrency, highestConcurrency, kappa } = evidence;
  const pairwise = kappa === null || kappa.low === null || kappa.low <= 0
    ? ""
    : ` Requests cost each other time (pairwise cost kappa ${formatEstimate(kappa, UNITS.none)}).`;
  return `Throughput falls by ${formatEstimate(degradationPercent, UNITS.percent)} from concurrency ` +
    `${bestConcurrency} to ${highestConcurrency}.${pairwise}`;
}

function memoryGrowthInWords(evidence: Evidence<"memory-growth">): string {
  const { verdict, bytesPerRequest, pValue, requests } = evidence;
  const manner = {
    "growing": "Memory grows",
    "stable": "Memory is stable",
    "cannot tell": "Cannot tell whether memory grows",
  }[verdict];
  const certainty = pValue === null ? "" : `, p ${pValue < 0.001 ? "< 0.001" : `= ${pValue.toPrecision(2)}`}`;
  return `${manner}: ${growthInWords(bytesPerRequest)} (over ${requests} requests${certainty}).`;
}

/** Every test or level whose intervals are wider than wanted, in one sentence. */
export function imprecisionInWords(imprecise: readonly Evidence<"not-converged">[]): string {
  const where = imprecise.map(({ test, levels }) => levelsInWords(test, levels)).join("; ");
  return `Intervals are wider than wanted at: ${where}. A longer --duration narrows them.`;
}

function driftInWords({ batchSize, concurrency, slower, faster }: Evidence<"drift">): string {
  const where = ({ source, requestsPerSecond }: RepeatedMeasurement) =>
    `${formatEstimate(requestsPerSecond, UNITS.requestsPerSecond)} in the ` +
    (source === "operating-points" ? "confirmation" : `${source} test`);
  return `The same load (batch size ${batchSize}, concurrency ${concurrency}) reached ${where(slower)} and ` +
    `${where(faster)}: the machine or the server changed during the run, so compare its tests with care.`;
}

/**
 * A finding as a sentence or two.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findingInWords } from "./finding_in_words.ts";
 * const evidence = { test: "scalability", levels: [16, 32] } as const;
 * assertEquals(
 *   findingInWords({ code: "not-converged", severity: "info", evidence }),
 *   "Intervals are wider than wanted at: concurrency 16 and 32. A longer --duration narrows them.",
 * );
 * ```
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
    case "rapid-degradation":
      return degradationInWords(finding.evidence);
    case "memory-growth":
      return memoryGrowthInWords(finding.evidence);
    case "fragmentation": {
      const counters = countersInWords(finding.evidence.counters);
      return `GPU memory fragmentation: ${finding.evidence.verdict}${counters === "" ? "" : ` (${counters})`}.`;
    }
    case "errors": {
      const { test, requests, failed, levels, failuresByReason, failureExamples } = finding.evidence;
      const where = levels.length === 0 ? "" : ` at ${levelsInWords(test, levels)}`;
      return `${formatShare(failed, requests)} of the requests of the ${test} test failed (${failed} of ${requests})` +
        `${where}: ${failuresInWords(failuresByReason, failureExamples)}.`;
    }
    case "not-converged":
      return imprecisionInWords([finding.evidence]);
    case "client-limited": {
      const { test, levels, cpuShare, ceilingPerSecond } = finding.evidence;
      return `The client may have set the numbers of ${levelsInWords(test, levels)}${
        clientInWords(cpuShare, ceilingPerSecond)
      }.`;
    }
    case "drift":
      return driftInWords(finding.evidence);
    case "littles-law": {
      const levels = finding.evidence.levels.map(({ concurrency, ratio }) => `${concurrency} (${ratio.toFixed(2)})`);
      return `Little's law is off by more than 5% at concurrency ${
        enumerate(levels)
      }: there the load was not steady or the client was late.`;
    }
  }
}
