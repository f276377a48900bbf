import { streamedEvidence } from "../results/evidence/streamed_evidence.ts";
import type { ScalabilityLevel, ScalabilityResult, TestResults } from "../results/result.ts";
import { bottleneckOf, findingOf, type FindingRule, type RecommendationRule, runnersUpOf } from "./rule.ts";
import { bestPoint } from "../results/kinds/operating_points.ts";
import { atLeast } from "../results/window/at_least.ts";
import { isServersOwn, isUsable } from "../results/window/usable.ts";
import { equivalentLevels } from "../stats/scaling/equivalent_levels.ts";
import { THRESHOLDS } from "./thresholds.ts";

/**
 * Whether throughput stopped growing before the sweeps ended, as far as their levels can be relied on: not where a level above
 * the optimum of one may yet be faster by more than its tolerance, nor where one still grew at its last level.
 *
 * @param tests Results of the sweeps.
 */
export function isSaturated({ scalability, throughput }: Pick<TestResults, "scalability" | "throughput">): boolean {
  const concurrencies = scalability?.levels.filter(isServersOwn).map((level) => level.concurrency);
  const batchSizes = throughput?.levels.filter(isServersOwn).map((level) => level.batchSize);
  const ends = [
    hasEnded(concurrencies, scalability?.optimalConcurrency, scalability?.optimumRivals),
    // Of sizes that were left out it is known that they cannot be had.
    throughput?.absences["levels"] !== undefined && throughput.optimalBatchSize === batchSizes?.at(-1)
      ? null
      : hasEnded(batchSizes, throughput?.optimalBatchSize, throughput?.optimumRivals),
  ].filter((end) => end !== null);
  return ends.length > 0 && ends.every((end) => end);
}

/** Whether a sweep met its end; `null` where it tells nothing, as no two levels of it can be relied on. */
function hasEnded(
  levels: readonly number[] = [],
  optimum: number | null = null,
  rivals: readonly number[] = [],
): boolean | null {
  if (optimum === null || levels.length < 2) return null;
  return optimum < levels.at(-1)! && !rivals.some((rival) => rival > optimum);
}

/**
 * Throughput surely falls as concurrency rises: by much, or with the pairwise cost (kappa) that explains it.
 *
 * A large sigma alone is not reported here. It says that requests are served one after the other, which every server
 * with one worker does: throughput then stays level, and that is queueing, not degradation.
 */
export const rapidDegradation: FindingRule = ({ scalability }) => {
  const degradationPercent = scalability?.degradationPercent ?? null;
  const highest = scalability?.levels.at(-1);
  if (
    !scalability || degradationPercent === null || scalability.optimalConcurrency === null || !highest ||
    highest.clientLimited
  ) return null;
  const thresholdPercent = THRESHOLDS.degradationPercent;
  if (degradationPercent.low === null || degradationPercent.low <= 0) return null;
  const isLarge = degradationPercent.value > thresholdPercent;
  if (!isLarge && !isRetrograde(scalability, highest)) return null;
  const fastest = fastestConcurrency(scalability);
  return {
    code: "rapid-degradation",
    severity: isLarge ? "warning" : "info",
    evidence: {
      degradationPercent,
      thresholdPercent,
      bestConcurrency: scalability.optimalConcurrency,
      ...(fastest === null || fastest === scalability.optimalConcurrency ? {} : { fastestConcurrency: fastest }),
      highestConcurrency: highest.concurrency,
      kappa: scalability.usl?.kappa ?? null,
    },
  };
};

/** The level that the degradation is measured against. The optimum may be a smaller one that is as fast within noise. */
function fastestConcurrency({ levels }: ScalabilityResult): number | null {
  const usable = levels.filter(isUsable).flatMap((level) => {
    const estimate = atLeast(level, "requests");
    return estimate === null ? [] : [{ level: level.concurrency, estimate, isBound: level.clientLimited }];
  });
  return equivalentLevels(usable)?.best ?? null;
}

/** Whether the fit holds a pairwise cost for certain and puts the peak within what was measured. */
function isRetrograde({ usl }: ScalabilityResult, highest: ScalabilityLevel): boolean {
  return usl !== null && usl.kappa.low !== null && usl.kappa.low > 0 && usl.peakConcurrency !== null &&
    usl.peakConcurrency < highest.concurrency;
}

/**
 * Whether concurrency, throughput and latency of a level belong together (Little's law). The ends of a window cut as many requests
 * as are outstanding: of few requests that alone takes the ratio as far from 1 as the share that these are of them.
 *
 * @param level Of a scalability test.
 * @returns `null` where it was not checked.
 */
export function littlesLawVerdict(
  { concurrency, littlesLawRatio, succeeded }: Pick<ScalabilityLevel, "concurrency" | "littlesLawRatio" | "succeeded">,
): "holds" | "off" | "cannot tell" | null {
  if (littlesLawRatio === null) return null;
  const deviation = Math.abs(littlesLawRatio - 1);
  if (deviation <= THRESHOLDS.littlesLawDeviation) return "holds";
  return deviation > concurrency / succeeded ? "off" : "cannot tell";
}

/** Concurrency, throughput and latency that do not belong together: the run was not steady, or the client was late. */
export const littlesLaw: FindingRule = ({ scalability }) => {
  const levels = (scalability?.levels ?? []).filter((level) => littlesLawVerdict(level) === "off")
    .map(({ concurrency, littlesLawRatio }) => ({ concurrency, ratio: littlesLawRatio! }));
  return levels.length === 0 ? null : { code: "littles-law", severity: "warning", evidence: { levels } };
};

/**
 * Less contention: workers, input and output, locks; where throughput falls by much. It names a concurrency to stay near only
 * where no point was measured together: else that one is the load to use.
 */
export const reduceContention: RecommendationRule = (tests, findings) => {
  const found = findingOf(findings, "rapid-degradation");
  if (found?.severity !== "warning") return null;
  const { thresholdPercent: _limit, kappa: _pairwise, ...evidence } = found.evidence;
  const point = bestPoint(tests["operating-points"]?.points ?? []);
  const isLoadOf = point !== null && point.concurrency !== evidence.bestConcurrency;
  return { code: "reduce-contention", evidence: isLoadOf ? { ...evidence, otherPoint: true } : evidence };
};

/** More workers or replicas, where requests only wait. */
export const scaleOut: RecommendationRule = (_tests, findings) => {
  const queueing = bottleneckOf(findings, "queueing");
  return queueing && { code: "scale-out", evidence: queueing.evidence };
};

/** The optimal concurrency of the sweep, where it was compared with another and no joint point was measured. */
export const concurrency: RecommendationRule = (tests) => {
  if (bestPoint(tests["operating-points"]?.points ?? []) !== null) return null;
  const { scalability } = tests;
  const optimum = scalability?.levels.find((level) => level.concurrency === scalability.optimalConcurrency);
  if (!scalability || !optimum?.requestsPerSecond || !optimum.latencyMs || !isUsable(optimum)) return null;
  const compared = scalability.levels.filter(isUsable);
  if (compared.length < 2) return null;
  return {
    code: "concurrency",
    concurrency: optimum.concurrency,
    runnersUp: runnersUpOf(optimum.concurrency, scalability.equivalentConcurrencies, scalability.optimumRivals),
    evidence: {
      requestsPerSecond: optimum.requestsPerSecond,
      p95Ms: optimum.latencyMs.p95,
      batchSize: scalability.batchSize,
      highestTried: optimum === scalability.levels.at(-1),
      ...(optimum.clientLimited ? { atLeast: true } : {}),
      ...streamedEvidence(optimum),
    },
  };
};
