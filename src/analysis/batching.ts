import { findingOf, type FindingRule, type RecommendationRule, runnersUpOf } from "./rule.ts";
import { bestPoint } from "../results/kinds/operating_points.ts";
import { isUsable } from "../results/window/usable.ts";
import { THRESHOLDS } from "./thresholds.ts";

/**
 * Larger batches stop paying early. A dip at a small size below an optimum further up is noise or padding, no plateau; and a
 * larger one that came out best together with a concurrency does pay.
 */
export const batchPlateau: FindingRule = ({ throughput, "operating-points": together }) => {
  const plateauBatchSize = throughput?.plateauBatchSize ?? null;
  const optimalBatchSize = throughput?.optimalBatchSize ?? null;
  if (!throughput || plateauBatchSize === null || optimalBatchSize === null) return null;
  if (plateauBatchSize > THRESHOLDS.smallPlateauBatchSize || optimalBatchSize > plateauBatchSize) return null;
  if (throughput.levels.some((level) => level.batchSize <= plateauBatchSize && level.clientLimited)) return null;
  // Where a larger size may yet be faster, nobody knows that larger ones do not pay.
  if (throughput.optimumRivals?.some((rival) => rival > optimalBatchSize)) return null;
  if ((bestPoint(together?.points ?? [])?.batchSize ?? 0) > optimalBatchSize) return null;
  const speedup = throughput.levels.find(({ batchSize }) => batchSize === optimalBatchSize)?.speedup ?? null;
  return { code: "batch-plateau", severity: "info", evidence: { plateauBatchSize, optimalBatchSize, speedup } };
};

/** What to look at, where larger batches stop paying early. */
export const batchPlateauAdvice: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "batch-plateau");
  if (!found) return null;
  const { plateauBatchSize, optimalBatchSize } = found.evidence;
  return { code: "batch-plateau", evidence: { plateauBatchSize, optimalBatchSize } };
};

/** The optimal batch size of the sweep, where it was compared with another and no joint point was measured. */
export const batchSize: RecommendationRule = (tests) => {
  if (bestPoint(tests["operating-points"]?.points ?? []) !== null) return null;
  const { throughput } = tests;
  const optimum = throughput?.levels.find((level) => level.batchSize === throughput.optimalBatchSize);
  if (!throughput || !optimum?.predictionsPerSecond || !isUsable(optimum)) return null;
  const compared = throughput.levels.filter(isUsable);
  if (compared.length < 2) return null;
  const single = throughput.levels.find((level) => level.batchSize === 1);
  return {
    code: "batch-size",
    batchSize: optimum.batchSize,
    runnersUp: runnersUpOf(optimum.batchSize, throughput.equivalentBatchSizes, throughput.optimumRivals),
    evidence: {
      predictionsPerSecond: optimum.predictionsPerSecond,
      // Where the client limited either, only a bound of it is known.
      speedup: optimum.clientLimited || single?.clientLimited ? null : optimum.speedup,
      concurrency: throughput.concurrency * (throughput.batching === "server" ? optimum.batchSize : 1),
      // Of sizes that were left out it is known that they cannot be had.
      largestTried: optimum === throughput.levels.at(-1) && throughput.absences["levels"] === undefined,
      ...(throughput.batching === undefined ? {} : { batching: throughput.batching }),
      ...(optimum.clientLimited ? { atLeast: true } : {}),
    },
  };
};
