import type { Estimate } from "../core/estimate.ts";
import type { OperatingPoint } from "../results/kinds/operating_points.ts";
import type { TestResults } from "../results/kinds.ts";
import { isUsable } from "../results/window/usable.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import type { RecommendationRule } from "./rule.ts";

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
export function bestOperatingPoint({ "operating-points": found }: TestResults): OperatingPoint | null {
  return found?.points.find(isRecommendable) ?? null;
}

/** The batch size and concurrency that were measured together and came out best. */
export const operatingPoint: RecommendationRule = ({ "operating-points": found }) => {
  const [best, ...others] = found?.points.filter(isRecommendable) ?? [];
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
      ...(best.clientLimited ? { atLeast: true } : {}),
    },
  };
};
