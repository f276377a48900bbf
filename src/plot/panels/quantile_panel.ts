import type { Markish, PlotOptions, ScaleOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import { linearAxis, plotBase, zeroBased } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { FONT_SIZE } from "../kit/compose.ts";
import { laneLabels } from "../kit/lane_labels.ts";
import type { LatencyCurve } from "./latency_curve.ts";
import { COLORS } from "../kit/palette.ts";
import { formatTimeEstimate } from "../../words/estimate/estimate_text.ts";
import { shortNumber, timeUnit, unbroken, type Unit, unitName } from "../../words/quantity.ts";
import { timeValue } from "../../words/inline_quantity.ts";
import { textWidth } from "../kit/text_layout.ts";

/** One run's latency. */
export interface QuantileSeries {
  /** Its name; empty if it is the only one. */
  readonly label: string;
  /** Quantiles. */
  readonly curve: LatencyCurve;
  /** Summary with intervals. */
  readonly latencyMs: Distribution;
  /** Of `COLORS`. */
  readonly color: string;
}

const MARKED = [["p50", 0.5], ["p95", 0.95], ["p99", 0.99]] as const;
const TICKS = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999];
/** A tail this many times longer than the p99 would flatten all else. */
const LONG_TAIL = 20;

/** Each "nine" takes the same room (G. Tene, HdrHistogram). */
const nines = (share: number): number => -Math.log10(1 - share);

/**
 * Latency by percentile: how long the slowest 5 %, 1 %, 0.1 % take is as well to be read as the median.
 *
 * @param series At least one.
 * @param height Of the plot, px.
 */
export function quantilePanel(series: readonly QuantileSeries[], height = 240): Panel {
  const highest = Math.max(...series.map(({ latencyMs }) => latencyMs.max));
  const logarithmic = highest > LONG_TAIL * Math.max(...series.map(({ latencyMs }) => latencyMs.p99.value)) &&
    series.every(({ latencyMs }) => latencyMs.min > 0);
  const unit = timeUnit(Math.max(...series.map(({ latencyMs }) => latencyMs.p50.value)));
  const content = (width: number) => quantileOptions(series, { highest, logarithmic, unit }, width);
  return {
    heading: "Latency by percentile",
    yLabel: `${unitName(unit)}${logarithmic ? ", log" : ""}`,
    height,
    content,
  };
}

/** How the y axis is laid out. */
interface LatencyAxis {
  readonly highest: number;
  readonly logarithmic: boolean;
  readonly unit: Unit;
}

function quantileOptions(series: readonly QuantileSeries[], axis: LatencyAxis, width: number): PlotOptions {
  const most = Math.max(...series.map(({ latencyMs }) => latencyMs.n));
  const last = Math.max(2.15, nines(1 - 0.5 / most));
  const { scale, toPixels } = linearAxis([0, last * 1.04], "percentile of requests", width);
  // Several series would say too much: their values are read from the curves.
  const [only] = series.length === 1 ? series : [];
  const lanes = laneLabels(
    only === undefined ? [] : MARKED.map(([name, share]) => ({
      at: nines(share),
      text: `${name} ${unbroken(timeValue(only.latencyMs[name]))}`,
      color: only.color,
      line: COLORS.neutral,
    })),
    toPixels,
    width,
  );
  return {
    ...plotBase(width),
    marginTop: lanes.marginTop,
    x: {
      ...scale,
      ticks: fittingTicks((share) => toPixels(nines(share)), last).map(nines),
      tickFormat: (place: number) => percentile(place),
      grid: true,
    },
    y: latencyScale(series, axis),
    marks: [
      ...(axis.logarithmic ? [] : [Plot.ruleY([0])]),
      ...series.flatMap((one, k) => curveMarks(one, axis.unit, DODGE * (k - (series.length - 1) / 2))),
      ...lanes.marks,
    ],
  };
}

function latencyScale(series: readonly QuantileSeries[], { highest, logarithmic, unit }: LatencyAxis): ScaleOptions {
  if (!logarithmic) return zeroBased(Math.max(...series.map(reach)) / unit.divisor);
  const least = Math.min(...series.map(({ latencyMs }) => latencyMs.min));
  const domain = [least / 1.5 / unit.divisor, 2 * highest / unit.divisor];
  return { type: "log", domain, ticks: 5, tickFormat: shortNumber, label: null, grid: true, tickSize: 0 };
}

/** Intervals of several series at one percentile stand so far apart, px. */
const DODGE = 5;

function reach({ latencyMs: { max, p50, p95, p99 } }: QuantileSeries): number {
  return Math.max(max, ...[p50, p95, p99].map(({ high, value }) => high ?? value));
}

/** `99.9` for 3 nines. */
function percentile(place: number): string {
  return String(Number((100 * (1 - 10 ** -place)).toFixed(4)));
}

/** The important ones first, as far as their labels fit. */
function fittingTicks(toPixels: (share: number) => number, last: number): number[] {
  const kept: number[] = [];
  for (const share of [0.5, 0.99, 0.95, 0.999, 0.9, 0.9999, 0, 0.75, 0.99999, 0.999999]) {
    if (nines(share) > last) continue;
    const half = (other: number) => textWidth(percentile(nines(other)), FONT_SIZE) / 2 + 3;
    if (kept.every((other) => Math.abs(toPixels(other) - toPixels(share)) >= half(other) + half(share))) {
      kept.push(share);
    }
  }
  return TICKS.filter((share) => kept.includes(share));
}

function curveMarks({ label, curve, latencyMs, color }: QuantileSeries, { divisor }: Unit, dx: number): Markish[] {
  // The slowest request stands for half of itself, so that it has a place.
  const last = nines(1 - 0.5 / Math.max(2, latencyMs.n));
  const line = curve.map(({ share, latencyMs: latency }) => ({
    place: share >= 1 ? last : Math.min(last, nines(share)),
    latency: latency / divisor,
  }));
  const named = label === "" ? "" : `${label}, `;
  const points = MARKED.map(([name, share]) => ({
    place: nines(share),
    estimate: latencyMs[name],
    title: `${named}${name}: ${formatTimeEstimate(latencyMs[name])}`,
  }));
  const end = (which: "low" | "high") => ({ estimate }: { estimate: Estimate }) =>
    (estimate[which] ?? estimate.value) / divisor;
  const open = points.filter(({ estimate }) => estimate.high === null);
  const value = ({ estimate }: { estimate: Estimate }) => estimate.value / divisor;
  return [
    Plot.line(line, {
      x: "place",
      y: "latency",
      stroke: color,
      strokeWidth: 2,
      curve: "linear",
      title: () => `${named}latency by percentile`,
    }),
    Plot.ruleX(points, {
      x: "place",
      y1: end("low"),
      y2: end("high"),
      stroke: color,
      strokeWidth: 4,
      strokeOpacity: 0.55,
      dx,
      title: "title",
    }),
    Plot.ruleX(open, {
      x: "place",
      y1: value,
      y2: value,
      stroke: color,
      strokeWidth: 4,
      strokeDasharray: "2,2",
      insetTop: -16,
      dx,
      title: "title",
    }),
    Plot.dot(points, { x: "place", y: value, r: 4, fill: color, dx, title: "title" }),
  ];
}
