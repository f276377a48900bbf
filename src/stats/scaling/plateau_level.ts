import type { LevelEstimate } from "./level_estimate.ts";

/** A level that gains less than this share over the one before is on the plateau. */
export const PLATEAU_GAIN = 0.05;

/**
 * The first level whose gain over the one before is under 5 %: from there on more buys little or nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plateauLevel } from "./plateau_level.ts";
 * const unsure = { low: null, high: null, level: 0.95, n: 1 };
 * const at = (level: number, value: number) => ({ level, estimate: { value, ...unsure } });
 * assertEquals(plateauLevel([at(1, 30), at(2, 55), at(4, 57), at(8, 58)]), 4);
 * assertEquals(plateauLevel([at(1, 30), at(2, 55)]), null);
 * ```
 *
 * @param levels Levels in any order.
 * @returns The level; `null` if every one gains at least 5 %.
 */
export function plateauLevel(levels: readonly LevelEstimate[]): number | null {
  const rising = levels.toSorted((a, b) => a.level - b.level);
  const plateau = rising.find(({ estimate }, i) =>
    i > 0 && estimate.value < rising[i - 1]!.estimate.value * (1 + PLATEAU_GAIN)
  );
  return plateau?.level ?? null;
}
