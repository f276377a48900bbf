import type { LevelEstimate } from "./level_estimate.ts";

/** A level whose rate may be known only from below. */
export interface BoundedEstimate extends LevelEstimate {
  /** True where the rate is "at least": something else than the server limited it. @default {false} */
  readonly isBound?: boolean;
}

/** The best level of a sweep and those that cannot be told from it. */
export interface EquivalentLevels {
  /** The level with the highest lower end: that is at least as fast for sure. */
  readonly best: number;
  /** The smallest of the equivalent ones that measured at most 10 % below the best: the same speed for less. */
  readonly optimal: number;
  /** All levels whose interval reaches the best's, ascending, the best among them. */
  readonly equivalent: readonly number[];
}

/**
 * A level that measured slower than the best by more than this share is not recommended, however little is known of it: two levels
 * that are each known to 5 % (method 6) overlap up to here, so that only what is known worse is held to it.
 */
export const MAX_LOSS = 0.1;

/**
 * Which level is best, and which smaller one is as good as far as the intervals can tell. An end that is `null` proves
 * nothing: a level is then judged by its value.
 *
 * The best has the highest lower end, not the highest value: levels of few long requests are the noisiest, and the highest of
 * several noisy values is high by luck. Wide intervals overlap far down the list, so that the recommended level must
 * also have measured nearly as fast as the best: otherwise a noisy sweep would name one that it saw to be a third slower.
 *
 * A level that is known only from below takes part with what it measured. Its own rate may be anything above, so no level that
 * measured lower is optimal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { equivalentLevels } from "./equivalent_levels.ts";
 * const at = (level: number, value: number) => ({
 *   level,
 *   estimate: { value, low: value - 5, high: value + 5, level: 0.95, n: 30 },
 * });
 * assertEquals(equivalentLevels([at(1, 30), at(4, 91), at(8, 99), at(16, 100)]), {
 *   best: 16,
 *   optimal: 4,
 *   equivalent: [4, 8, 16],
 * });
 * ```
 *
 * @param levels Levels in any order.
 * @returns `null` if there are none.
 */
export function equivalentLevels(levels: readonly BoundedEstimate[]): EquivalentLevels | null {
  const rising = levels.toSorted((a, b) => a.level - b.level);
  const [first, ...others] = rising;
  if (first === undefined) return null;
  const lowOf = ({ estimate: { low, value } }: LevelEstimate) => low ?? value;
  const best = others.reduce((best, next) => lowOf(next) > lowOf(best) ? next : best, first);
  const near = (1 - MAX_LOSS) * best.estimate.value;
  const equivalent = rising.filter(({ isBound, estimate: { high, value } }) =>
    isBound ? value >= near : (high ?? value) >= lowOf(best)
  );
  const highestBound = Math.max(0, ...equivalent.map(({ isBound, estimate }) => isBound ? estimate.value : 0));
  const least = Math.max(near, highestBound);
  return {
    best: best.level,
    optimal: equivalent.find(({ estimate }) => estimate.value >= least)!.level,
    equivalent: equivalent.map(({ level }) => level),
  };
}
