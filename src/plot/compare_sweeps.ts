import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../core/estimate.ts";
import type { LoadResult, ScalabilityResult, ThroughputResult, Window } from "../results/result.ts";
import { askedRate } from "../results/window/asked_rate.ts";
import { atLeast, rateOfServer } from "../results/window/at_least.ts";
import { levelAxis, MARGINS, plotBase, zeroBased } from "./kit/axis.ts";
import type { ChartContent, Panel } from "./kit/chart.ts";
import { FONT_SIZE } from "./kit/compose.ts";
import { endLabels, type NamedSeries } from "./kit/end_labels.ts";
import { levelTitle } from "./kit/level_title.ts";
import { openEndsNote } from "./kit/notes.ts";
import { COLORS } from "./kit/palette.ts";
import { arrivalsInWords } from "../words/load_in_words.ts";
import { formatNumber, timeUnit, type Unit, unitName, UNITS } from "../words/quantity.ts";
import type { Named } from "./named.ts";
import { highestOf, sweepLegend, sweepMarks, type SweepPoint, sweepPoints } from "./sweep.ts";
import { fitted, textWidth } from "./kit/text_layout.ts";

/** What a level has where answers are streamed. */
type StreamedLevel = Pick<Window, "firstTokenMs" | "tokenMs" | "outputTokensPerSecond" | "clientLimited">;

/** Figures of streamed answers that are drawn where any sweep has them. */
const STREAMED: readonly {
  readonly heading: string;
  readonly of: (level: StreamedLevel) => Estimate | null | undefined;
  readonly unitFor: (highest: number) => Unit;
}[] = [
  {
    heading: "Output, all answers together",
    of: (level) => rateOfServer(level.outputTokensPerSecond, level),
    unitFor: () => UNITS.tokensPerSecond,
  },
  { heading: "Time to first token, p95", of: ({ firstTokenMs }) => firstTokenMs?.p95, unitFor: timeUnit },
  { heading: "Time per output token, median", of: ({ tokenMs }) => tokenMs?.p50, unitFor: timeUnit },
];

/** A level of a sweep as it is compared. */
interface SweepLevel extends StreamedLevel, Pick<Window, "succeeded" | "latencyMs" | "converged"> {
  /** Batch size, concurrency or offered rate. */
  readonly level: number;
  /** Its rate; `null` if nothing succeeded. */
  readonly rate: Estimate | null;
}

/** A sweep with its name. */
interface Sweep {
  /** Its name. */
  readonly label: string;
  /** Of `COLORS`. */
  readonly color: string;
  /** What it was measured at besides its levels. */
  readonly condition: string;
  /** Ascending. */
  readonly levels: readonly SweepLevel[];
  /** The best level, or `null` if none qualifies. */
  readonly optimum: number | null;
  /** What speaks against that it is, in brackets, or nothing. */
  readonly doubt?: string;
}

/** What sweeps are drawn over. */
interface SweepAxes {
  /** Of the chart. */
  readonly title: string;
  /** What the optimum is: `Best batch`. */
  readonly optimumName: string;
  /** Label of the x axis. */
  readonly label: string;
  /** Quantity and unit of the upper y axis. */
  readonly yLabel: string;
  /** Of display. */
  readonly unit: Unit;
}

/** Throughput tests over each other. @param named At least one. */
export function compareThroughput(named: readonly Named<ThroughputResult>[]): ChartContent {
  const sweeps = named.map(({ label, color, result }) => ({
    label,
    color,
    condition: `${result.concurrency} outstanding`,
    levels: result.levels.map((level) => ({ ...level, level: level.batchSize, rate: atLeast(level, "predictions") })),
    optimum: result.optimalBatchSize,
    doubt: doubtOf(
      result.levels.find(({ batchSize }) => batchSize === result.optimalBatchSize),
      result.optimumRivals,
    ),
  }));
  return compareSweeps(sweeps, {
    title: "Throughput compared",
    optimumName: "Best batch",
    label: "batch size (items per request)",
    yLabel: "predictions/s",
    unit: UNITS.predictionsPerSecond,
  });
}

/** Scalability tests over each other. @param named At least one. */
export function compareScalability(named: readonly Named<ScalabilityResult>[]): ChartContent {
  const sweeps = named.map(({ label, color, result }) => ({
    label,
    color,
    condition: `batch size ${result.batchSize}`,
    levels: result.levels.map((level) => ({ ...level, level: level.concurrency, rate: atLeast(level, "requests") })),
    optimum: result.optimalConcurrency,
    doubt: doubtOf(
      result.levels.find(({ concurrency }) => concurrency === result.optimalConcurrency),
      result.optimumRivals,
    ),
  }));
  return compareSweeps(sweeps, {
    title: "Scalability compared",
    optimumName: "Best concurrency",
    label: "concurrency (requests outstanding)",
    yLabel: "requests/s",
    unit: UNITS.requestsPerSecond,
  });
}

/** Load tests over each other. @param named At least one. */
export function compareLoad(named: readonly Named<LoadResult>[]): ChartContent {
  const sweeps = named.map(({ label, color, result }) => ({
    label,
    color,
    condition: `${arrivalsInWords(result.arrivals)}, batch size ${result.batchSize}`,
    levels: result.levels.map((level) => ({
      ...level,
      level: askedRate(level),
      rate: atLeast(level, "requests"),
    })),
    optimum: result.sustainedPerSecond,
  }));
  return compareSweeps(sweeps, {
    title: "Load compared",
    optimumName: "Highest rate that the server kept up with, req/s",
    label: "offered (requests/s)",
    yLabel: "achieved, requests/s",
    unit: UNITS.requestsPerSecond,
  });
}

/**
 * Sweeps over each other: their rates, and below the 95th percentile of latency.
 *
 * @param sweeps At least one.
 * @param axes What they are drawn over.
 */
function compareSweeps(sweeps: readonly Sweep[], axes: SweepAxes): ChartContent {
  const seriesOf = (figureOf: (level: SweepLevel) => SweepPoint["estimate"]) =>
    sweeps.map(({ label, color, levels }) => ({
      text: label,
      color,
      points: sweepPoints(
        levels,
        ({ level }) => level,
        figureOf,
        (level) => levelTitle(`${label}, ${formatNumber(level.level, UNITS.none)}`, level, level.rate, axes.unit),
      ),
    }));
  const rates = seriesOf(({ rate }) => rate);
  const tails = seriesOf(({ latencyMs }) => latencyMs?.p95 ?? null);
  const latencyUnit = timeUnit(highestOf(tails.flatMap(({ points }) => points)));
  return {
    title: axes.title,
    subtitle: `${axes.optimumName}: ${sweeps.map(optimumInWords).join(", ")}.`,
    legend: sweepLegend(rates.flatMap(({ points }) => points), COLORS.muted, COLORS.muted),
    rows: [
      [overlayPanel(rates, { heading: "Throughput", yLabel: axes.yLabel, height: 250 }, axes.label, axes.unit)],
      [overlayPanel(
        tails,
        { heading: "Latency, p95", yLabel: unitName(latencyUnit), height: 200 },
        axes.label,
        latencyUnit,
      )],
      ...STREAMED.flatMap(({ heading, of, unitFor }) => {
        const series = seriesOf((level) => of(level) ?? null);
        const highest = highestOf(series.flatMap(({ points }) => points));
        if (highest === 0) return [];
        const unit = unitFor(highest);
        return [[overlayPanel(measured(series), { heading, yLabel: unitName(unit), height: 200 }, axes.label, unit)]];
      }),
    ],
    notes: [
      sweeps.map(({ label, condition, levels }) => `${label}: ${condition}, ${leastRequests(levels)}`).join("; ") + ".",
      ...openEndsNote(
        [...rates.map(withoutBounds), ...tails].flatMap(({ points }) => points.map(({ estimate }) => estimate)),
      ),
    ],
  };
}

/** Without the levels that do not have the figure: nothing failed there. */
const measured = (series: readonly NamedSeries[]): NamedSeries[] =>
  series.map((one) => ({ ...one, points: one.points.filter(({ estimate }) => estimate !== null) }));

/** A rate that the client limited has an open end for that reason, and not as n is small; the legend says so. */
const withoutBounds = ({ points }: NamedSeries): Pick<NamedSeries, "points"> => ({
  points: points.filter(({ clientLimited }) => !clientLimited),
});

function optimumInWords({ label, optimum, doubt = "" }: Sweep): string {
  return `${label} ${optimum === null ? "none" : formatNumber(optimum, UNITS.none) + doubt}`;
}

/** That an optimum is none for sure: as the client was the limit, or as others may be better. */
function doubtOf(optimum: Pick<Window, "clientLimited"> | undefined, rivals: readonly number[] = []): string {
  return optimum?.clientLimited ? " (the best seen)" : rivals.length > 0 ? " (a guess)" : "";
}

/** How little any level rests on. */
function leastRequests(levels: Sweep["levels"]): string {
  const counts = levels.map(({ succeeded }) => succeeded).filter((succeeded) => succeeded > 0);
  return counts.length === 0 ? "no request succeeded" : `n = ${formatNumber(Math.min(...counts), UNITS.none)} or more`;
}

function overlayPanel(
  series: readonly NamedSeries[],
  panel: Omit<Panel, "content">,
  label: string,
  unit: Unit,
): Panel {
  const points = series.flatMap((one) => one.points);
  const content = (width: number): PlotOptions => {
    const room = Math.min(width / 3.2, Math.max(...series.map(({ text }) => 1.06 * textWidth(text, FONT_SIZE))));
    const sides = { marginLeft: MARGINS.marginLeft, marginRight: Math.ceil(room) + 14 };
    const axis = levelAxis(points.map(({ level }) => level), label, width, sides);
    const y = zeroBased(highestOf(points) / unit.divisor);
    const names = series.map((one) => ({ ...one, text: fitted(one.text, room, FONT_SIZE) }));
    return {
      ...plotBase(width),
      ...sides,
      x: axis.scale,
      y,
      marks: [
        Plot.ruleY([0]),
        ...series.flatMap((one) => sweepMarks(one.points, one.color, unit, one.color)),
        ...endLabels(names, { unit, top: y.domain, height: panel.height }),
      ],
    };
  };
  return { ...panel, content: points.length === 0 ? "Nothing was measured" : content };
}
