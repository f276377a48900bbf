import { type Ascending, ascending } from "../estimates/ascending.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { designEffect } from "../estimates/design_effect.ts";
import { mser5 } from "./mser5.ts";
import { quantile } from "../estimates/quantile.ts";

/** Least distance of the front's mean rank from the middle of the rest, as a share: it is slower than 7 of 10, or faster. */
const LEAST_SHIFT = 0.2;
/** Standard errors by which the front must differ: a cut that MSER-5 chose among many must not pass by chance. */
const LEAST_Z = 3;

/**
 * How many of the first observations are still warm-up.
 *
 * MSER-5 proposes a cut. It is taken only if what lies before it differs from what comes after: the mean rank of the former
 * among the latter lies outside the middle two fifths, and further from the middle than chance explains, by the rank-sum test
 * (H. B. Mann and D. R. Whitney, 1947) with neighbours' likeness taken into account. MSER-5 alone also cuts a single
 * stall together with everything before it, which would hide from the tail just what a measurement must show, and, from
 * latencies that come in runs, a front that is merely unlike the rest by chance.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { warmUpCut } from "./warm_up_cut.ts";
 * const steady = Array.from({ length: 200 }, (_, i) => 10 + (i * 7) % 5);
 * assertEquals(warmUpCut([...Array<number>(50).fill(40), ...steady]), 50);
 * assertEquals(warmUpCut(steady.map((x, i) => i === 20 ? 2000 : x)), 0);
 * ```
 *
 * @param series Observations in time order, any unit.
 * @returns Observations to leave out, from 0 to half of the series.
 */
export function warmUpCut(series: Readonly<Float64Array> | readonly number[]): number {
  const cut = mser5(series);
  if (cut === 0) return 0;
  const after = series.slice(cut);
  const sorted = ascending(after);
  let ranks = 0;
  for (let i = 0; i < cut; i++) ranks += shareBelow(sorted, series[i]!);
  const shift = Math.abs(ranks / cut - 0.5);
  if (shift < LEAST_SHIFT) return 0;
  const inflation = designEffect(after, quantile(sorted, 0.5), DEFAULT_LEVEL);
  const standardError = Math.sqrt(inflation / 12 * (1 / cut + 1 / sorted.length));
  return shift > LEAST_Z * standardError ? cut : 0;
}

/** Share of the observations below `x`, equal ones counted half. */
function shareBelow(sorted: Ascending, x: number): number {
  const countWhere = (isLower: (y: number) => boolean) => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLower(sorted[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (countWhere((y) => y < x) + countWhere((y) => y <= x)) / 2 / sorted.length;
}
