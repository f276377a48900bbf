import type { ComparedFigure, ComparedTest, ComparisonVerdict } from "../results/comparison.ts";
import type { Estimate } from "../core/estimate.ts";
import { missProbability } from "../stats/confidence_level.ts";
import { differenceEstimate } from "../stats/estimates/difference_estimate.ts";
import { normalQuantile } from "../stats/probability.ts";
import { ratioEstimate } from "../stats/estimates/ratio_estimate.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import type { HeadlineFigure } from "./headline_figures.ts";

/** A difference is called one that would have been shown if it is so in this part of all pairs of runs. */
const POWER = 0.8;

/** The same number of two runs. */
export interface FigurePair {
  /** Test that gave it. */
  readonly test: ComparedTest;
  /** In the first run. */
  readonly a: HeadlineFigure;
  /** In the second. */
  readonly b: HeadlineFigure;
}

/** Whether a pair has intervals on both sides, so that it takes part in the family. */
export function isComparable({ a, b }: FigurePair): boolean {
  return [a.estimate, b.estimate].every((estimate) =>
    estimate !== null && (estimate.low !== null || estimate.high !== null)
  );
}

/**
 * Whether a number is better in the second run: shown where the interval of the difference leaves out 0.
 *
 * @param pair The number in both runs.
 * @param family How many intervals hold together.
 * @returns Effect and verdict. "no difference found" is not "equal": `smallestShown` tells what could have gone unseen.
 */
export function compareFigure({ test, a, b }: FigurePair, family: number): ComparedFigure {
  const { name, unit, better } = a;
  const absence = a.estimate === null
    ? `not measured in the first: ${a.absence}`
    : b.estimate === null
    ? `not measured in the second: ${b.absence}`
    : a.absence;
  const ends = { test, name, unit, better, a: a.estimate, b: b.estimate };
  if (a.estimate === null || b.estimate === null || absence !== null) {
    return { ...ends, difference: null, ratio: null, verdict: "cannot tell", reason: absence, smallestShown: null };
  }
  const [wideA, wideB] = [a.estimate, b.estimate].map((estimate) => simultaneousEstimate(estimate, family));
  const difference = differenceEstimate(wideB!, wideA!);
  const verdict = verdictOf(difference, better);
  return {
    ...ends,
    difference,
    ratio: ratioEstimate(wideB!, wideA!),
    verdict,
    reason: verdict === "cannot tell" ? "too few observations for an interval" : null,
    smallestShown: smallestShown(difference, family),
  };
}

function verdictOf({ low, high }: Estimate, better: "less" | "more"): ComparisonVerdict {
  const direction = low !== null && low > 0 ? "more" : high !== null && high < 0 ? "less" : null;
  if (direction !== null) return direction === better ? "better" : "worse";
  return low === null || high === null ? "cannot tell" : "no difference found";
}

/** Half width of the interval and what the difference must exceed it by, by the normal distribution. */
function smallestShown({ value, low, high, level }: Estimate, family: number): number | null {
  if (low === null || high === null) return null;
  const halfWidth = Math.max(value - low, high - value);
  return halfWidth * (1 + normalQuantile(POWER) / normalQuantile(1 - missProbability(level) / 2 / family));
}
