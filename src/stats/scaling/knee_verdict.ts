import { seededRandom } from "../../core/random.ts";
import { kneedle } from "./kneedle.ts";
import type { LevelEstimate } from "./level_estimate.ts";
import { drawFrom } from "./scaling_intervals.ts";

/** Draws of the curve. */
const DRAWS = 300;
/** A draw lies so many times as far off as the interval says: a curve that is drawn about what was measured bends less than it may. */
const SPREAD = 1.5;
/** A knee is told where so many of the draws have it. */
const AGREED = 0.85;
/** The curve is to rise and fall by so many half widths of its least known level: a flat one has a knee wherever chance puts it. */
const LEAST_SPAN = 8;
/** Fewer levels have no point between others. */
export const KNEE_FEWEST_LEVELS = 3;
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
 * Tibshirani, 1993) draws each throughput anew and looks again. Levels whose intervals reach the best's count as equally
 * fast, so that of a plateau not the level that chance put highest is the knee, but its first. The constants are calibrated on
 * curves of servers with 2 to 8 workers and of the Universal Scalability Law, known to 2 to 5 %: of the knees that are
 * told under 3 % are wrong.
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
 * @param levels Throughput by concurrency, in any order; none, as where no request succeeded, have no knee.
 * @param seed Seed of the draws.
 */
export function kneeVerdict(levels: readonly LevelEstimate[], seed: number): KneeVerdict {
  if (levels.length === 0) return { knee: null, among: [null] };
  const kneeOf = (rates: readonly number[]) =>
    kneedle(levelled(levels, rates).map((y, i) => ({ x: levels[i]!.level, y })));
  const rates = levels.map(({ estimate }) => estimate.value);
  const measured = kneeOf(rates);
  if (levels.length < KNEE_FEWEST_LEVELS) return { knee: measured, among: [measured] };
  const random = seededRandom(seed);
  const draws = levels.flatMap(({ estimate }) => drawFrom(estimate, random, SPREAD) ?? []);
  const span = Math.max(...rates) - Math.min(...rates);
  if (draws.length < levels.length || span < LEAST_SPAN * Math.max(...levels.map(halfWidthOf))) {
    return { knee: null, among: [] };
  }
  const drawn = Array.from({ length: DRAWS }, () => kneeOf(draws.map((draw) => draw())));
  const share = (knee: number | null) => drawn.filter((each) => each === knee).length / DRAWS;
  if (share(measured) >= AGREED) return { knee: measured, among: [measured] };
  const named = [...new Set([measured, ...drawn])].filter((knee) => knee === measured || share(knee) >= NAMED);
  return { knee: null, among: named.sort((a, b) => (a ?? Infinity) - (b ?? Infinity)) };
}

function halfWidthOf({ estimate: { value, low, high } }: LevelEstimate): number {
  return ((high ?? value) - (low ?? value)) / 2;
}

/** Rates, those that reach the fastest by their half widths all at their mean. */
function levelled(levels: readonly LevelEstimate[], rates: readonly number[]): number[] {
  const highest = Math.max(...rates);
  const least = highest - halfWidthOf(levels[rates.indexOf(highest)]!);
  const isOfBest = rates.map((rate, i) => rate + halfWidthOf(levels[i]!) >= least);
  const best = rates.filter((_, i) => isOfBest[i]);
  const mean = best.reduce((sum, rate) => sum + rate, 0) / best.length;
  return rates.map((rate, i) => isOfBest[i] ? mean : rate);
}
