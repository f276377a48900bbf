import type { Estimate } from "../core/estimate.ts";
import type { OperatingPoint, TestResults } from "../results/result.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import type { RecommendationRule } from "./rule.ts";
import { isUsable } from "./load_levels.ts";

/** A point that can be recommended. */
interface UsablePoint extends OperatingPoint {
  readonly predictionsPerSecond: Estimate;
}

const isRecommendable = (point: OperatingPoint): point is UsablePoint =>
  point.predictionsPerSecond !== null && isUsable(point);

/**
 * The best batch size and concurrency among those measured together.
 *
 * @param tests The results; their operating points stand best first.
 * @returns The point, or `null` if none was measured or none is usable.
 */
export function bestOperatingPoint(tests: TestResults): OperatingPoint | null {
  return tests.operatingPoints?.find(isRecommendable) ?? null;
}

/** The batch size and concurrency that were measured together and came out best. */
export const operatingPoint: RecommendationRule = ({ operatingPoints = [] }) => {
  const [best, ...others] = operatingPoints.filter(isRecommendable);
  if (!best?.requestsPerSecond || !best.latencyMs) return null;
  return {
    code: "operating-point",
    batchSize: best.batchSize,
    concurrency: best.concurrency,
    runnersUp: others
      .filter((other) => overlaps(best.predictionsPerSecond, other.predictionsPerSecond))
      .map(({ batchSize, concurrency }) => ({ batchSize, concurrency })),
    evidence: {
      predictionsPerSecond: best.predictionsPerSecond,
      requestsPerSecond: best.requestsPerSecond,
      p95Ms: best.latencyMs.p95,
    },
  };
};
