import type { Estimate } from "../../core/estimate.ts";
import { type Random, seededRandom } from "../../core/random.ts";
import { type Ascending, ascending } from "../estimates/ascending.ts";
import { quantile } from "../estimates/quantile.ts";
import { DEFAULT_LEVEL, missProbability, normalMultiplier, studentTMultiplier } from "../confidence_level.ts";
import { fDistributionCdf } from "../probability.ts";
import { fitLine, type Line, type WeightedPoint } from "./fit_line.ts";

/** One observation: of a request, its size and what it took. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

/** Observations of one visit to a level, in the order in which they were made. */
export type LineVisit = readonly LinePoint[];

/** A straight line through the medians of levels. */
export interface LineLaw {
  /** y at x = 0. */
  readonly intercept: Estimate;
  /** What y grows by for each 1 of x. */
  readonly slope: Estimate;
}

/** A level whose median is far from the best line. */
export interface OffLine {
  readonly x: number;
  /** Its median. */
  readonly y: number;
  /** What the line says there. */
  readonly line: number;
}

/** Whether a straight line goes through some levels. */
export type LineVerdict =
  | { readonly kind: "line"; readonly law: LineLaw }
  /** It does not, beyond chance and by more than {@linkcode MATERIAL}. */
  | { readonly kind: "curved"; readonly off: OffLine }
  /** So few levels have enough observations. */
  | { readonly kind: "too few"; readonly levels: number };

/** Levels that a line can be tested on: two always lie on one. */
export const FEWEST_LEVELS = 3;
/** Of fewer observations a median is not known; visits that have fewer are taken together. */
export const FEWEST_POINTS = 5;
/** Of a visit with more, every k-th counts: what more of them would tell is less than what visits differ by. */
const MOST_POINTS = 500;
const RESAMPLES = 500;
/** A line is given up only where chance would be so far off in 1 of 100 runs... */
const EVIDENT = 0.99;
/** ... and where some level is off by so much of its median: what is less is no help to anyone. */
export const MATERIAL = 0.05;

/**
 * The straight line through the medians of some levels, with intervals; or that there is none.
 *
 * The line is that of least squares, each level weighted by how well its median is known. Observations are resampled, within
 * each visit and in blocks of n^(1/3) that wrap around, as neighbours may be alike (circular block bootstrap, D. N. Politis and
 * J. P. Romano, 1992). Where visits to one level differ by more than their own observations say, all intervals are widened by
 * that ratio (R. T. Birge, 1932), and by Student's t as there are few visits. Whether a line fits is asked by the F test of the lack of fit against the difference of
 * visits (R. A. Fisher, 1922).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { lineLaw } from "./line_law.ts";
 *
 * const visit = (x: number, y: number) => Array.from({ length: 20 }, (_, i) => ({ x, y: y + (i % 5 - 2) / 100 }));
 * const levels = [1, 2, 4].map((x) => [visit(x, 3 + 2 * x), visit(x, 3 + 2 * x)]);
 * const verdict = lineLaw(levels, 1);
 * assertEquals(verdict.kind, "line");
 * if (verdict.kind === "line") assertAlmostEquals(verdict.law.slope.value, 2, 0.01);
 * assertEquals(lineLaw([1, 2, 4].map((x) => [visit(x, x * x)]), 1).kind, "curved");
 * ```
 *
 * @param levels Visits to each level.
 * @param seed Of the resampling.
 * @param level Confidence level of the intervals.
 */
export function lineLaw(
  levels: readonly (readonly LineVisit[])[],
  seed: number,
  level: number = DEFAULT_LEVEL,
): LineVerdict {
  const random = seededRandom(seed);
  const known = levels.map((visits) => wholeVisits(visits).map((visit) => new KnownVisit(visit, random))).filter((
    { length },
  ) => length > 0);
  const points = known.map(pointOf);
  const distinct = new Set(points.map(({ x }) => x)).size;
  if (distinct < FEWEST_LEVELS) return { kind: "too few", levels: distinct };
  const line = fitLine(points);
  const visits = betweenVisits(known);
  const scale = Math.max(1, visits.ratio);
  const offs = points.map(({ x, y }) => ({ x, y, line: line.intercept + line.slope * x }));
  const lack = points.reduce((sum, { weight }, i) => sum + weight * (offs[i]!.y - offs[i]!.line) ** 2, 0);
  const free = points.length - 2;
  const isEvident = fDistributionCdf(lack / free / scale, free, visits.free) > EVIDENT;
  const off = offs.reduce((worst, each) => shareOff(each) > shareOff(worst) ? each : worst);
  if (isEvident && shareOff(off) > MATERIAL) return { kind: "curved", off };
  const student = visits.free === Infinity ? 1 : studentTMultiplier(level, visits.free) / normalMultiplier(level);
  const width = Math.max(1, Math.sqrt(visits.ratio) * student);
  const replicates = Array.from({ length: RESAMPLES }, (_, k) =>
    fitLine(points.map(({ weight }, i) => ({
      x: meanOf(known[i]!, (visit) => visit.replicates[k]!.x),
      y: meanOf(known[i]!, (visit) => visit.replicates[k]!.y),
      weight,
    }))));
  const n = known.flat().reduce((sum, { points }) => sum + points, 0);
  const estimate = (read: (line: Line) => number): Estimate => {
    const value = read(line), sorted = ascending(replicates.map(read)), tail = missProbability(level) / 2;
    return {
      value,
      low: value - width * Math.max(0, value - quantile(sorted, tail)),
      high: value + width * Math.max(0, quantile(sorted, 1 - tail) - value),
      level,
      n,
    };
  };
  return {
    kind: "line",
    law: { intercept: estimate((line) => line.intercept), slope: estimate((line) => line.slope) },
  };
}

function wholeVisits(visits: readonly LineVisit[]): readonly LineVisit[] {
  const whole = visits.filter(({ length }) => length >= FEWEST_POINTS);
  const together = visits.flat();
  return whole.length > 0 ? whole : together.length >= FEWEST_POINTS ? [together] : [];
}

function shareOff({ y, line }: OffLine): number {
  return y > 0 ? Math.abs(y - line) / y : Infinity;
}

/** Means of a level's visits, which weigh alike, so that a drift from one to the other cancels. */
function pointOf(visits: readonly KnownVisit[]): WeightedPoint {
  const variance = meanOf(visits, (visit) => visit.variance) / visits.length;
  return { x: meanOf(visits, ({ x }) => x), y: meanOf(visits, ({ y }) => y), weight: 1 / variance };
}

/** How much visits to the same level differ, as a multiple of the variance that their own observations tell. */
function betweenVisits(levels: readonly (readonly KnownVisit[])[]): { readonly ratio: number; readonly free: number } {
  let chiSquare = 0, free = 0;
  for (const visits of levels) {
    const mean = meanOf(visits, ({ y }) => y);
    for (const { y, variance } of visits) chiSquare += (y - mean) ** 2 / variance;
    free += visits.length - 1;
  }
  return free === 0 ? { ratio: 1, free: Infinity } : { ratio: chiSquare / free, free };
}

/** A visit with medians of its resamples. */
class KnownVisit {
  readonly x: number;
  readonly y: number;
  readonly points: number;
  /** Of the median. */
  readonly variance: number;
  readonly replicates: readonly LinePoint[];

  constructor(visit: LineVisit, random: Random) {
    const step = Math.ceil(visit.length / MOST_POINTS);
    const kept = visit.filter((_, i) => i % step === 0);
    const xs = Float64Array.from(kept, ({ x }) => x), ys = Float64Array.from(kept, ({ y }) => y);
    this.points = visit.length;
    this.x = meanOf(kept, ({ x }) => x);
    this.y = quantile(ascending(ys), 0.5);
    this.replicates = Array.from({ length: RESAMPLES }, () => resampled(xs, ys, random));
    const squares = meanOf(this.replicates, ({ y }) => (y - this.y) ** 2);
    // A clock that only tells thousandths may show no difference at all.
    this.variance = Math.max(squares, (1e-4 * this.y) ** 2, Number.MIN_VALUE);
  }
}

/** Mean and median of blocks of neighbours, from anywhere and around the end. */
function resampled(xs: Float64Array, ys: Float64Array, random: Random): LinePoint {
  const { length } = xs, block = Math.ceil(Math.cbrt(length));
  const own = new Float64Array(length);
  let sum = 0;
  for (let k = 0, i = 0; k < length; k++, i = (i + 1) % length) {
    if (k % block === 0) i = Math.floor(random() * length);
    sum += xs[i]!;
    own[k] = ys[i]!;
  }
  return { x: sum / length, y: quantile(own.sort() as Ascending, 0.5) };
}

function meanOf<T>(values: readonly T[], read: (value: T) => number): number {
  return values.reduce((sum, value) => sum + read(value), 0) / values.length;
}
