import type { LeftLevel } from "../../results/window/left_level.ts";
import { relativeTo } from "../ratios/relative_to.ts";
import { type BoundedEstimate, equivalentLevels, MAX_LOSS } from "./equivalent_levels.ts";

/** A level whose rate is surely below this share of the best's is slower: far enough for drift between two visits. */
export const SLOWER = 0.95;

/**
 * The levels of a sweep that can no longer be its optimum, so that they need not be visited again (method 8). Surely means:
 * by the 95 % interval of the ratio of both rates.
 *
 * - *Slower*: the rate is surely below 95 % of the best's.
 * - *No gain*: the level is larger than the optimum so far, and surely not faster by so much that the smaller one would not do
 *   (method 11: 10 % below the best).
 *
 * The best so far and one that is known only from below are never left, and neither is one whose interval has no upper end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { leftLevels } from "./left_levels.ts";
 * const at = (level: number, value: number) => ({
 *   level,
 *   estimate: { value, low: value - 3, high: value + 3, level: 0.95, n: 60 },
 * });
 * assertEquals(leftLevels([at(1, 30), at(4, 95), at(8, 100), at(16, 99)]), [
 *   { level: 1, reason: "slower", than: 8 },
 *   { level: 16, reason: "no-gain", than: 4 },
 * ]);
 * ```
 *
 * @param levels What is known of the levels so far, in any order.
 */
export function leftLevels(levels: readonly BoundedEstimate[]): LeftLevel[] {
  const found = equivalentLevels(levels);
  if (found === null) return [];
  const [best, optimal] = [found.best, found.optimal].map((level) => levels.find((each) => each.level === level)!);
  const mostOf = (level: BoundedEstimate, other: BoundedEstimate) =>
    relativeTo(level.estimate, other.estimate)?.high ?? Infinity;
  return levels.flatMap((each): LeftLevel[] => {
    const { level } = each;
    if (each.isBound || each === best || each === optimal) return [];
    if (mostOf(each, best!) < SLOWER) return [{ level, reason: "slower", than: best!.level }];
    const isNoGain = level > optimal!.level && mostOf(each, optimal!) <= 1 / (1 - MAX_LOSS);
    return isNoGain ? [{ level, reason: "no-gain", than: optimal!.level }] : [];
  });
}
