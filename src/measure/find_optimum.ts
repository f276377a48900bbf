import type { Estimate } from "../core/estimate.ts";
import type { LevelMeasurement } from "../results/result.ts";
import { equivalentLevels } from "../stats/scaling/equivalent_levels.ts";

/** Errors from which on a level is no candidate (METHODS 12). */
const MAX_ERROR_RATE = 0.01;

/** One level as a candidate for the optimum. */
export interface Candidate {
  readonly level: number;
  /** What is maximised, per second. */
  readonly rate: Estimate | null;
  readonly measurement: LevelMeasurement;
}

/** The optimum of a sweep. */
export interface Optimum {
  /** The smallest level that is equal to the best within noise, or `null`. */
  readonly optimal: number | null;
  /** All that are equal to the best within noise, ascending. */
  readonly equivalent: readonly number[];
  /** Rate of the best level. */
  readonly best: Estimate | null;
  /** The levels that took part, ascending. */
  readonly usable: readonly { readonly level: number; readonly estimate: Estimate }[];
}

/**
 * The smallest level whose interval overlaps the best's, among those with errors under 1 % that the client did not limit.
 *
 * @param candidates Ascending by level.
 * @param absences Is told why there is no optimum.
 * @param field Name of the optimum's field in `absences`.
 */
export function findOptimum(
  candidates: readonly Candidate[],
  absences: Record<string, string>,
  field: string,
): Optimum {
  const usable = candidates.flatMap(({ level, rate, measurement }) =>
    rate === null || measurement.clientLimited || (measurement.errorRate?.value ?? 1) >= MAX_ERROR_RATE
      ? []
      : [{ level, estimate: rate }]
  );
  const found = equivalentLevels(usable);
  if (found === null) {
    absences[field] = candidates.length === 0
      ? "no level was measured"
      : candidates.every(({ rate }) => rate === null)
      ? "no request succeeded"
      : "every level had 1 % errors or more, or was limited by the client";
    return { optimal: null, equivalent: [], best: null, usable };
  }
  const { best, optimal, equivalent } = found;
  return { optimal, equivalent, best: usable.find(({ level }) => level === best)!.estimate, usable };
}
