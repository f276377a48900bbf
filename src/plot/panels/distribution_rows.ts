import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import { linearAxis, MARGINS } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { FONT_SIZE } from "../kit/compose.ts";
import { COLORS } from "../kit/palette.ts";
import { formatTimeEstimate } from "../../words/estimate/estimate_text.ts";
import { formatTime, timeUnit, unitName } from "../../words/quantity.ts";
import { fitted, textWidth } from "../kit/text_layout.ts";

/** One distribution with its name. */
export interface DistributionRow {
  /** Unique among the rows. */
  readonly label: string;
  /** Times in ms. */
  readonly distributionMs: Distribution;
  /** Of `COLORS`. */
  readonly color: string;
}

const QUANTILES = ["p50", "p95", "p99"] as const;
const SYMBOLS = { p50: "circle", p95: "square", p99: "diamond" } as const;
const ROW_HEIGHT = 38;

/**
 * Distributions of times beside each other: a thin line from the least to the greatest, a bar from the median to the
 * 95th percentile, and p50, p95 and p99 with their intervals. Zero-based.
 *
 * @param rows At least one.
 * @param heading Of the panel.
 * @param label Of the x axis, without unit.
 */
export function distributionRowsPanel(rows: readonly DistributionRow[], heading: string, label: string): Panel {
  return {
    heading,
    yLabel: "",
    height: rows.length * ROW_HEIGHT + MARGINS.marginBottom + TOP,
    content: (width) => rowsOptions(rows, label, width),
  };
}

const TOP = 22;

function rowsOptions(rows: readonly DistributionRow[], label: string, width: number): PlotOptions {
  const longest = rows.reduce((most, { distributionMs: { max } }) => Math.max(most, max), 0);
  const unit = timeUnit(Math.max(...rows.map(({ distributionMs: { p50 } }) => p50.value)));
  const named = rows.length > 1;
  const room = Math.min(width * 0.34, Math.max(...rows.map((row) => textWidth(row.label, FONT_SIZE))));
  const marginLeft = named ? room + 10 : 10;
  const axis = linearAxis([0, longest * 1.04 / unit.divisor || 1], `${label} (${unitName(unit)})`, width, {
    marginLeft,
    marginRight: 20,
  });
  return {
    ...MARGINS,
    marginTop: TOP,
    marginLeft,
    marginRight: 20,
    x: { ...axis.scale, grid: true },
    y: {
      type: "band",
      domain: rows.map((row) => row.label),
      label: null,
      tickSize: 0,
      axis: named ? "left" : null,
      tickFormat: (text: string) => fitted(text, room, FONT_SIZE),
    },
    marks: rows.flatMap((row, k) => rowMarks(row, unit.divisor, k === 0 ? axis.toPixels : null)),
  };
}

/** A quantile in a row. */
interface RowPoint {
  readonly label: string;
  readonly name: typeof QUANTILES[number];
  readonly estimate: Estimate;
}

function rowMarks(
  { label, distributionMs, color }: DistributionRow,
  divisor: number,
  names: ((value: number) => number) | null,
): Markish[] {
  const points: RowPoint[] = QUANTILES.map((name) => ({ label, name, estimate: distributionMs[name] }));
  const full = `${label}: ${formatTime(distributionMs.min)} to ${formatTime(distributionMs.max)}, mean ${
    formatTimeEstimate(distributionMs.mean)
  }`;
  const titleOf = ({ name, estimate }: RowPoint) => `${label}, ${name}: ${formatTimeEstimate(estimate)}`;
  const range = [{ label, from: distributionMs.min / divisor, to: distributionMs.max / divisor }];
  const body = [{ label, from: distributionMs.p50.value / divisor, to: distributionMs.p95.value / divisor }];
  const at = ({ estimate }: RowPoint) => estimate.value / divisor;
  return [
    Plot.ruleY(range, { x1: "from", x2: "to", y: "label", stroke: color, strokeWidth: 1, title: () => full }),
    Plot.ruleY(body, {
      x1: "from",
      x2: "to",
      y: "label",
      stroke: color,
      strokeWidth: 9,
      strokeOpacity: 0.3,
      title: () => full,
    }),
    ...points.map((point) => {
      const { estimate, name } = point;
      return Plot.ruleY([{ label }], {
        x1: () => (estimate.low ?? estimate.value) / divisor,
        x2: () => (estimate.high ?? estimate.value) / divisor,
        y: "label",
        stroke: color,
        strokeWidth: 2,
        dy: OFFSETS[name],
        title: () => titleOf(point),
      });
    }),
    ...points.filter(({ estimate }) => estimate.high === null).map((point) => {
      const { estimate, name } = point;
      return Plot.ruleY([{ label }], {
        x1: () => estimate.value / divisor,
        x2: () => estimate.value / divisor,
        y: "label",
        insetRight: -16,
        stroke: color,
        strokeWidth: 2,
        strokeDasharray: "2,2",
        dy: OFFSETS[name],
        title: () => titleOf(point),
      });
    }),
    Plot.dot(points, {
      x: at,
      y: "label",
      symbol: ({ name }: RowPoint) => SYMBOLS[name],
      r: 4.5,
      fill: color,
      stroke: COLORS.background,
      strokeWidth: 1,
      title: titleOf,
    }),
    ...(names === null ? [] : quantileNames(points, at, names)),
  ];
}

/** Intervals of the three stand a little apart, for they overlap. */
const OFFSETS = { p50: -7, p95: 7, p99: 11 } as const;

/** Names above the first row, those that fit. */
function quantileNames(
  points: readonly RowPoint[],
  at: (point: RowPoint) => number,
  toPixels: (value: number) => number,
) {
  const kept: RowPoint[] = [];
  for (const point of [points[0]!, points[2]!, points[1]!]) {
    if (kept.every((other) => Math.abs(toPixels(at(other)) - toPixels(at(point))) > 28)) kept.push(point);
  }
  return [
    Plot.text(kept, {
      x: at,
      y: "label",
      text: "name",
      fill: COLORS.muted,
      dy: -19,
      stroke: COLORS.background,
      strokeWidth: 3,
    }),
  ];
}

/** How to read {@linkcode distributionRowsPanel}. */
export const DISTRIBUTION_NOTE =
  "Thin line: least to greatest. Bar: p50 to p95. Circle p50, square p95, diamond p99, each with its 95% interval (dotted where too few samples tell its end).";
