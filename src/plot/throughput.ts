import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { ThroughputLevel, ThroughputResult } from "../results/result.ts";
import { atLeast } from "../results/window/at_least.ts";
import { isOnlyOne } from "../results/window/usable.ts";
import { onlyOne } from "../words/window/only_one.ts";
import { levelAxis, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { type LaneLabel, laneLabels } from "./kit/lane_labels.ts";
import { levelTitle } from "./kit/level_title.ts";
import { latencyLevelsPanel } from "./panels/latency_levels.ts";
import { boundLabels, equivalentShade, optimumStar } from "./panels/optimum_marks.ts";
import { tradeOffPanels } from "./panels/trade_off.ts";
import { COLORS } from "./kit/palette.ts";
import { rateText } from "./kit/rate_text.ts";
import { valueText } from "../words/estimate/estimate_text.ts";
import { UNITS } from "../words/quantity.ts";
import { highestOf, sweepLegend, sweepMarks, type SweepPoint, sweepPoints } from "./sweep.ts";
import {
  openEndsNote,
  optimumNotes,
  requestsNote,
  validityNotes,
  whyNoneQualifies,
  whyNothingDrawn,
} from "./kit/notes.ts";

const batchOf = ({ batchSize }: ThroughputLevel): number => batchSize;

/**
 * Which batch size brings the most predictions per second, and at what latency? Above, predictions per second with
 * their intervals over the batch size: the optimum is starred, the sizes that noise does not tell from the best are
 * shaded, the plateau is marked. Below, latency, and what a higher throughput costs of it.
 *
 * @param result Of a throughput test; of one still running, what it has so far.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotThroughput(result: ThroughputResult, options: ChartOptions = {}): Chart {
  const { levels } = result;
  const points = throughputPoints(result);
  return new Chart({
    title: "Throughput by batch size",
    subtitle: throughputSummary(result),
    legend: highestOf(points) === 0 ? [] : [...sweepLegend(points, COLORS.blue), ...throughputLegend(result)],
    rows: levels.length === 0 ? [[throughputPanel(result)]] : [[throughputPanel(result)], [
      latencyLevelsPanel(levels, batchOf, "batch size", { height: 220, titleOf: batchTitle }),
      ...tradeOffPanels(levels, {
        axis: "batch size",
        levelOf: batchOf,
        rateOf: (level) => atLeast(level, "predictions"),
        titleOf: batchTitle,
        best: result.optimalBatchSize,
        unit: UNITS.predictionsPerSecond,
        counted: "throughput",
      }),
    ]],
    notes: [
      ...(levels.length === 0
        ? []
        : [`Closed loop, ${result.concurrency} outstanding. ${requestsNote(levels, "batch size", batchOf)}`]),
      ...openEndsNote(levels.flatMap(({ predictionsPerSecond, latencyMs }) => [
        predictionsPerSecond,
        latencyMs?.p50 ?? null,
        latencyMs?.p95 ?? null,
      ])),
      ...validityNotes(result),
    ],
  }, options);
}

/**
 * What a throughput test found, in a sentence.
 *
 * @param result Of a throughput test.
 */
export function throughputSummary(
  { levels, optimalBatchSize, equivalentBatchSizes, optimumRivals }: ThroughputResult,
): string {
  const optimum = levels.find(({ batchSize }) => batchSize === optimalBatchSize);
  if (optimum === undefined || optimum.predictionsPerSecond === null) {
    if (levels.length === 0) return "Nothing was measured.";
    return levels.every(({ succeeded }) => succeeded === 0)
      ? "No batch size has a throughput: no request succeeded."
      : `No batch size qualifies: at every size ${whyNoneQualifies(levels)}`;
  }
  const { clientLimited: isBound } = optimum;
  const rate = rateText(optimum.predictionsPerSecond, UNITS.predictionsPerSecond, isBound);
  const isGainBound = isBound || levels.some((level) => level.batchSize === 1 && level.clientLimited);
  const speedup = optimum.speedup === null || optimum.batchSize === 1 || isGainBound
    ? ""
    : `, ${valueText(optimum.speedup, UNITS.none)}\u00a0times batch\u00a01`;
  if (isOnlyOne(levels)) return `Batch ${optimum.batchSize}, ${onlyOne(levels)}: ${rate}.`;
  const { reached, others } = optimumNotes(optimum.batchSize, isBound, equivalentBatchSizes, optimumRivals);
  return `Batch ${optimum.batchSize} is ${reached}: ${rate}${speedup}.${others}`;
}

/**
 * Predictions per second of each batch size, without an upper end where the client limited it.
 *
 * @param result Of a throughput test.
 */
export function throughputPoints({ levels }: ThroughputResult): SweepPoint[] {
  return sweepPoints(levels, batchOf, (level) => atLeast(level, "predictions"), batchTitle);
}

const batchTitle = (level: ThroughputLevel): string =>
  levelTitle(`batch ${level.batchSize}`, level, level.predictionsPerSecond, UNITS.predictionsPerSecond);

/** What is marked besides the points. @param result Of a throughput test. */
export function throughputLegend({ optimalBatchSize, equivalentBatchSizes }: ThroughputResult): LegendEntry[] {
  return [
    ...(optimalBatchSize === null ? [] : [{ sign: "star", color: COLORS.gold, label: "optimum" } as const]),
    ...(equivalentBatchSizes.length < 2
      ? []
      : [{ sign: "area", color: COLORS.highlight, label: "within noise of the best" } as const]),
  ];
}

/**
 * Predictions per second over batch size.
 *
 * @param result Of a throughput test with a level at least.
 * @param height Of the plot, px.
 */
export function throughputPanel(result: ThroughputResult, height = 250): Panel {
  return {
    heading: "Throughput",
    yLabel: "predictions/s",
    height,
    content: result.levels.length === 0
      ? "No batch size was measured"
      : highestOf(throughputPoints(result)) === 0
      ? whyNothingDrawn(result.levels, " at any batch size")
      : (width) => throughputOptions(result, width),
  };
}

function throughputOptions(result: ThroughputResult, width: number): PlotOptions {
  const { levels, optimalBatchSize, equivalentBatchSizes, plateauBatchSize } = result;
  const points = throughputPoints(result);
  const axis = levelAxis(levels.map(batchOf), "batch size (items per request)", width);
  const names: LaneLabel[] = [
    ...boundLabels(points, optimalBatchSize, UNITS.predictionsPerSecond),
    ...(plateauBatchSize === null ? [] : [{ at: plateauBatchSize, text: "plateau: gain under 5%" }]),
  ];
  const lanes = laneLabels(names, axis.toPixels, width);
  return {
    ...plotBase(width),
    marginTop: lanes.marginTop,
    x: axis.scale,
    y: zeroBased(highestOf(points), 0.14),
    marks: [
      equivalentShade(equivalentBatchSizes, levels.map(batchOf)),
      Plot.ruleY([0]),
      ...lanes.marks,
      ...sweepMarks(points, COLORS.blue, UNITS.predictionsPerSecond),
      ...optimumStar(points, optimalBatchSize),
    ],
  };
}
