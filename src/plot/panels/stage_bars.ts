import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import { formatTimeEstimate } from "../../words/estimate/estimate_text.ts";
import { formatTime, timeUnit, unbroken, unitName } from "../../words/quantity.ts";
import { linearAxis, MARGINS } from "../kit/axis.ts";
import type { Panel } from "../kit/chart_content.ts";
import { FONT_SIZE } from "../kit/compose.ts";
import { COLORS } from "../kit/palette.ts";
import { timeValue } from "../../words/inline_quantity.ts";
import { textWidth } from "../kit/text_layout.ts";

/** Something that took several stages, one after another. */
export interface StageBar {
  /** Its name. */
  readonly row: string;
  /** Time of what came before zero, ms. */
  readonly before?: Stage;
  /** The stages from zero, ms. */
  readonly stages: readonly Stage[];
}

/** A part of a bar. */
interface Stage {
  readonly name: string;
  readonly durationMs: number;
  readonly color: string;
}

/** What {@linkcode stageBarsPanel} draws. */
export interface StageBars {
  /** What the panel shows. */
  readonly heading: string;
  /** What the axis counts, without its unit. */
  readonly axisLabel: string;
  /** One below the other. */
  readonly bars: readonly StageBar[];
  /** Their mean, drawn where there are several. */
  readonly totalMs: Distribution;
  /** Latency of the warm server on the same scale; `null` where it is not known. */
  readonly warmMs: Distribution | null;
}

/** Bars are named up to this many. */
const NAMED_BARS = 12;
/** More bars than this share the height of so many. */
const MOST_BARS = 60;
const BAR_HEIGHT = 26;
/** Room for the names of the rows and at the right, px. */
const SIDES = { marginLeft: 62, marginRight: 8 } as const;

/** A stage as it is drawn. */
interface Segment {
  readonly row: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly color: string;
}

/** A row's value with its interval, and how it is written. */
interface Row {
  readonly row: string;
  readonly end: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
}

/**
 * A bar for each run of some stages, their mean with its interval, and the warm latency, on one scale.
 *
 * @param bars What to draw.
 */
export function stageBarsPanel(bars: StageBars): Panel {
  const count = bars.bars.length;
  const height = count <= NAMED_BARS
    ? count * BAR_HEIGHT
    : BAR_HEIGHT * NAMED_BARS + 4 * (Math.min(count, MOST_BARS) - NAMED_BARS);
  return {
    heading: bars.heading,
    yLabel: "",
    height: height + 2 * BAR_HEIGHT + MARGINS.marginBottom + 8,
    content: (width) => optionsOf(bars, width),
  };
}

function optionsOf({ bars, totalMs, warmMs, axisLabel }: StageBars, width: number): PlotOptions {
  const longestMs = Math.max(totalMs.max, ...bars.map(totalOf));
  const unit = timeUnit(longestMs), { divisor } = unit;
  const totals = bars.map((bar) => rowOf(bar.row, totalOf(bar), unbroken(formatTime(totalOf(bar))), divisor));
  const { mean } = totalMs;
  const means = totalMs.n < 2 ? [] : [rowOf("mean", mean, unbroken(formatTimeEstimate(mean)), divisor)];
  const warms = warmMs === null
    ? []
    : [rowOf("warm", warmMs.mean, `${unbroken(timeValue(warmMs.mean))} mean`, divisor)];
  const beforeMs = bars.reduce((most, { before }) => Math.max(most, before?.durationMs ?? 0), 0);
  const domain = [-beforeMs / divisor, roomFor([...totals, ...means], beforeMs / divisor, width)] as const;
  const axis = linearAxis(domain, `${axisLabel} (${unitName(unit)})`, width, SIDES);
  // Thin bars leave no room for names of neighbours.
  const many = bars.length > NAMED_BARS;
  const names = bars.map(({ row }) => row);
  const others = [...means, ...warms].map(({ row }) => row);
  return {
    ...MARGINS,
    ...SIDES,
    marginTop: 6,
    x: { ...axis.scale, grid: true },
    y: {
      type: "band",
      domain: many ? [...names, " ", "mean", "  ", "warm"] : [...names, ...others],
      padding: 0,
      label: null,
      tickSize: 0,
      ticks: many ? [names[0]!, ...others] : [...names, ...others],
    },
    color: { type: "identity" },
    marks: [
      ...barMarks(bars.flatMap((bar) => segmentsOf(bar, divisor)), means, warms),
      ...textMarks(many ? [...means, ...warms] : [...totals, ...means, ...warms]),
    ],
  };
}

const totalOf = ({ stages }: StageBar) => stages.reduce((sum, { durationMs }) => sum + durationMs, 0);

function rowOf(row: string, figure: number | Estimate, text: string, divisor: number): Row {
  const { value, low, high } = typeof figure === "number" ? { value: figure, low: figure, high: figure } : figure;
  return { row, end: value / divisor, low: (low ?? value) / divisor, high: (high ?? value) / divisor, text };
}

/** Where the axis ends so that the longest rows can be written behind their ends. */
function roomFor(rows: readonly Row[], before: number, width: number): number {
  const inner = width - SIDES.marginLeft - SIDES.marginRight;
  return Math.max(
    ...rows.map(({ high, text }) => {
      const words = textWidth(text, FONT_SIZE) + 10;
      return (high + before) * inner / (inner - words) - before;
    }),
    Number.MIN_VALUE,
  );
}

function barMarks(segments: readonly Segment[], means: readonly Row[], warms: readonly Row[]): Markish[] {
  const titleOf = ({ row, text }: Row) => `${row}: ${text}`;
  return [
    Plot.barX(segments, { x1: "from", x2: "to", y: "row", fill: "color", insetTop: 3, insetBottom: 3, title: "title" }),
    Plot.barX(warms, { x1: 0, x2: "end", y: "row", fill: COLORS.green, insetTop: 3, insetBottom: 3, title: titleOf }),
    Plot.ruleX([0]),
    Plot.ruleY(means, { x1: "low", x2: "high", y: "row", stroke: COLORS.ink, strokeWidth: 2, title: titleOf }),
    Plot.dot(means, { x: "end", y: "row", fill: COLORS.ink, r: 4, title: titleOf }),
  ];
}

function textMarks(rows: readonly Row[]): Markish[] {
  return [
    Plot.text(rows, {
      x: "high",
      y: "row",
      text: "text",
      textAnchor: "start",
      dx: 5,
      stroke: COLORS.background,
      strokeWidth: 3,
      fill: COLORS.ink,
    }),
  ];
}

function segmentsOf({ row, before, stages }: StageBar, divisor: number): Segment[] {
  let endMs = 0;
  const titleOf = ({ name, durationMs }: Stage) => `${row}, ${name}: ${formatTime(durationMs)}`;
  const segments = stages.map((stage): Segment => {
    const from = endMs / divisor;
    endMs += stage.durationMs;
    return { row, title: titleOf(stage), color: stage.color, from, to: endMs / divisor };
  });
  return before === undefined ? segments : [
    { row, title: titleOf(before), color: before.color, from: -before.durationMs / divisor, to: 0 },
    ...segments,
  ];
}
