import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Distribution } from "../core/estimate.ts";
import type { BasicResult } from "../results/result.ts";
import { rateOf } from "../results/window/load.ts";
import { linearAxis, logTicks, MARGINS, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { laneLabels } from "./kit/lane_labels.ts";
import { type LatencyCurve, latencyCurve } from "./panels/latency_curve.ts";
import { latencyHistogram } from "./panels/latency_histogram.ts";
import { COLORS } from "./kit/palette.ts";
import { rateText } from "./kit/rate_text.ts";
import { formatTimeEstimate } from "../words/estimate/estimate_text.ts";
import {
  formatNumber,
  formatTime,
  shortNumber,
  timeUnit,
  unbroken,
  type Unit,
  unitName,
  UNITS,
} from "../words/quantity.ts";
import { quantilePanel } from "./panels/quantile_panel.ts";
import { type Bucket, reduceSeries } from "./kit/reduce_series.ts";
import { loadInWords } from "../words/load_in_words.ts";
import { counted, openEndsNote, validityNotes } from "./kit/notes.ts";

/**
 * How long do requests take, and how sure is that? Above, the quantiles of latency on an axis that gives each "nine" the
 * same room, with p50, p95 and p99 and their intervals; below, the histogram and the run over time, its warm-up apart.
 *
 * @param result Of a basic test.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotLatency(result: BasicResult, options: ChartOptions = {}): Chart {
  const { latencyMs, warmUpRequests, cutRequests } = result;
  const curve = latencyCurve(result);
  const rows = latencyMs === null || curve === null
    ? [[{ heading: "Latency", yLabel: "", height: 110, content: missing(result) }]]
    : [[quantilePanel([{ label: "", curve, latencyMs, color: COLORS.blue }])], [
      histogramPanel(curve, latencyMs, result.timeline),
      timelinePanel(result, latencyMs),
    ]];
  return new Chart({
    title: "Latency",
    subtitle: latencySummary(result),
    legend: latencyMs === null ? [] : timelineLegend(result),
    rows,
    notes: [
      `Load: ${loadInWords(result.load)}${
        result.latencyFrom === "due" ? "; latency counts from the moment due" : ""
      }. ` +
      (latencyMs === null ? "" : `n = ${formatNumber(latencyMs.n, UNITS.none)} successes` +
        `${result.failed === 0 ? "" : `, ${formatNumber(result.failed, UNITS.none)} failures apart`}, ` +
        `${result.converged ? "precise" : "rough"}. `) +
      `Before them, ${counted(warmUpRequests, "warm-up request")}` +
      (cutRequests === 0
        ? "."
        : ` and ${formatNumber(cutRequests, UNITS.none)} more that were taken for warm-up (MSER-5).`),
      ...(latencyMs === null ? [] : openEndsNote([latencyMs.p50, latencyMs.p95, latencyMs.p99])),
      ...validityNotes(result),
    ],
  }, options);
}

/** What a basic test found, in a sentence. @param result Of a basic test. */
export function latencySummary(result: BasicResult): string {
  const { latencyMs } = result;
  if (latencyMs === null) return "No request succeeded.";
  return `Half of the requests take up to ${unbroken(formatTimeEstimate(latencyMs.p50))}, ` +
    `95% up to ${unbroken(formatTimeEstimate(latencyMs.p95))}${rateInWords(result)}.`;
}

/** At which rate: of an open loop the one that was offered, then the one that came back. */
function rateInWords({ requestsPerSecond, load, clientLimited }: BasicResult): string {
  const answered = requestsPerSecond === null
    ? ""
    : rateText(requestsPerSecond, UNITS.requestsPerSecond, clientLimited);
  const asked = load.kind === "open" ? rateOf(load.arrivals) : null;
  if (asked === null) return answered === "" ? "" : clientLimited ? `, ${answered}` : ` at ${answered}`;
  return ` at ${unbroken(formatNumber(asked, UNITS.requestsPerSecond))} offered${
    answered === "" ? "" : `, ${answered} answered`
  }`;
}

/** Why a basic test has no times, in few words. @param result Of a basic test. */
export function missing({ absences, failed }: BasicResult): string {
  return absences["latencyMs"] ?? (failed > 0 ? `All ${failed} requests failed` : "No request ended");
}

/**
 * Requests by latency.
 *
 * @param curve Of the latency.
 * @param latencyMs Its summary.
 * @param timeline Latencies over time; counted where it holds all of them.
 */
export function histogramPanel(
  curve: LatencyCurve,
  latencyMs: Distribution,
  timeline: BasicResult["timeline"] = [],
): Panel {
  const { bins, logarithmic } = latencyHistogram(curve, latencyMs.n, timeline);
  const unit = timeUnit(latencyMs.p50.value);
  const scaled = bins.map(({ fromMs, toMs, count }) => ({
    from: fromMs / unit.divisor,
    to: toMs / unit.divisor,
    count,
    title: `${formatTime(fromMs)} to ${formatTime(toMs)}: ${counted(Math.round(count), "request")}`,
  }));
  const content = (width: number): PlotOptions => {
    const domain = [scaled[0]!.from, scaled.at(-1)!.to] as const;
    const label = `latency (${unitName(unit)}${logarithmic ? ", log" : ""})`;
    const axis = linearAxis(domain, label, width);
    const log = (value: number) =>
      MARGINS.marginLeft + (width - MARGINS.marginLeft - MARGINS.marginRight) *
        Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]);
    const lanes = laneLabels(
      (["p50", "p95", "p99"] as const).map((name) => ({ at: latencyMs[name].value / unit.divisor, text: name })),
      logarithmic ? log : axis.toPixels,
      width,
    );
    return {
      ...plotBase(width),
      marginTop: lanes.marginTop,
      x: logarithmic
        ? { type: "log", domain, ticks: logTicks(domain, log), tickFormat: shortNumber, label }
        : axis.scale,
      y: zeroBased(Math.max(...scaled.map(({ count }) => count)), 0.05),
      marks: [
        Plot.rectY(scaled, { x1: "from", x2: "to", y: "count", fill: COLORS.blue, inset: 0.5, title: "title" }),
        Plot.ruleY([0]),
        ...lanes.marks,
      ],
    };
  };
  return { heading: "Histogram", yLabel: "requests", height: 210, content };
}

function timelineLegend({ warmUpTimeline = [] }: BasicResult): LegendEntry[] {
  return warmUpTimeline.length === 0 ? [] : [
    { sign: "dot", color: COLORS.blue, label: "measured" },
    { sign: "dot", color: COLORS.neutral, label: "warm-up, not counted" },
  ];
}

/** More points than this are drawn as a line of medians in a band from the least to the greatest. */
const MOST_DOTS = 400;
const BUCKETS = 150;

/**
 * Latency over the time of the run, warm-up included where it was kept.
 *
 * @param result Of a basic test with a success.
 * @param latencyMs Its summary.
 */
export function timelinePanel(result: BasicResult, latencyMs: Distribution): Panel {
  const { timeline, warmUpTimeline = [], durationMs } = result;
  const lastMs = timeline.reduce((latest, { atMs }) => Math.max(latest, atMs), durationMs);
  const firstMs = warmUpTimeline.reduce((earliest, { atMs }) => Math.min(earliest, atMs), 0);
  const group = Math.max(1, Math.round(latencyMs.n / timeline.length));
  const time = timeUnit(lastMs - firstMs), unit = timeUnit(latencyMs.p50.value);
  const content = (width: number): PlotOptions => {
    const axis = linearAxis([firstMs / time.divisor, lastMs / time.divisor], `time (${unitName(time)})`, width);
    const lanes = laneLabels([{ at: 0, text: "measured from here", color: COLORS.ink }], axis.toPixels, width);
    const highest = [...timeline, ...warmUpTimeline].reduce((most, point) => Math.max(most, point.latencyMs), 0);
    return {
      ...plotBase(width),
      marginTop: lanes.marginTop,
      x: axis.scale,
      y: zeroBased(highest / unit.divisor, 0.05),
      marks: [
        Plot.ruleY([0]),
        ...timelineMarks(warmUpTimeline, COLORS.neutral, time, unit),
        ...timelineMarks(timeline, COLORS.blue, time, unit),
        ...lanes.marks,
      ],
    };
  };
  return {
    heading: "Run over time",
    yLabel: group === 1 ? `latency, ${unitName(unit)}` : `slowest of each ${group}, ${unitName(unit)}`,
    height: 210,
    content,
  };
}

function timelineMarks(timeline: BasicResult["timeline"], color: string, time: Unit, unit: Unit): Markish[] {
  const points = timeline.map(({ atMs, latencyMs }) => ({
    x: atMs / time.divisor,
    y: latencyMs / unit.divisor,
    title: `${formatTime(atMs)}: ${formatTime(latencyMs)}`,
  }));
  if (points.length <= MOST_DOTS) {
    return [Plot.dot(points, { x: "x", y: "y", r: 1.8, fill: color, fillOpacity: 0.75, title: "title" })];
  }
  const buckets = reduceSeries(points, BUCKETS);
  return [
    Plot.areaY(buckets, { x: "x", y1: "low", y2: "high", fill: color, fillOpacity: 0.3 }),
    Plot.line(buckets, { x: "x", y: "median", stroke: color, strokeWidth: 1.5 }),
    Plot.ruleX(buckets, {
      x: "x",
      y1: "low",
      y2: "high",
      stroke: "transparent",
      strokeWidth: 5,
      title: ({ x, low, median, high }: Bucket) =>
        `${formatTime(x * time.divisor)}: median ${formatTime(median * unit.divisor)}, ` +
        `${formatTime(low * unit.divisor)} to ${formatTime(high * unit.divisor)}`,
    }),
  ];
}
