import { seededRandom } from "../../core/random.ts";
import { kneedle } from "./kneedle.ts";
import type { LevelEstimate } from "./level_estimate.ts";
import { drawFrom } from "./scaling_intervals.ts";

/** Draws of the curve. */
const DRAWS = 300;
/** A draw lies so many times as far off as the interval says: a plateau that is drawn about what was measured bends less than it may. */
const SPREAD = 1.5;
/** A knee is told where so many of the draws have it. */
const AGREED = 0.85;
/** The curve is to rise and fall by so many half widths of its least known level: a flat one has a knee wherever chance puts it. */
const LEAST_SPAN = 6;
/** A place that fewer of the draws have is not named. */
const NAMED = 0.1;

/** Where a curve has its knee, as far as the intervals can tell. */
export interface KneeVerdict {
  /** The knee; `null` if there is none, or where that cannot be told. */
  readonly knee: number | null;
  /** All levels at which it may be, ascending, `null` for none of them; one where it can be told; none where anything may be. */
  readonly among: readonly (number | null)[];
}

/**
 * The knee by Kneedle, where it does not hang on what the levels' intervals leave open: a parametric bootstrap (B. Efron and R.
 * Tibshirani, 1993) draws each throughput anew and looks again. Its constants are calibrated on curves of servers with 2 to
 * 8 workers and of the Universal Scalability Law, known to 2 to 5 %: of the knees that are told 2 to 3 % are wrong.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kneeVerdict } from "./knee_verdict.ts";
 * const curve = (known: number) =>
 *   [[1, 10], [2, 20], [4, 39], [8, 40], [16, 40]].map(([level, value]) => ({
 *     level: level!,
 *     estimate: { value: value!, low: value! * (1 - known), high: value! * (1 + known), level: 0.95, n: 300 },
 *   }));
 * assertEquals(kneeVerdict(curve(0.02), 1), { knee: 4, among: [4] });
 * assertEquals(kneeVerdict(curve(0.3), 1), { knee: null, among: [] });
 * ```
 *
 * @param levels Throughput by concurrency, in any order.
 * @param seed Seed of the draws.
 */
export function kneeVerdict(levels: readonly LevelEstimate[], seed: number): KneeVerdict {
  const measured = kneedle(levels.map(({ level, estimate }) => ({ x: level, y: estimate.value })));
  if (levels.length < 3) return { knee: measured, among: [measured] };
  const random = seededRandom(seed);
  const draws = levels.flatMap(({ level, estimate }) => {
    const draw = drawFrom(estimate, random, SPREAD);
    return draw === null ? [] : [{ level, draw, halfWidth: (estimate.high! - estimate.low!) / 2 }];
  });
  const rates = levels.map(({ estimate }) => estimate.value);
  const span = Math.max(...rates) - Math.min(...rates);
  if (draws.length < levels.length || span < LEAST_SPAN * Math.max(...draws.map(({ halfWidth }) => halfWidth))) {
    return { knee: null, among: [] };
  }
  const drawn = Array.from({ length: DRAWS }, () => kneedle(draws.map(({ level, draw }) => ({ x: level, y: draw() }))));
  const share = (knee: number | null) => drawn.filter((each) => each === knee).length / DRAWS;
  if (share(measured) >= AGREED) return { knee: measured, among: [measured] };
  const named = [...new Set([measured, ...drawn])].filter((knee) => knee === measured || share(knee) >= NAMED);
  return { knee: null, among: named.sort((a, b) => (a ?? Infinity) - (b ?? Infinity)) };
}
