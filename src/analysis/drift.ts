import type { RepeatedMeasurement } from "../results/finding.ts";
import type { LevelMeasurement, TestResults } from "../results/result.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import { isUsable } from "./load_levels.ts";
import { findingOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

interface MeasuredLoad extends RepeatedMeasurement {
  readonly batchSize: number;
  readonly concurrency: number;
}

/** Every closed-loop window by its load, whichever test made it. */
function measuredLoads({ basic, throughput, scalability, operatingPoints = [] }: TestResults): MeasuredLoad[] {
  const load = (
    source: RepeatedMeasurement["source"],
    batchSize: number,
    concurrency: number,
    measured: LevelMeasurement,
  ): MeasuredLoad[] =>
    measured.requestsPerSecond === null || !isUsable(measured)
      ? []
      : [{ source, batchSize, concurrency, requestsPerSecond: measured.requestsPerSecond }];
  return [
    ...(basic ? load("basic", basic.batchSize, basic.concurrency, basic) : []),
    ...(throughput?.levels ?? []).flatMap((level) =>
      load("throughput", level.batchSize, throughput!.concurrency, level)
    ),
    ...(scalability?.levels ?? []).flatMap((level) =>
      load("scalability", scalability!.batchSize, level.concurrency, level)
    ),
    ...operatingPoints.flatMap((point) => load("operating-points", point.batchSize, point.concurrency, point)),
  ];
}

/**
 * The same load came out differently in two tests of the run: the machine or the server was not the same all along, so
 * that differences between tests are not all the server's own. Of several such loads the one that differs most.
 */
export const drift: FindingRule = (tests) => {
  const loads = measuredLoads(tests);
  const rate = ({ requestsPerSecond }: MeasuredLoad) => requestsPerSecond.value;
  const [worst] = loads
    .flatMap((slower) =>
      loads
        .filter(({ batchSize, concurrency }) => batchSize === slower.batchSize && concurrency === slower.concurrency)
        .filter((faster) => rate(faster) > THRESHOLDS.driftRatio * rate(slower))
        .filter((faster) => !overlaps(faster.requestsPerSecond, slower.requestsPerSecond))
        .map((faster) => ({ slower, faster }))
    )
    .sort((a, b) => rate(b.faster) / rate(b.slower) - rate(a.faster) / rate(a.slower));
  if (!worst) return null;
  const { batchSize, concurrency } = worst.slower;
  const repeated = ({ source, requestsPerSecond }: MeasuredLoad): RepeatedMeasurement => ({
    source,
    requestsPerSecond,
  });
  return {
    code: "drift",
    severity: "warning",
    evidence: { batchSize, concurrency, slower: repeated(worst.slower), faster: repeated(worst.faster) },
  };
};

/** The run once more, where it was not steady. */
export const repeatRun: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "drift");
  return found && { code: "repeat-run", evidence: found.evidence };
};
