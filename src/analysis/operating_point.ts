import { batchingOfLoad } from "../results/evidence/load_point.ts";
import { streamedEvidence } from "../results/evidence/streamed_evidence.ts";
import { usablePoints } from "../results/kinds/operating_points.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import type { RecommendationRule } from "./rule.ts";

/** The batch size and concurrency that were measured together and came out best. */
export const operatingPoint: RecommendationRule = ({ "operating-points": found }) => {
  const [best, ...others] = usablePoints(found?.points ?? []);
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
      ...batchingOfLoad(best.load),
      ...(best.clientLimited ? { atLeast: true } : {}),
      ...streamedEvidence(best),
    },
  };
};
