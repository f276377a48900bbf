import type { Estimate } from "../core/estimate.ts";
import { timeUnit, type Unit, UNITS } from "../words/quantity.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { atLeastText } from "./kit/at_least_text.ts";
import { COLORS } from "./kit/palette.ts";
import { type Bar, barsPanel } from "./panels/bars_panel.ts";

/** A measured load with what it showed. */
export interface ChartedLevel {
  /** Unique among the levels: `concurrency 4`. */
  readonly label: string;
  /** Requests or predictions per second; `null` if nothing succeeded. */
  readonly rate: Estimate | null;
  /** 95th percentile of the latency, ms; `null` if nothing succeeded. */
  readonly p95Ms: Estimate | null;
  /** Whether its intervals reached the wanted precision. */
  readonly converged: boolean;
  /** Whether the client set its rate, which is then "at least". @default {false} */
  readonly clientLimited?: boolean;
  /** Whether it is the answer: it gets a star. @default {false} */
  readonly isBest?: boolean;
  /** All that is to be known of it, for who points at it. @default {its label and figure} */
  readonly title?: string;
}

/** What is said of the levels. */
export interface LevelsText {
  /** Of the chart. */
  readonly title: string;
  /** What was found, in a sentence; may be empty. */
  readonly subtitle?: string;
  /** Unit of the rates. @default {requests per second} */
  readonly rateUnit?: Unit;
  /** Sentences below. */
  readonly notes?: readonly string[];
}

/**
 * The rate and the 95th percentile of latency of any measured loads, as bars with their intervals: the chart of a test that
 * has none of its own.
 *
 * @param levels In the order in which they are shown.
 * @param text What is said of them.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotLevels(levels: readonly ChartedLevel[], text: LevelsText, options: ChartOptions = {}): Chart {
  const { title, subtitle = "", notes = [] } = text;
  const empty: Panel = { heading: "Loads", yLabel: "", height: 110, content: "Nothing was measured" };
  return new Chart({
    title,
    subtitle,
    legend: levelsLegend(levels),
    rows: levels.length === 0 ? [[empty]] : [[ratePanel(levels, text.rateUnit)], [tailPanel(levels)]],
    notes: [
      ...(levels.every(({ converged }) => converged) ? [] : ["Pale bars: rough, their intervals are wide."]),
      ...notes,
    ],
  }, options);
}

/** What marks the best, where there is one. @param levels As shown. */
export function levelsLegend(levels: readonly ChartedLevel[]): LegendEntry[] {
  return levels.some(({ isBest }) => isBest) ? [{ sign: "star", color: COLORS.gold, label: "best" }] : [];
}

/**
 * The rates of measured loads as bars.
 *
 * @param levels At least one.
 * @param unit Of the rates.
 * @param heading Of the panel.
 */
export function ratePanel(
  levels: readonly ChartedLevel[],
  unit: Unit = UNITS.requestsPerSecond,
  heading = "Throughput",
): Panel {
  const bars = barsOf(levels, ({ rate }) => rate, COLORS.blue).map((bar, k): Bar =>
    levels[k]!.clientLimited && bar.estimate !== null
      ? { ...bar, estimate: { ...bar.estimate, high: null }, text: atLeastText(bar.estimate.value, unit) }
      : bar
  );
  return barsPanel(bars, heading, { label: "rate", unitFor: () => unit });
}

function tailPanel(levels: readonly ChartedLevel[]): Panel {
  const bars = barsOf(levels, ({ p95Ms }) => p95Ms, COLORS.purple);
  return barsPanel(bars, "Latency, p95", { label: "latency", unitFor: timeUnit });
}

function barsOf(
  levels: readonly ChartedLevel[],
  figureOf: (level: ChartedLevel) => Estimate | null,
  color: string,
): Bar[] {
  return levels.map((level) => ({
    label: level.label,
    color,
    estimate: figureOf(level),
    converged: level.converged,
    isBest: level.isBest ?? false,
    ...(level.title === undefined ? {} : { title: level.title }),
  }));
}
