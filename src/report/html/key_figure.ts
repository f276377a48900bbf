import type { Estimate } from "../../core/estimate.ts";
import type { ResultKind } from "../../results/kinds.ts";
import { interval, quantity, type Words } from "../../words/inline.ts";
import { estimateText } from "../../words/estimate/estimate_text.ts";
import type { Unit } from "../../words/quantity.ts";

/** A number that the reader wants first. */
export interface KeyFigure {
  /** What it is. */
  readonly label: string;
  /** The number with its unit. */
  readonly value: Words;
  /** Its interval; empty where it has none. */
  readonly interval: Words;
  /** At what load, or beside what. */
  readonly context: Words;
  /** Where it comes from. */
  readonly source: ResultKind;
  /** Whether it is bad news. */
  readonly isBad: boolean;
}

/**
 * An estimate as a number that the reader wants first.
 *
 * @param label What it is.
 * @param estimate Its value with its interval.
 * @param unit Of display.
 * @param context At what load, or beside what.
 * @param source Where it comes from.
 */
export function estimateFigure(
  label: string,
  estimate: Estimate,
  unit: Unit,
  context: Words,
  source: ResultKind,
): KeyFigure {
  const { value, interval: ends, suffix } = estimateText(estimate, unit);
  return { label, value: quantity(value + suffix), interval: interval(ends), context, source, isBad: false };
}
