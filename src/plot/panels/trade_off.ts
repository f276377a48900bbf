import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../../core/estimate.ts";
import type { Window } from "../../results/result.ts";
import { formatNumber, timeUnit, type Unit, unitName, UNITS } from "../../words/quantity.ts";
import { linearAxis, plotBase, zeroBased } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { COLORS } from "../kit/palette.ts";

/** What is drawn of each level. */
export interface TradeOffLevel {
  /** Its name at its point: a batch size, a concurrency, a rate. */
  readonly name: string;
  /** Its rate. */
  readonly rate: Estimate;
  /** 95th percentile of its latency, ms. */
  readonly p95Ms: Estimate;
  /** All that is to be known of it, for who points at it. */
  readonly title: string;
  /** Whether it is the answer: it gets a star. */
  readonly isBest: boolean;
}

/** How levels become points. */
interface TradeOffReading<L> {
  /** What a level is. */
  readonly axis: string;
  readonly levelOf: (level: L) => number;
  readonly rateOf: (level: L) => Estimate | null;
  readonly titleOf: (level: L) => string;
  /** The best level; `null` if none qualifies. */
  readonly best: number | null;
  /** Of the rates. */
  readonly unit: Unit;
  /** What the rates count. */
  readonly counted: string;
}

/**
 * What a higher throughput costs in latency: the 95th percentile over the rate, the levels joined in their order. To the
 * right is more, below is faster; where the line turns back, a higher level costs latency and brings nothing.
 *
 * @param levels Ascending.
 * @param reading How they become points.
 * @returns Nothing where fewer than two levels have both.
 */
export function tradeOffPanels<L extends Pick<Window, "latencyMs" | "lost">>(
  levels: readonly L[],
  { axis, levelOf, rateOf, titleOf, best, unit, counted }: TradeOffReading<L>,
): Panel[] {
  const points = levels.filter(({ lost }) => lost === undefined).flatMap((level): TradeOffLevel[] => {
    const rate = rateOf(level), p95Ms = level.latencyMs?.p95 ?? null;
    return rate === null || p95Ms === null ? [] : [{
      name: formatNumber(levelOf(level), UNITS.none),
      rate,
      p95Ms,
      title: titleOf(level),
      isBest: levelOf(level) === best,
    }];
  });
  if (points.length < 2) return [];
  const time = timeUnit(Math.max(...points.map(({ p95Ms }) => p95Ms.value)));
  return [{
    heading: `Throughput against latency, by ${axis}`,
    yLabel: `p95, ${unitName(time)}`,
    height: HEIGHT,
    content: (width) => tradeOffOptions(points, { unit, time, counted }, width),
  }];
}

function tradeOffOptions(
  points: readonly TradeOffLevel[],
  { unit, time, counted }: { readonly unit: Unit; readonly time: Unit; readonly counted: string },
  width: number,
): PlotOptions {
  const shown = points.map((point) => ({
    ...point,
    x: point.rate.value / unit.divisor,
    x1: (point.rate.low ?? point.rate.value) / unit.divisor,
    x2: (point.rate.high ?? point.rate.value) / unit.divisor,
    y: point.p95Ms.value / time.divisor,
    y1: (point.p95Ms.low ?? point.p95Ms.value) / time.divisor,
    y2: (point.p95Ms.high ?? point.p95Ms.value) / time.divisor,
  }));
  const most = Math.max(...shown.map(({ x, x2 }) => Math.max(x, x2)), Number.MIN_VALUE);
  const axis = linearAxis([0, 1.06 * most], `${counted} (${unitName(unit)})`, width);
  const highest = Math.max(...shown.map(({ y, y2 }) => Math.max(y, y2)), Number.MIN_VALUE);
  const named: ShownLevel[] = [];
  for (const level of shown) {
    // A name on another one can be read of neither; who points at the level is told.
    const isFree = named.every(({ x, y }) =>
      Math.abs(axis.toPixels(x) - axis.toPixels(level.x)) > NAME_WIDTH ||
      Math.abs(y - level.y) / highest * HEIGHT > NAME_HEIGHT
    );
    if (isFree) named.push(level);
  }
  return {
    ...plotBase(width),
    x: { ...axis.scale, grid: true },
    y: zeroBased(highest, 0.12),
    marks: tradeOffMarks(shown, named),
  };
}

const HEIGHT = 220;
/** Names that stand nearer than this would touch, px. */
const NAME_WIDTH = 40, NAME_HEIGHT = 28;

/** A level in the units of both axes. */
interface ShownLevel extends TradeOffLevel {
  readonly x: number;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly y1: number;
  readonly y2: number;
}

function tradeOffMarks(levels: readonly ShownLevel[], named: readonly ShownLevel[]): Markish[] {
  const color = COLORS.purple;
  return [
    Plot.ruleY([0]),
    Plot.line(levels, { x: "x", y: "y", stroke: color, strokeWidth: 1.5, strokeOpacity: 0.6 }),
    Plot.ruleX(levels, { x: "x", y1: "y1", y2: "y2", stroke: color, strokeWidth: 1.5, title: "title" }),
    Plot.ruleY(levels, { y: "y", x1: "x1", x2: "x2", stroke: color, strokeWidth: 1.5, title: "title" }),
    Plot.dot(levels.filter(({ isBest }) => !isBest), { x: "x", y: "y", fill: color, r: 4, title: "title" }),
    Plot.dot(levels.filter(({ isBest }) => isBest), {
      x: "x",
      y: "y",
      symbol: "star",
      r: 6,
      fill: COLORS.gold,
      stroke: COLORS.ink,
      strokeWidth: 1,
      title: "title",
    }),
    Plot.text(named, {
      x: "x",
      y: "y",
      text: "name",
      textAnchor: "start",
      lineAnchor: "bottom",
      dx: 6,
      dy: -5,
      fill: COLORS.ink,
      stroke: COLORS.background,
      strokeWidth: 3,
    }),
  ];
}
