import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../core/estimate.ts";
import type { ResultKind, TestResult } from "../results/kinds.ts";
import { KINDS } from "../results/kinds.ts";
import type { Kind } from "../results/kinds/kind.ts";
import type { GpuUse } from "../results/window/gpu_use.ts";
import type { Window } from "../results/window/window.ts";
import { displayUnit } from "../words/display_unit.ts";
import { gpuSourceInWords, readingText } from "../words/gpu/gpu_in_words.ts";
import { formatNumber, type Unit, unitName, UNITS } from "../words/quantity.ts";
import { levelAxis, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type Panel } from "./kit/chart.ts";
import { openEndsNote } from "./kit/notes.ts";
import { COLORS } from "./kit/palette.ts";
import { highestOf, sweepLegend, sweepMarks, type SweepPoint, sweepPoints } from "./sweep.ts";

/** A level at which the GPUs were seen. */
interface SeenLevel extends Window {
  readonly level: number;
  readonly gpu: GpuUse;
}

/**
 * What the GPUs did at the levels of a test: how busy they were, their power, and the energy of a prediction.
 *
 * @param kind Of the result.
 * @param result What was measured.
 * @param options Of the chart, and of Observable Plot for its first panel.
 * @returns None where the levels are no numbers, are fewer than two, or the GPUs were not seen at two of them.
 */
export function gpuCharts(kind: ResultKind, result: TestResult, options: ChartOptions = {}): Chart[] {
  const { axis, windows } = KINDS[kind] as Kind<TestResult>;
  const levels = windows(result).flatMap(({ level, window }): SeenLevel[] =>
    typeof level === "number" && window.gpu ? [{ ...window, gpu: window.gpu, level }] : []
  );
  return axis === null || levels.length < 2 ? [] : [plotGpu(levels, axis.label, options)];
}

function plotGpu(levels: readonly SeenLevel[], axis: string, options: ChartOptions): Chart {
  const energy = pointsOf(levels, ({ energyPerPrediction }) => energyPerPrediction);
  const unit = displayUnit("J", highestOf(energy));
  const rows = [
    [
      panelOf(levels, axis, {
        heading: "Utilisation",
        points: readingsOf(levels, ({ utilizationPercent }) => utilizationPercent, UNITS.percent),
        color: COLORS.green,
        unit: UNITS.percent,
        most: 100,
      }),
      panelOf(levels, axis, {
        heading: "Power",
        points: readingsOf(levels, ({ powerWatts }) => powerWatts, UNITS.watts),
        color: COLORS.vermillion,
        unit: UNITS.watts,
        rest: levels[0]!.gpu.idlePowerWatts,
      }),
    ],
    [panelOf(levels, axis, { heading: "Energy a prediction", points: energy, color: COLORS.blue, unit })],
  ];
  return new Chart({
    title: `The GPU by ${axis}`,
    subtitle: summary(levels, axis, unit),
    legend: sweepLegend(energy.filter(({ estimate }) => estimate !== null), COLORS.blue),
    rows,
    notes: [
      `Means over each window, by ${gpuSourceInWords(levels[0]!.gpu.source)}.`,
      ...(highestOf(energy) > 0 ? ["Energy is that of the whole device, what it takes at rest included."] : []),
      ...openEndsNote(energy.map(({ estimate }) => estimate)),
    ],
  }, options);
}

function pointsOf(levels: readonly SeenLevel[], of: (gpu: GpuUse) => Estimate | null): SweepPoint[] {
  return sweepPoints(levels, ({ level }) => level, ({ gpu }) => of(gpu));
}

/** Means, which are drawn as points. */
function readingsOf(levels: readonly SeenLevel[], of: (gpu: GpuUse) => number | null, unit: Unit): SweepPoint[] {
  const titleOf = ({ level, gpu }: SeenLevel) =>
    `${formatNumber(level, UNITS.none)}: ${readingText(of(gpu) ?? 0, unit)}`;
  return sweepPoints(levels, ({ level }) => level, ({ gpu }) => exactly(of(gpu)), titleOf);
}

function exactly(value: number | null): Estimate | null {
  return value === null ? null : { value, low: value, high: value, level: 0.95, n: 1 };
}

/** What one panel draws. */
interface Drawn {
  readonly heading: string;
  readonly points: readonly SweepPoint[];
  readonly color: string;
  readonly unit: Unit;
  /** Highest value of the axis, where it has one. */
  readonly most?: number;
  /** What it is at rest, drawn as a line. */
  readonly rest?: number | null;
}

function panelOf(levels: readonly SeenLevel[], axis: string, drawn: Drawn): Panel {
  const { heading, points, color, unit, most, rest = null } = drawn;
  const known = points.filter(({ estimate }) => estimate !== null);
  const content = (width: number): PlotOptions => ({
    ...plotBase(width),
    x: levelAxis(levels.map(({ level }) => level), axis, width).scale,
    y: most === undefined
      ? zeroBased(Math.max(rest ?? 0, highestOf(known)) / unit.divisor)
      : { ...zeroBased(most, 0), ticks: 5 },
    marks: [
      Plot.ruleY([0]),
      ...(rest === null ? [] : [
        Plot.ruleY([rest], { stroke: COLORS.muted, strokeDasharray: "4,3" }),
        Plot.text([rest], {
          y: (value: number) => value,
          frameAnchor: "right",
          dy: 9,
          textAnchor: "end",
          text: () => `at rest ${readingText(rest, UNITS.watts)}`,
          fill: COLORS.muted,
          stroke: COLORS.background,
          strokeWidth: 4,
        }),
      ]),
      ...sweepMarks(known, color, unit),
    ],
  });
  return {
    heading,
    yLabel: unitName(unit),
    height: 190,
    content: known.length === 0 ? "Not measured" : content,
  };
}

/** Where a prediction measured the least energy, and how busy the device gets at most. */
function summary(levels: readonly SeenLevel[], axis: string, unit: Unit): string {
  const told = levels.filter(({ gpu }) => gpu.energyPerPrediction !== null);
  const [least] = told.toSorted((a, b) => a.gpu.energyPerPrediction!.value - b.gpu.energyPerPrediction!.value);
  const busy = levels.flatMap(({ gpu }) => gpu.utilizationPercent ?? []);
  return [
    ...(least === undefined ? [] : [
      `The least energy a prediction was measured at ${axis} ${least.level}: ${
        formatNumber(least.gpu.energyPerPrediction!.value, unit)
      }.`,
    ]),
    ...(busy.length === 0 ? [] : [
      `The device is busy ${readingText(Math.max(...busy), UNITS.percent)} of the time at most.`,
    ]),
  ].join(" ");
}
