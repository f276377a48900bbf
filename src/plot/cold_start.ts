import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../core/estimate.ts";
import type { ColdSample, LatencyResult } from "../results/result.ts";
import { linearAxis, MARGINS, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { FONT_SIZE } from "./kit/compose.ts";
import { DISTRIBUTION_NOTE, distributionRowsPanel } from "./panels/distribution_rows.ts";
import { COLORS } from "./kit/palette.ts";
import {
  formatNumber,
  formatTime,
  formatTimeEstimate,
  shortNumber,
  timeUnit,
  unbroken,
  unitName,
  UNITS,
} from "../words/quantity.ts";
import { counted, validityNotes } from "./kit/notes.ts";
import { textWidth } from "./kit/text_layout.ts";

const PARTS = [
  { name: "unload", color: COLORS.neutral },
  { name: "load", color: COLORS.blue },
  { name: "first inference", color: COLORS.vermillion },
] as const;

/**
 * What does a cold start cost, and when is the model warm? One bar for each cold cycle, split into unload, load and
 * first inference, with the warm latency on the same scale; below, the warm distribution on its own scale and the
 * latency of the first inferences after a load.
 *
 * @param result Of a latency test.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotColdStart(result: LatencyResult, options: ChartOptions = {}): Chart {
  const { cold, warm, absences } = result;
  const latencyMs = warm?.latencyMs ?? null;
  const warmPanel: Panel = latencyMs === null
    ? { ...EMPTY_WARM, content: absences["warm.latencyMs"] ?? "No warm request succeeded" }
    : distributionRowsPanel(
      [{ label: "warm", distributionMs: latencyMs, color: COLORS.green }],
      "Warm latency",
      "latency",
    );
  return new Chart({
    title: "Cold start against warm latency",
    subtitle: coldStartSummary(result),
    legend: cold === null ? [] : coldLegend(cold.samples),
    rows: [[coldStartPanel(result)], [warmPanel, warmUpPanel(result)]],
    notes: [
      ...(cold === null ? [] : [
        `${counted(cold.samples.length, "cold cycle")}. A cold start is load and ` +
        "first inference; unloading, left of zero, is not part of it.",
      ]),
      ...(absences["cold.samples"] === undefined ? [] : [`Cold cycles done: ${absences["cold.samples"]}.`]),
      ...(latencyMs === null ? [] : [
        `Warm: n = ${formatNumber(latencyMs.n, UNITS.none)}${
          warm?.converged ? "" : ", not converged"
        }. ${DISTRIBUTION_NOTE}`,
      ]),
      ...validityNotes(result),
    ],
  }, options);
}

const EMPTY_WARM = { heading: "Warm latency", yLabel: "", height: 110 } as const;

/** What a latency test found, in a sentence. @param result Of a latency test. */
export function coldStartSummary({ cold, warm, overheadMs }: LatencyResult): string {
  const warmMs = warm?.latencyMs?.mean.value ?? null;
  const warmMean = warmMs === null ? "" : `warm ${unbroken(formatTime(warmMs))}`;
  if (cold === null) return warmMean === "" ? "Nothing was measured." : `No cold start was measured; ${warmMean}.`;
  const mean = cold.totalMs.mean;
  const coldMean = `A cold start takes ${unbroken(formatTimeEstimate(mean))}`;
  if (overheadMs === null || warmMs === null) return `${coldMean} on average.`;
  const times = mean.value / warmMs;
  return `${coldMean} on average, ${warmMean}: ${formatNumber(times, UNITS.none)} times as long.`;
}

/** The parts that occur. @param samples Cold cycles. */
export function coldLegend(samples: readonly ColdSample[]): LegendEntry[] {
  return PARTS.filter(({ name }) => name !== "load" || samples.some(({ loadMs }) => loadMs !== null)).map((
    { name, color },
  ) => ({ sign: "area", color, label: name }));
}

/** Bars are named up to this many. */
const NAMED_BARS = 12;
/** More cycles than this share the height of so many. */
const MOST_BARS = 60;

/**
 * One bar for each cold cycle, and the warm latency on the same scale.
 *
 * @param result Of a latency test.
 */
export function coldStartPanel(result: LatencyResult): Panel {
  const { cold, absences } = result;
  const heading = "Cold cycles";
  if (cold === null) {
    return { heading, yLabel: "", height: 110, content: absences["cold"] ?? "No cold start was measured" };
  }
  const bars = cold.samples.length;
  const height = bars <= NAMED_BARS ? bars * 26 : 26 * NAMED_BARS + 4 * (Math.min(bars, MOST_BARS) - NAMED_BARS);
  return {
    heading,
    yLabel: "",
    height: height + 2 * 26 + MARGINS.marginBottom + 8,
    content: (width) => coldOptions(result, cold, width),
  };
}

/** A part of a bar. */
interface Segment {
  readonly row: string;
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

/** Room for the names of the rows and at the right, px. */
const SIDES = { marginLeft: 62, marginRight: 8 } as const;

function coldOptions(result: LatencyResult, cold: NonNullable<LatencyResult["cold"]>, width: number): PlotOptions {
  const { samples, totalMs: { mean, max } } = cold;
  const warm = result.warm?.latencyMs ?? null;
  const unit = timeUnit(max), { divisor } = unit;
  const cycles = samples.map((_, k) => `cycle ${k + 1}`);
  const totals = samples.map(({ totalMs }, k) => rowOf(cycles[k]!, totalMs, unbroken(formatTime(totalMs)), divisor));
  const means = samples.length < 2 ? [] : [rowOf("mean", mean, unbroken(formatTimeEstimate(mean)), divisor)];
  const warms = warm === null
    ? []
    : [rowOf("warm", warm.mean, `${unbroken(formatTime(warm.mean.value))} mean`, divisor)];
  const unloadMs = samples.reduce((most, sample) => Math.max(most, sample.unloadMs), 0);
  const domain = [-unloadMs / divisor, roomFor([...totals, ...means], unloadMs / divisor, width)] as const;
  const axis = linearAxis(domain, `time since the load began (${unitName(unit)})`, width, SIDES);
  // Thin bars leave no room for names of neighbours.
  const many = samples.length > NAMED_BARS;
  const others = [...means, ...warms].map(({ row }) => row);
  return {
    ...MARGINS,
    ...SIDES,
    marginTop: 6,
    x: { ...axis.scale, grid: true },
    y: {
      type: "band",
      domain: many ? [...cycles, " ", "mean", "  ", "warm"] : [...cycles, ...others],
      padding: 0,
      label: null,
      tickSize: 0,
      ticks: many ? [cycles[0]!, ...others] : [...cycles, ...others],
    },
    color: { type: "identity" },
    marks: [
      ...barMarks(samples.flatMap((sample, k) => segmentsOf(sample, cycles[k]!, divisor)), means, warms),
      ...textMarks(many ? [...means, ...warms] : [...totals, ...means, ...warms]),
    ],
  };
}

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
  return [
    Plot.barX(segments, { x1: "from", x2: "to", y: "row", fill: "color", insetTop: 3, insetBottom: 3 }),
    Plot.barX(warms, { x1: 0, x2: "end", y: "row", fill: COLORS.green, insetTop: 3, insetBottom: 3 }),
    Plot.ruleX([0]),
    Plot.ruleY(means, { x1: "low", x2: "high", y: "row", stroke: COLORS.ink, strokeWidth: 2 }),
    Plot.dot(means, { x: "end", y: "row", fill: COLORS.ink, r: 4 }),
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

function segmentsOf({ unloadMs, loadMs, firstInferenceMs }: ColdSample, row: string, divisor: number): Segment[] {
  const load = loadMs ?? 0;
  const spans: [number, number][] = [[-unloadMs, 0], [0, load], [load, load + firstInferenceMs]];
  return PARTS.map(({ color }, k) => ({ row, color, from: spans[k]![0] / divisor, to: spans[k]![1] / divisor }));
}

/**
 * Latency of the first inferences after a load, with the warm median.
 *
 * @param result Of a latency test.
 */
export function warmUpPanel({ warmUpCurveMs, warm, absences }: LatencyResult): Panel {
  const heading = "First inferences, median";
  if (warmUpCurveMs === null || warmUpCurveMs.length === 0) {
    return { heading, yLabel: "", height: 110, content: absences["cold"] ?? "No inference after a load was timed" };
  }
  const warmMs = warm?.latencyMs?.p50.value ?? null;
  const unit = timeUnit(Math.max(...warmUpCurveMs, warmMs ?? 0));
  const curve = warmUpCurveMs.map((latencyMs, k) => ({ k: k + 1, latency: latencyMs / unit.divisor }));
  return {
    heading,
    yLabel: unitName(unit),
    height: 150,
    content: (width) => ({
      ...plotBase(width),
      x: {
        domain: [0.5, curve.length + 0.5],
        ticks: [...new Set([1, ...[0.25, 0.5, 0.75, 1].map((part) => Math.ceil(part * curve.length))])],
        tickFormat: shortNumber,
        label: "inference after the load",
      },
      y: zeroBased(Math.max(...curve.map(({ latency }) => latency), (warmMs ?? 0) / unit.divisor), 0.2),
      marks: [
        Plot.ruleY([0]),
        ...(warmMs === null ? [] : [
          Plot.ruleY([warmMs / unit.divisor], { stroke: COLORS.green, strokeWidth: 1.5, strokeDasharray: "4,3" }),
          Plot.text([`dashed: warm p50 ${unbroken(formatTime(warmMs))}`], {
            text: (words: string) => words,
            frameAnchor: "top-right",
            fill: COLORS.green,
            fontWeight: 600,
            stroke: COLORS.background,
            strokeWidth: 3,
          }),
        ]),
        Plot.line(curve, { x: "k", y: "latency", stroke: COLORS.vermillion, strokeWidth: 1.5 }),
        Plot.dot(curve, { x: "k", y: "latency", fill: COLORS.vermillion, r: curve.length > 60 ? 2 : 3.5 }),
      ],
    }),
  };
}
