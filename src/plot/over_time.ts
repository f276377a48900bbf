import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import { countedBy } from "../results/kinds/counted_by.ts";
import { KINDS, type ResultKind, type TestResult } from "../results/kinds.ts";
import type { Kind, LevelWindow } from "../results/kinds/kind.ts";
import type { WindowVisit } from "../results/window/window.ts";
import { formatNumber, formatTime, shortNumber, timeUnit, type Unit, unitName, UNITS } from "../words/quantity.ts";
import { linearAxis, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { type LaneLabel, laneLabels } from "./kit/lane_labels.ts";
import { counted } from "./kit/notes.ts";
import { COLORS } from "./kit/palette.ts";

/** What happened in one slice of a visit. */
interface Moment {
  /** Number of its visit. */
  readonly visit: number;
  /** Ends of the slice, ms since the first visit began. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly rate: number;
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly title: string;
}

/** A visit as it is drawn. */
interface ShownVisit {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly moments: readonly Moment[];
}

/**
 * What happened while a test measured: rate, latency and failures over its time, each of its visits by itself.
 *
 * @param kind Of the result.
 * @param result What was measured.
 * @param options Of the chart, and of Observable Plot for its first panel.
 * @returns None where nothing was kept of that, as by versions that did not.
 */
export function overTimeCharts(kind: ResultKind, result: TestResult, options: ChartOptions = {}): Chart[] {
  const spec = KINDS[kind] as Kind<TestResult>;
  const axis = spec.axis?.label ?? "";
  const unit = countedBy(spec) === "predictions" ? UNITS.predictionsPerSecond : UNITS.requestsPerSecond;
  const all = spec.windows(result).flatMap((level) => (level.window.visits ?? []).map((visit) => ({ level, visit })))
    .filter(({ visit: { slices } }) => slices !== undefined && slices.endsMs.length > 0);
  // Another test that needed the same load has a chart of its own.
  const own = all.filter(({ visit: { by } }) => by === kind);
  const told = (own.length > 0 ? own : all).toSorted((a, b) => a.visit.slices!.startMs - b.visit.slices!.startMs);
  const beganMs = told[0]?.visit.slices?.startMs ?? 0;
  const visits = told.map(({ level, visit }, k) => shownVisit(level, visit, { k, beganMs, axis, unit }));
  const isShared = told.length < all.length;
  return visits.length === 0 ? [] : [plotOverTime({ visits, axis, unit, isShared }, options)];
}

/** What a chart shows. */
interface Drawn {
  readonly visits: readonly ShownVisit[];
  /** What the visits differ in; empty for nothing. */
  readonly axis: string;
  /** Of the rate. */
  readonly unit: Unit;
  /** Whether other tests visited some of the loads too. */
  readonly isShared: boolean;
}

/** Where a visit stands. */
interface Place {
  readonly k: number;
  readonly beganMs: number;
  readonly axis: string;
  readonly unit: Unit;
}

function shownVisit(
  { level, window: { load } }: LevelWindow,
  { slices }: WindowVisit,
  { k, beganMs, axis, unit }: Place,
): ShownVisit {
  const { startMs, endsMs, succeeded, failed, p50Ms, p95Ms, maxMs } = slices!;
  const items = unit === UNITS.predictionsPerSecond ? load.batchSize : 1;
  const name = level === null ? "" : typeof level === "number" ? formatNumber(level, UNITS.none) : level;
  const moments = endsMs.map((endMs, i): Moment => {
    const fromMs = (endsMs[i - 1] ?? startMs) - beganMs, toMs = endMs - beganMs;
    const rate = 1000 * items * succeeded[i]! / Math.max(1e-3, toMs - fromMs);
    const times = p50Ms[i] === null
      ? ""
      : `, p50 ${formatTime(p50Ms[i]!)}, p95 ${formatTime(p95Ms[i]!)}, longest ${formatTime(maxMs[i]!)}`;
    return {
      visit: k,
      fromMs,
      toMs,
      rate,
      failed: failed[i]!,
      p50Ms: p50Ms[i]!,
      p95Ms: p95Ms[i]!,
      title: `${name === "" ? "" : `${axis} ${name}, `}${formatTime(fromMs)} to ${formatTime(toMs)}: ` +
        `${formatNumber(rate, unit)}${times}${
          failed[i] === 0 ? "" : `, ${formatNumber(failed[i]!, UNITS.none)} failed`
        }`,
    };
  });
  return { name, fromMs: startMs - beganMs, toMs: endsMs.at(-1)! - beganMs, moments };
}

const LEGEND: readonly LegendEntry[] = [
  { sign: "line", color: COLORS.green, label: "median latency" },
  { sign: "line", color: COLORS.purple, label: "p95 latency" },
];

function plotOverTime({ visits, axis, unit, isShared }: Drawn, options: ChartOptions): Chart {
  const moments = visits.flatMap((visit) => visit.moments);
  const failed = moments.reduce((sum, moment) => sum + moment.failed, 0);
  const p50s = moments.flatMap(({ p50Ms }) => p50Ms ?? []), p95s = moments.flatMap(({ p95Ms }) => p95Ms ?? []);
  const time = timeUnit(Math.max(0, ...p50s));
  const rate = panelOf(visits, {
    heading: "Rate",
    yLabel: unitName(unit),
    height: 190,
    axis,
    highest: Math.max(0, ...moments.map((moment) => moment.rate)),
    marks: [stepMark(visits, (moment) => moment.rate, COLORS.blue), slicesMark(visits)],
  });
  const latency = panelOf(visits, {
    heading: "Latency",
    yLabel: unitName(time),
    height: 190,
    axis: "",
    highest: Math.max(0, ...p95s) / time.divisor,
    marks: [
      stepMark(visits, ({ p95Ms }) => p95Ms === null ? null : p95Ms / time.divisor, COLORS.purple),
      stepMark(visits, ({ p50Ms }) => p50Ms === null ? null : p50Ms / time.divisor, COLORS.green),
      slicesMark(visits),
    ],
  });
  const failures = panelOf(visits, {
    heading: "Failed requests",
    yLabel: "in each slice",
    height: 150,
    axis: "",
    highest: Math.max(1, ...moments.map((moment) => moment.failed)),
    marks: failureMarks(moments),
  });
  return new Chart({
    title: "Over time",
    subtitle: "",
    legend: p50s.length === 0 ? [] : LEGEND,
    rows: [
      [rate],
      [p50s.length === 0 ? { ...latency, height: 60, content: "No request succeeded" } : latency],
      [failed === 0 ? { ...failures, yLabel: "", height: 40, content: "No request failed" } : failures],
    ],
    notes: [
      `${visits.length === 1 ? "One measured window" : `${counted(visits.length, "measured window")}`}, ` +
      "warm-ups left out. Each step is a slice of time; its latencies are known within 0.4%.",
      ...(isShared ? ["Where other tests visited the same loads, it stands in their charts."] : []),
    ],
  }, options);
}

/** What one panel shows. */
interface Shown {
  readonly heading: string;
  readonly yLabel: string;
  readonly height: number;
  /** What the visits differ in; they are named where it is not empty. */
  readonly axis: string;
  readonly highest: number;
  readonly marks: readonly Markish[];
}

function panelOf(visits: readonly ShownVisit[], { heading, yLabel, height, axis, highest, marks }: Shown): Panel {
  const lastMs = Math.max(...visits.map(({ toMs }) => toMs));
  const time = timeUnit(lastMs);
  const content = (width: number): PlotOptions => {
    const { scale, toPixels } = linearAxis([0, lastMs], `time since the first window began (${unitName(time)})`, width);
    const lanes = laneLabels(axis === "" ? [] : namesOf(visits), toPixels, width);
    return {
      ...plotBase(width),
      marginTop: lanes.marginTop,
      x: { ...scale, tickFormat: (atMs: number) => shortNumber(atMs / time.divisor) },
      y: zeroBased(highest),
      marks: [shade(visits), Plot.ruleY([0]), ...marks, ...lanes.marks],
    };
  };
  return { heading: axis === "" ? heading : `${heading}, by ${axis}`, yLabel, height, content };
}

/** More names than this stand in each other's way. */
const MOST_NAMES = 24;

function namesOf(visits: readonly ShownVisit[]): LaneLabel[] {
  if (visits.length > MOST_NAMES) return [];
  return visits.map(({ name, fromMs, toMs }) => ({ at: [fromMs, toMs] as const, text: name, line: null }));
}

function shade(visits: readonly ShownVisit[]): Markish {
  const spans = visits.length < 2 ? [] : visits.map(({ fromMs, toMs, name }) => ({ fromMs, toMs, name }));
  return Plot.rectX(spans, { x1: "fromMs", x2: "toMs", fill: COLORS.shade, title: ({ name }) => name || "measured" });
}

/** A figure of each slice as a step; visits stand apart, and so do slices without it. */
function stepMark(visits: readonly ShownVisit[], of: (moment: Moment) => number | null, color: string): Markish {
  const corners = visits.flatMap((visit) => visit.moments).flatMap((moment) => {
    const { visit, fromMs, toMs } = moment, value = of(moment) ?? NaN;
    return [{ visit, atMs: fromMs, value }, { visit, atMs: toMs, value }];
  });
  return Plot.line(corners, {
    x: "atMs",
    y: "value",
    z: "visit",
    stroke: color,
    strokeWidth: 2,
    title: ({ visit }: { visit: number }) => visits[visit]!.name,
  });
}

/** What is pointed at, for a step is thin: the whole height of each slice. */
function slicesMark(visits: readonly ShownVisit[]): Markish {
  const moments = visits.flatMap((visit) => visit.moments);
  return Plot.rectX(moments, { x1: "fromMs", x2: "toMs", fill: "transparent", title: "title" });
}

function failureMarks(moments: readonly Moment[]): Markish[] {
  return [
    Plot.rectY(moments.filter(({ failed }) => failed > 0), {
      x1: "fromMs",
      x2: "toMs",
      y: "failed",
      fill: COLORS.vermillion,
      title: "title",
    }),
  ];
}
