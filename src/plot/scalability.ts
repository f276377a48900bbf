import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { ScalabilityLevel, ScalabilityResult, UslFit } from "../results/result.ts";
import { atLeast } from "../results/window/at_least.ts";
import { isOnlyOne } from "../results/window/usable.ts";
import { onlyOne } from "../words/window/only_one.ts";
import { uslThroughput } from "../stats/scaling/usl_throughput.ts";
import { levelAxis, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { type LaneLabel, laneLabels } from "./kit/lane_labels.ts";
import { levelTitle } from "./kit/level_title.ts";
import { latencyLevelsPanel } from "./panels/latency_levels.ts";
import { boundLabels, equivalentShade, optimumStar } from "./panels/optimum_marks.ts";
import { tradeOffPanels } from "./panels/trade_off.ts";
import { COLORS } from "./kit/palette.ts";
import { rateText } from "./kit/rate_text.ts";
import { formatEstimate, valueText } from "../words/estimate/estimate_text.ts";
import { formatDecimals, formatNumber, unbroken, UNITS } from "../words/quantity.ts";
import { highestOf, sweepLegend, sweepMarks, type SweepPoint, sweepPoints } from "./sweep.ts";
import {
  openEndsNote,
  optimumNotes,
  requestsNote,
  validityNotes,
  whyNoneQualifies,
  whyNothingDrawn,
} from "./kit/notes.ts";

const concurrencyOf = ({ concurrency }: ScalabilityLevel): number => concurrency;

/**
 * How far does throughput grow with concurrency, and what does it cost? Above, measured requests per second with their
 * intervals, the ideal line n X(1), the fitted Universal Scalability Law with its peak, and the knee. Below, latency and
 * errors, and what a higher throughput costs in latency.
 *
 * @param result Of a scalability test; of one still running, what it has so far.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotScalability(result: ScalabilityResult, options: ChartOptions = {}): Chart {
  const { levels } = result;
  const points = scalabilityPoints(result);
  return new Chart({
    title: "Scalability by concurrency",
    subtitle: scalabilitySummary(result),
    legend: highestOf(points) === 0 ? [] : [...sweepLegend(points, COLORS.blue), ...scalabilityLegend(result)],
    rows: levels.length === 0 ? [[scalabilityPanel(result)]] : [
      [scalabilityPanel(result)],
      [
        latencyLevelsPanel(levels, concurrencyOf, "concurrency (requests outstanding)", { titleOf: concurrencyTitle }),
        errorRatePanel(levels),
      ],
      ...tradeOffPanels(levels, {
        axis: "concurrency",
        levelOf: concurrencyOf,
        rateOf: (level) => atLeast(level, "requests"),
        titleOf: concurrencyTitle,
        best: result.optimalConcurrency,
        unit: UNITS.requestsPerSecond,
        counted: "throughput",
      }).map((panel) => [panel]),
    ],
    notes: [
      ...(levels.length === 0
        ? []
        : [`Closed loop, batch size ${result.batchSize}. ${requestsNote(levels, "concurrency", concurrencyOf)}`]),
      ...uslNote(result),
      ...openEndsNote(levels.flatMap(({ requestsPerSecond, latencyMs }) => [
        requestsPerSecond,
        latencyMs?.p50 ?? null,
        latencyMs?.p95 ?? null,
      ])),
      ...validityNotes(result),
    ],
  }, options);
}

/**
 * What a scalability test found, in a sentence.
 *
 * @param result Of a scalability test.
 */
export function scalabilitySummary(result: ScalabilityResult): string {
  const { levels, optimalConcurrency, equivalentConcurrencies, optimumRivals, degradationPercent } = result;
  const optimum = levels.find(({ concurrency }) => concurrency === optimalConcurrency);
  if (optimum === undefined || optimum.requestsPerSecond === null) {
    return levels.length === 0
      ? "Nothing was measured."
      : `No concurrency qualifies: at every level ${whyNoneQualifies(levels)}`;
  }
  const { clientLimited: isBound } = optimum;
  const rate = rateText(optimum.requestsPerSecond, UNITS.requestsPerSecond, isBound);
  if (isOnlyOne(levels)) return `Concurrency ${optimum.concurrency}, ${onlyOne(levels)}: ${rate}.`;
  const { reached, others } = optimumNotes(optimum.concurrency, isBound, equivalentConcurrencies, optimumRivals);
  const loss = degradationPercent === null || !(degradationPercent.low !== null && degradationPercent.low > 0)
    ? ""
    : ` At the highest level ${valueText(degradationPercent, UNITS.percent)} of the best is lost.`;
  return `Concurrency ${optimum.concurrency} is ${reached}: ${rate}.${others}${loss}`;
}

/**
 * Requests per second of each concurrency, without an upper end where the client limited it.
 *
 * @param result Of a scalability test.
 */
export function scalabilityPoints({ levels }: ScalabilityResult): SweepPoint[] {
  return sweepPoints(levels, concurrencyOf, (level) => atLeast(level, "requests"), concurrencyTitle);
}

const concurrencyTitle = (level: ScalabilityLevel): string =>
  levelTitle(`concurrency ${level.concurrency}`, level, level.requestsPerSecond, UNITS.requestsPerSecond);

function uslNote({ usl, absences }: ScalabilityResult): string[] {
  const reason = absences["usl"];
  if (usl === null) return reason === undefined ? [] : [`No Universal Scalability Law is shown: ${reason}.`];
  const peak = usl.peakConcurrency === null
    ? "no peak"
    : `peak at concurrency ${formatNumber(usl.peakConcurrency, UNITS.none)}`;
  return [
    `Universal Scalability Law: contention σ ${unbroken(formatEstimate(usl.sigma, UNITS.none))}, coherency κ ` +
    `${unbroken(formatEstimate(usl.kappa, UNITS.none))}, ${peak}, R² ${formatDecimals(usl.rSquared, UNITS.none, 3)}.`,
  ];
}

/** Signs of the upper panel besides the points. @param result Of a scalability test. */
export function scalabilityLegend(result: ScalabilityResult): LegendEntry[] {
  const { usl, optimalConcurrency, equivalentConcurrencies } = result;
  return [
    ...(optimalConcurrency === null ? [] : [{ sign: "star", color: COLORS.gold, label: "optimum" } as const]),
    ...(equivalentConcurrencies.length < 2
      ? []
      : [{ sign: "area", color: COLORS.highlight, label: "within noise of the best" } as const]),
    ...(idealOf(result) === null
      ? []
      : [{ sign: "dashed", color: COLORS.neutral, label: "ideal: n times concurrency 1" } as const]),
    ...(usl === null ? [] : [{ sign: "line", color: COLORS.green, label: "Universal Scalability Law" } as const]),
  ];
}

/**
 * Requests per second over concurrency.
 *
 * @param result Of a scalability test with a level at least.
 * @param height Of the plot, px.
 */
export function scalabilityPanel(result: ScalabilityResult, height = 260): Panel {
  return {
    heading: "Throughput",
    yLabel: "requests/s",
    height,
    content: result.levels.length === 0
      ? "No concurrency was measured"
      : highestOf(scalabilityPoints(result)) === 0
      ? whyNothingDrawn(result.levels, " at any concurrency")
      : (width) => scalabilityOptions(result, width),
  };
}

function scalabilityOptions(result: ScalabilityResult, width: number): PlotOptions {
  const { levels, usl, kneeConcurrency, optimalConcurrency, equivalentConcurrencies } = result;
  const concurrencies = levels.map(concurrencyOf);
  const points = scalabilityPoints(result);
  const axis = levelAxis(concurrencies, "concurrency (requests outstanding)", width);
  const least = Math.min(...concurrencies), most = Math.max(...concurrencies);
  const peak = usl?.peakConcurrency ?? null;
  const names: LaneLabel[] = [
    ...boundLabels(points, optimalConcurrency, UNITS.requestsPerSecond),
    ...(kneeConcurrency === null || kneeConcurrency < least || kneeConcurrency > most
      ? []
      : [{ at: kneeConcurrency, text: "knee" }]),
    ...(peak === null || peak < least || peak > most ? [] : [{ at: peak, text: "USL peak", color: COLORS.green }]),
  ];
  const lanes = laneLabels(names, axis.toPixels, width);
  const top = highestOf(points);
  return {
    ...plotBase(width),
    marginTop: lanes.marginTop,
    x: axis.scale,
    y: zeroBased(top, 0.14),
    marks: [
      equivalentShade(equivalentConcurrencies, concurrencies),
      Plot.ruleY([0]),
      ...idealMarks(result, 1.14 * top),
      ...lanes.marks,
      ...uslMarks(usl, least, most),
      ...sweepMarks(points, COLORS.blue, UNITS.requestsPerSecond),
      ...optimumStar(points, optimalConcurrency),
    ],
  };
}

/** Throughput of one client, or `null` if it was not measured or stands alone. */
function idealOf({ levels }: ScalabilityResult): number | null {
  const one = levels.find(({ concurrency }) => concurrency === 1);
  return levels.length < 2 ? null : one?.requestsPerSecond?.value ?? null;
}

/** The ideal line as far as it stays in the plot. */
function idealMarks(result: ScalabilityResult, top: number): Markish[] {
  const single = idealOf(result);
  if (single === null) return [];
  const end = Math.min(Math.max(...result.levels.map(concurrencyOf)), top / single);
  const line = curve(1, Math.max(1, end), (n) => n * single);
  return [
    Plot.line(line, {
      x: "n",
      y: "value",
      stroke: COLORS.neutral,
      strokeWidth: 2,
      strokeDasharray: "5,4",
      title: () => "ideal: n times concurrency 1",
    }),
  ];
}

function uslMarks(usl: UslFit | null, least: number, most: number): Markish[] {
  if (usl === null) return [];
  const line = curve(least, most, (n) => uslThroughput(usl, n));
  return [
    Plot.line(line, {
      x: "n",
      y: "value",
      stroke: COLORS.green,
      strokeWidth: 2,
      title: () => "Universal Scalability Law",
    }),
  ];
}

/** Points of a function, evenly apart on a log axis. */
function curve(from: number, to: number, valueAt: (n: number) => number): { n: number; value: number }[] {
  return Array.from({ length: 61 }, (_, k) => {
    const n = from * (to / from) ** (k / 60);
    return { n, value: valueAt(n) };
  });
}

function errorRatePanel(levels: readonly ScalabilityLevel[]): Panel {
  const points = sweepPoints(levels, concurrencyOf, ({ errorRate }) => errorRate, concurrencyTitle);
  const content = (width: number): PlotOptions => {
    const axis = levelAxis(levels.map(concurrencyOf), "concurrency", width);
    return {
      ...plotBase(width),
      x: axis.scale,
      y: zeroBased(Math.max(5, highestOf(points) * 100), 0.05),
      marks: [Plot.ruleY([0]), ...sweepMarks(points, COLORS.vermillion, UNITS.share)],
    };
  };
  return { heading: "Failed requests", yLabel: "% of requests", height: 190, content };
}
