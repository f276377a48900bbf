import { ratioAt } from "../ratios/ratio_at.ts";
import { ratioHigh } from "../ratios/ratio_high.ts";
import type { LevelEstimate } from "./level_estimate.ts";

/** A level that gains less than this share over the one before is on the plateau. */
export const PLATEAU_GAIN = 0.05;

/** The interval whose lower end shows a gain of 5 %, and the upper end that shows none, calibrated: with them a verdict is wrong in under 5 % of runs. */
const SURE = { gain: 0.9, none: { level: 0.6, known: 0.25 } };

/** Where more stops to pay, as far as the intervals can tell. */
export interface Plateau {
  /** The first level whose gain is under 5 %; `null` if every one gains more, or where that cannot be told. */
  readonly level: number | null;
  /** All levels that it may be, ascending, `null` for none of them; one where it can be told. */
  readonly among: readonly (number | null)[];
}

/**
 * The first level whose gain over the one before is under 5 %: from there on more buys little or nothing. A gain is told
 * where an interval of the ratio of both rates (MOVER-R) lies on one side of the limit: above it by 95 %, below it by 80 %, or
 * by 97.5 % where the ratio is known to less than 25 %. Else the level is one of those that it may be. A rate without an end proves nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plateauLevel } from "./plateau_level.ts";
 * const at = (level: number, value: number, known = 0.01) => ({
 *   level,
 *   estimate: { value, low: value * (1 - known), high: value * (1 + known), level: 0.95, n: 300 },
 * });
 * assertEquals(plateauLevel([at(1, 30), at(2, 55), at(4, 56), at(8, 57)]), { level: 4, among: [4] });
 * assertEquals(plateauLevel([at(1, 30), at(2, 55)]), { level: null, among: [null] });
 * assertEquals(plateauLevel([at(1, 30), at(2, 55), at(4, 58, 0.1)]), { level: null, among: [4, null] });
 * ```
 *
 * @param levels Levels in any order.
 */
export function plateauLevel(levels: readonly LevelEstimate[]): Plateau {
  const rising = levels.toSorted((a, b) => a.level - b.level);
  const among: (number | null)[] = [];
  for (const [i, { level, estimate }] of rising.entries()) {
    const before = rising[i - 1]?.estimate;
    if (before === undefined || isOver(ratioAt(SURE.gain, estimate, before)?.low ?? null)) continue;
    among.push(level);
    const most = ratioHigh(SURE.none, estimate, before);
    if (most !== null && !isOver(most)) return { level: among.length === 1 ? level : null, among };
  }
  return { level: null, among: [...among, null] };
}

function isOver(ratio: number | null): boolean {
  return ratio !== null && ratio >= 1 + PLATEAU_GAIN;
}
