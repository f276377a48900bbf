import type { LevelEstimate } from "./level_estimate.ts";

/** The best level of a sweep and those that cannot be told from it. */
export interface EquivalentLevels {
  /** The level with the highest value. */
  readonly best: number;
  /** The smallest of the equivalent ones: the same speed for less. */
  readonly optimal: number;
  /** All levels whose interval reaches the best's, ascending, the best among them. */
  readonly equivalent: readonly number[];
}

/**
 * Which level is best, and which smaller one is as good as far as the intervals can tell. An end that is `null` proves nothing: a level
 * is then judged by its value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { equivalentLevels } from "./equivalent_levels.ts";
 * const at = (level: number, value: number) => ({
 *   level,
 *   estimate: { value, low: value - 5, high: value + 5, level: 0.95, n: 30 },
 * });
 * assertEquals(equivalentLevels([at(1, 30), at(4, 92), at(8, 100), at(16, 99)]), {
 *   best: 8,
 *   optimal: 4,
 *   equivalent: [4, 8, 16],
 * });
 * ```
 *
 * @param levels Levels in any order.
 * @returns `null` if there are none.
 */
export function equivalentLevels(levels: readonly LevelEstimate[]): EquivalentLevels | null {
  const rising = levels.toSorted((a, b) => a.level - b.level);
  const [first, ...others] = rising;
  if (first === undefined) return null;
  const best = others.reduce((best, next) => next.estimate.value > best.estimate.value ? next : best, first);
  const reach = best.estimate.low ?? best.estimate.value;
  const equivalent = rising
    .filter(({ estimate }) => (estimate.high ?? estimate.value) >= reach)
    .map(({ level }) => level);
  return { best: best.level, optimal: equivalent[0]!, equivalent };
}
