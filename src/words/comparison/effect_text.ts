import type { Estimate } from "../../core/estimate.ts";
import type { ComparedFigure } from "../../results/comparison.ts";
import type { ResultKind } from "../../results/kinds.ts";
import { changeText } from "../estimate/change_text.ts";
import { displayUnit } from "../display_unit.ts";
import { type EstimateText, estimateText } from "../estimate/estimate_text.ts";
import { formatNumber, type Unit, UNITS } from "../quantity.ts";

const SHARE_POINTS: Unit = { divisor: 0.01, suffix: " points" };

/**
 * How a figure of the second run stands against that of the first: the change in percent; of what has no natural 0 to be a
 * part of, the difference.
 *
 * @param figure In both runs.
 * @returns `null` where it is not known.
 */
export function effectText(figure: ComparedFigure): EstimateText | null {
  const { unit, ratio, difference, a } = figure;
  if (difference === null || a === null) return null;
  if (unit === "share") return differenceText(difference, SHARE_POINTS);
  if (ratio === null || !isRelative(figure)) return differenceText(difference, displayUnit(unit, a.value));
  return changeText(ratio);
}

/**
 * The smallest difference that would have been shown, as the effect is.
 *
 * @param figure In both runs.
 * @returns Empty where it is not known.
 */
export function unseenText(figure: ComparedFigure): string {
  const { unit, smallestShown, ratio, a } = figure;
  if (smallestShown === null || a === null) return "";
  if (unit === "share") return formatNumber(smallestShown, SHARE_POINTS);
  if (ratio === null || !isRelative(figure)) return formatNumber(smallestShown, displayUnit(unit, smallestShown));
  return formatNumber(100 * smallestShown / Math.abs(a.value), UNITS.percent);
}

/**
 * Whether the effect is told as a ratio, so that it stands on one scale with others.
 *
 * @param figure In both runs.
 */
export function isRelative({ unit, ratio }: ComparedFigure): boolean {
  return ratio !== null && unit !== "share" && unit !== "bytes/request";
}

/**
 * What a test is called where runs are compared.
 *
 * @param test Its kind.
 */
export function comparedTest(test: ResultKind): string {
  if (test === "operating-points") return "recommended operating point";
  return test === "ab" ? "A/B test" : `${test} test`;
}

/** A difference with its sign. */
function differenceText(difference: Estimate, unit: Unit): EstimateText {
  const text = estimateText(difference, unit);
  return difference.value > 0 ? { ...text, value: `+${text.value}` } : text;
}
