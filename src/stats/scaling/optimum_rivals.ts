import { ratioAt } from "../ratios/ratio_at.ts";
import { ratioHigh } from "../ratios/ratio_high.ts";
import { type BoundedEstimate, type EquivalentLevels, MAX_LOSS } from "./equivalent_levels.ts";

/** Upper ends that show that another level is not better, calibrated: with them a told optimum is wrong in under 5 % of runs. */
const SURE = { faster: { level: 0.5, known: 0.4 }, asFast: 0.95 };
/** Two levels nearer than this are as fast as each other. */
const AS_FAST = 0.99;

/**
 * The levels that the optimum cannot be told from: those that may be more than 10 % faster, and smaller ones that may be as fast
 * as the best. Where there are none the optimum is told; else it is the best guess of the sweep.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { optimumRivals } from "./optimum_rivals.ts";
 * const at = (level: number, value: number, halfWidth: number) => ({
 *   level,
 *   estimate: { value, low: value - halfWidth, high: value + halfWidth, level: 0.95, n: 60 },
 * });
 * const found = { best: 8, optimal: 4, equivalent: [4, 8] };
 * assertEquals(optimumRivals([at(1, 30, 1), at(4, 99, 2), at(8, 100, 2)], found), []);
 * assertEquals(optimumRivals([at(1, 30, 1), at(4, 92, 15), at(8, 100, 15)], found), [8]);
 * ```
 *
 * @param levels Levels in any order.
 * @param found Of these levels.
 * @returns Ascending.
 */
export function optimumRivals(levels: readonly BoundedEstimate[], { best, optimal }: EquivalentLevels): number[] {
  const estimateOf = (wanted: number) => levels.find(({ level }) => level === wanted)!.estimate;
  const chosen = estimateOf(optimal), fastest = estimateOf(best);
  return levels.filter(({ level, estimate }) => {
    if (level === optimal) return false;
    const faster = ratioHigh(SURE.faster, estimate, chosen) ?? Infinity;
    const asFast = ratioAt(SURE.asFast, estimate, fastest)?.high ?? Infinity;
    return faster > 1 / (1 - MAX_LOSS) || level < optimal && asFast >= AS_FAST;
  }).map(({ level }) => level).sort((a, b) => a - b);
}
