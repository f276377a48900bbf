import type { Estimate } from "../core/estimate.ts";
import { isUsable, whyNoneUsable } from "../results/window/usable.ts";
import type { Window } from "../results/window/window.ts";
import { type BoundedEstimate, equivalentLevels } from "../stats/scaling/equivalent_levels.ts";
import { optimumRivals } from "../stats/scaling/optimum_rivals.ts";

/** One level as a candidate for the optimum. */
export interface Candidate {
  /** Batch size or concurrency. */
  readonly level: number;
  /** What is maximised, per second. */
  readonly rate: Estimate | null;
  /** What was measured. */
  readonly window: Window;
}

/** The optimum of a sweep. */
export interface Optimum {
  /** The smallest level that is equal to the best within noise, or `null`. */
  readonly optimal: number | null;
  /** All that are equal to the best within noise, ascending. */
  readonly equivalent: readonly number[];
  /** Levels that may be better than it, ascending: where there are any it is a guess. */
  readonly rivals: readonly number[];
  /** Rate of the best level; without an upper end where the client limited it. */
  readonly best: Estimate | null;
  /** The best level itself, which the optimum may be below. */
  readonly bestLevel: number | null;
  /** The levels that took part, ascending. */
  readonly usable: readonly BoundedEstimate[];
  /** Those of them whose numbers the server set, ascending: what a curve may be drawn through. */
  readonly own: readonly BoundedEstimate[];
}

/**
 * The smallest level whose interval overlaps the best's, among the usable ones. A level that the client limited takes part
 * with "at least": no level that measured lower may then be called the optimum (method 11).
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
  const usable = candidates.flatMap(({ level, rate, window }): BoundedEstimate[] =>
    rate === null || !isUsable(window)
      ? []
      : [{ level, estimate: window.clientLimited ? { ...rate, high: null } : rate, isBound: window.clientLimited }]
  );
  const own = usable.filter(({ isBound }) => !isBound);
  const found = equivalentLevels(usable);
  if (found === null) {
    absences[field] = candidates.length === 0
      ? "no level was measured"
      : candidates.every(({ rate }) => rate === null)
      ? "no request succeeded"
      : whyNoneUsable(candidates.map(({ window }) => window), "level");
    return { optimal: null, equivalent: [], rivals: [], best: null, bestLevel: null, usable, own };
  }
  const { best, optimal, equivalent } = found;
  const rivals = optimumRivals(usable, found);
  const { estimate } = usable.find(({ level }) => level === best)!;
  return { optimal, equivalent, rivals, best: estimate, bestLevel: best, usable, own };
}
