import type { Estimate } from "../core/estimate.ts";
import type { ComparedFigure, ComparedRun } from "../results/comparison.ts";
import type { ResultFigure } from "../results/figures.ts";
import { estimateOf, isAbsent, type Measured } from "../results/measured.ts";
import type { TestResults } from "../results/kinds.ts";
import { isLeast } from "../results/window/at_least.ts";
import { missProbability } from "../stats/confidence_level.ts";
import { differenceEstimate } from "../stats/estimates/difference_estimate.ts";
import { ratioEstimate } from "../stats/ratios/ratio_estimate.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import { normalQuantile } from "../stats/probability.ts";
import { shownVerdict, smallestShown } from "./shown.ts";

/** The same figure of two runs. */
export interface FigurePair {
  /** What it is. */
  readonly figure: Pick<ResultFigure, "kind" | "label" | "unit" | "better" | "isRare">;
  /** In the first run. */
  readonly a: Measured;
  /** In the second. */
  readonly b: Measured;
}

/**
 * A figure in both runs.
 *
 * @param figure What it is.
 * @param a Results of the first run.
 * @param b Results of the second.
 */
export function pairOf(figure: ResultFigure, a: TestResults, b: TestResults): FigurePair {
  const read = (tests: TestResults): Measured => {
    const measured = figure.read(tests);
    // The best of equals is high by luck: its interval must hold for each of them.
    return isAbsent(measured) ? measured : simultaneousEstimate(measured, Math.max(1, figure.chosenFrom?.(tests) ?? 1));
  };
  return { figure, a: read(a), b: read(b) };
}

/** Whether a pair is told: one that neither run has is left out where most servers do not have it. */
export function isTold({ figure, a, b }: FigurePair): boolean {
  return !figure.isRare || !isAbsent(a) || !isAbsent(b);
}

const hasInterval = (measured: Measured) => !isAbsent(measured) && (measured.low !== null || measured.high !== null);

/** One reading: there is nothing to tell noise from. */
const isReading = ({ n, low, high }: Estimate) => n === 1 && low === null && high === null;

/** Whether a pair has intervals on both sides, so that it takes part in the family. */
export function isComparable({ a, b }: FigurePair): boolean {
  return hasInterval(a) && hasInterval(b);
}

/** The first run and the second, as far as they say in which tests the client may have set the numbers. */
export type LimitedRuns = readonly [a: Pick<ComparedRun, "clientLimited">, b: Pick<ComparedRun, "clientLimited">];

/**
 * Whether a figure is better in the second run: shown where the interval of the difference leaves out 0.
 *
 * @param pair The figure in both runs.
 * @param family How many intervals hold together.
 * @param runs In which tests the client may have set the numbers. @default {in none}
 * @returns Effect and verdict. "no difference found" is not "equal": `smallestShown` tells what could have gone unseen.
 */
export function compareFigure({ figure, a, b }: FigurePair, family: number, runs?: LimitedRuns): ComparedFigure {
  const { kind: test, label: name, unit, better } = figure;
  const [inA, inB] = [estimateOf(a), estimateOf(b)];
  const ends = { test, name, unit, better, a: inA, b: inB };
  if (inA === null || inB === null || isReading(inA) || isReading(inB)) {
    const reason = isAbsent(a)
      ? `not measured in the first: ${a.detail}`
      : isAbsent(b)
      ? `not measured in the second: ${b.detail}`
      : `one reading in ${inWhich([a, b].map((of) => !isAbsent(of) && isReading(of)))} has no interval`;
    return { ...ends, difference: null, ratio: null, verdict: "cannot tell", reason, smallestShown: null };
  }
  const [wideA, wideB] = [simultaneousEstimate(inA, family), simultaneousEstimate(inB, family)];
  const difference = differenceEstimate(wideB, wideA);
  const verdict = shownVerdict(difference, 0, better);
  const isLimited = [inA, inB].map((of, i) =>
    better === "more" && isLeast(of) && runs?.[i]?.clientLimited.includes(test) === true
  );
  return {
    ...ends,
    difference,
    ratio: ratioEstimate(wideB, wideA),
    verdict,
    reason: verdict !== "cannot tell"
      ? null
      : isLimited.includes(true)
      ? `the client was the limit of ${inWhich(isLimited)}`
      : "too few observations for an interval",
    smallestShown: smallestShownOf(difference, family),
  };
}

/** The runs of which something holds, at least one. */
function inWhich([ofFirst, ofSecond]: readonly boolean[]): string {
  return ofFirst && ofSecond ? "each run" : ofFirst ? "the first run" : "the second run";
}

function smallestShownOf({ value, low, high, level }: Estimate, family: number): number | null {
  if (low === null || high === null) return null;
  return smallestShown(Math.max(value - low, high - value), normalQuantile(1 - missProbability(level) / 2 / family));
}
