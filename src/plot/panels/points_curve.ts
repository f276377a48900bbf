import type { Markish } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../../core/estimate.ts";
import type { Unit } from "../../words/quantity.ts";
import { linearAxis, plotBase, zeroBased } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { COLORS } from "../kit/palette.ts";

/** A level as a point of two figures. */
export interface CurvePoint {
  /** Its name at its point: a batch size, a concurrency, a rate. */
  readonly name: string;
  readonly x: Estimate;
  readonly y: Estimate;
  /** All that is to be known of it, for who points at it. */
  readonly title: string;
  /** Whether it is the answer: it gets a star. */
  readonly isBest: boolean;
}

/** How points are drawn. */
interface CurveLook {
  /** Unit of the x axis. */
  readonly x: Unit;
  /** Unit of the y axis. */
  readonly y: Unit;
  /** Of the x axis: quantity and unit. */
  readonly label: string;
  /** Of the plot, px. */
  readonly height: number;
}

/**
 * One figure over another, the levels joined in their order, each with both of its intervals and its name.
 *
 * @param points In the order of their levels, at least one.
 * @param look Units and size.
 * @returns What a panel holds.
 */
export function pointsCurve(points: readonly CurvePoint[], look: CurveLook): Exclude<Panel["content"], string> {
  return (width) => {
    const shown = points.map((point) => ({
      ...point,
      x: point.x.value / look.x.divisor,
      x1: (point.x.low ?? point.x.value) / look.x.divisor,
      x2: (point.x.high ?? point.x.value) / look.x.divisor,
      y: point.y.value / look.y.divisor,
      y1: (point.y.low ?? point.y.value) / look.y.divisor,
      y2: (point.y.high ?? point.y.value) / look.y.divisor,
    }));
    const most = Math.max(...shown.map(({ x, x2 }) => Math.max(x, x2)), Number.MIN_VALUE);
    const axis = linearAxis([0, 1.06 * most], look.label, width);
    const highest = Math.max(...shown.map(({ y, y2 }) => Math.max(y, y2)), Number.MIN_VALUE);
    const named: ShownPoint[] = [];
    for (const point of shown) {
      // A name on another one can be read of neither; who points at the level is told.
      const isFree = named.every(({ x, y }) =>
        Math.abs(axis.toPixels(x) - axis.toPixels(point.x)) > NAME_WIDTH ||
        Math.abs(y - point.y) / highest * look.height > NAME_HEIGHT
      );
      if (isFree) named.push(point);
    }
    return {
      ...plotBase(width),
      x: { ...axis.scale, grid: true },
      y: zeroBased(highest, 0.12),
      marks: curveMarks(shown, named),
    };
  };
}

/** Names that stand nearer than this would touch, px. */
const NAME_WIDTH = 40, NAME_HEIGHT = 28;

/** A point in the units of both axes. */
interface ShownPoint extends Omit<CurvePoint, "x" | "y"> {
  readonly x: number;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly y1: number;
  readonly y2: number;
}

function curveMarks(points: readonly ShownPoint[], named: readonly ShownPoint[]): Markish[] {
  const color = COLORS.purple;
  return [
    Plot.ruleY([0]),
    Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 1.5, strokeOpacity: 0.6 }),
    Plot.ruleX(points, { x: "x", y1: "y1", y2: "y2", stroke: color, strokeWidth: 1.5, title: "title" }),
    Plot.ruleY(points, { y: "y", x1: "x1", x2: "x2", stroke: color, strokeWidth: 1.5, title: "title" }),
    Plot.dot(points.filter(({ isBest }) => !isBest), { x: "x", y: "y", fill: color, r: 4, title: "title" }),
    Plot.dot(points.filter(({ isBest }) => isBest), {
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
