import { KINDS, RESULT_KINDS } from "../results/kinds.ts";
import { holdsGpuMemory } from "../results/kinds/gpu_memory.ts";
import type { Kind } from "../results/kinds/kind.ts";
import type { Measurements } from "../results/report.ts";
import type { ResultBase } from "../results/result_base.ts";
import type { BasicResult, MemoryResult, ResultByKind, ResultKind, TestResults, Window } from "../results/result.ts";
import { abSummary, changePanel } from "./ab.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { askedRate } from "../results/window/asked_rate.ts";
import { coldStartLegend, coldStartPanel, coldStartSummary } from "./cold_start.ts";
import { latencySummary } from "./latency.ts";
import { latencyCurve } from "./panels/latency_curve.ts";
import { latencyLevelsPanel } from "./panels/latency_levels.ts";
import { memoryPanel, memorySummary } from "./memory.ts";
import { COLORS } from "./kit/palette.ts";
import { levelsLegend, ratePanel } from "./levels.ts";
import { loadLegend, loadPanel, loadSummary } from "./load.ts";
import {
  operatingPointsFailures,
  operatingPointsLegend,
  operatingPointsPanel,
  operatingPointsSummary,
} from "./operating_points.ts";
import { quantilePanel } from "./panels/quantile_panel.ts";
import { firstTokenPanel, promptsSummary } from "./streams/prompts.ts";
import { scalabilityLegend, scalabilityPanel, scalabilityPoints, scalabilitySummary } from "./scalability.ts";
import { serverStartPanels } from "./server_starts.ts";
import { firstTokenPanels } from "./streams/answers.ts";
import { isStreamed, tokenPanels } from "./streams/tokens.ts";
import { sweepLegend } from "./sweep.ts";
import { windowLevels } from "./window_levels.ts";
import { throughputLegend, throughputPanel, throughputPoints, throughputSummary } from "./throughput.ts";
import { cutInWords } from "../words/cut_in_words.ts";
import { targetNotes } from "../words/target_notes.ts";

/** Height of an overview's plots, px. */
const HEIGHT = 190;

/**
 * One comprehensive run on one sheet: every test that was run in one small plot, with what each found.
 *
 * @param measurements Of a comprehensive run, or a report, which holds them; tests that were not run are left out.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotOverview(measurements: Measurements, options: ChartOptions = {}): Chart {
  const { tests, target, environment, startedAt, partial, warnings } = measurements;
  const points = tests["operating-points"]?.points ?? [];
  const parts = SHEET_ORDER.flatMap((kind) => partOf(kind, tests));
  const panels = parts.flatMap((part) => part.panels);
  const rows = Array.from({ length: Math.ceil(panels.length / 2) }, (_, k) => panels.slice(2 * k, 2 * k + 2));
  const empty: Panel = { heading: "Tests", yLabel: "", height: 110, content: "No test was run" };
  return new Chart({
    title: `${target.model}: overview`,
    subtitle: points.length > 0 ? operatingPointsSummary(points) : "",
    legend: distinct(parts.flatMap(({ legend }) => legend)),
    rows: rows.length === 0 ? [[empty]] : rows,
    notes: [
      ...parts.map(({ summary }) => summary).filter((summary) => summary !== ""),
      `${target.protocol} at ${target.url}${
        target.embedded ? " (embedded server: its predictions mean nothing)" : ""
      }, ` +
      `${startedAt.slice(0, 16).replace("T", " ")} UTC; client: ${environment.os}, ${environment.cores} cores.`,
      ...targetNotes(target),
      ...(points.every(({ converged }) => converged) ? [] : ["Pale bars: rough, as a candidate gets little time."]),
      ...(partial === null ? [] : [`Partial: ${cutInWords(partial)}.`]),
      ...warnings,
    ],
  }, options);
}

function distinct(entries: readonly LegendEntry[]): LegendEntry[] {
  return entries.filter(({ label }, k) => entries.findIndex((other) => other.label === label) === k);
}

/** What one test adds to the sheet. */
export interface Part {
  readonly panels: readonly Panel[];
  readonly legend: readonly LegendEntry[];
  /** What it found, in a sentence. */
  readonly summary: string;
}

/** The part of each kind of result, in the order of the sheet; any other stands there by its windows, last. */
const PARTS: { readonly [K in ResultKind]?: (result: ResultByKind[K]) => Part } = {
  latency: (latency) => ({
    panels: [...serverStartPanels(latency), { ...coldStartPanel(latency), heading: "Cold start" }],
    legend: coldStartLegend(latency),
    summary: coldStartSummary(latency),
  }),
  basic: (basic) => ({
    panels: [...firstTokenPanels(basic, HEIGHT), basicPanel(basic)],
    legend: [],
    summary: latencySummary(basic),
  }),
  throughput: (throughput) => ({
    panels: [
      { ...throughputPanel(throughput, HEIGHT), heading: "By batch size" },
      ...latencyPanels(throughput.levels, ({ batchSize }) => batchSize, "batch size"),
    ],
    legend: [...sweepLegend(throughputPoints(throughput), COLORS.blue), ...throughputLegend(throughput)],
    summary: throughputSummary(throughput),
  }),
  scalability: (scalability) => ({
    panels: [
      { ...scalabilityPanel(scalability, HEIGHT), heading: "By concurrency" },
      ...(isStreamed(scalability)
        ? tokenPanels(scalability, HEIGHT)
        : latencyPanels(scalability.levels, ({ concurrency }) => concurrency, "concurrency")),
    ],
    legend: [...sweepLegend(scalabilityPoints(scalability), COLORS.blue), ...scalabilityLegend(scalability)],
    summary: scalabilitySummary(scalability),
  }),
  prompts: (prompts) => ({
    panels: [{ ...firstTokenPanel(prompts, HEIGHT), heading: "By length of prompt" }],
    legend: [],
    summary: promptsSummary(prompts),
  }),
  load: (load) => ({
    panels: [
      { ...loadPanel(load, HEIGHT), heading: "By arrival rate" },
      ...(isStreamed(load) ? tokenPanels(load, HEIGHT) : latencyPanels(load.levels, askedRate, "arrival rate")),
    ],
    legend: loadLegend(load),
    summary: loadSummary(load),
  }),
  memory: (memory) => ({ panels: [ownMemoryPanel(memory)], legend: [], summary: memorySummary(memory) }),
  "operating-points": ({ points }) => ({
    panels: points.length === 0 ? [] : [operatingPointsPanel(points)],
    legend: points.length === 0 ? [] : operatingPointsLegend(points),
    summary: operatingPointsFailures(points).join(" "),
  }),
  ab: (ab) => ({ panels: [changePanel(ab, "throughput")], legend: [], summary: abSummary(ab) }),
};

/** A cold start comes before what is warm. */
const SHEET_ORDER = [...new Set([...Object.keys(PARTS) as ResultKind[], ...RESULT_KINDS])];

function partOf<K extends ResultKind>(kind: K, results: TestResults): Part[] {
  const result = results[kind];
  return result === undefined ? [] : [PARTS[kind]?.(result) ?? windowsPart(KINDS[kind], result)];
}

/**
 * The part of a result whose kind has none of its own: the rate of each of its windows.
 *
 * @param spec What is known of its kind.
 * @param result What was measured.
 */
export function windowsPart<R extends ResultBase>(spec: Kind<R>, result: R): Part {
  const levels = windowLevels(spec, result);
  return levels.length === 0
    ? { panels: [], legend: [], summary: `${spec.title}: nothing was measured.` }
    : { panels: [ratePanel(levels, undefined, spec.title)], legend: levelsLegend(levels), summary: "" };
}

function basicPanel(basic: BasicResult): Panel {
  const curve = latencyCurve(basic);
  return basic.latencyMs === null || curve === null
    ? { heading: "Latency by percentile", yLabel: "", height: HEIGHT, content: "No request succeeded" }
    : quantilePanel([{ label: "", curve, latencyMs: basic.latencyMs, color: COLORS.blue }], HEIGHT);
}

function latencyPanels<L extends Pick<Window, "succeeded" | "latencyMs" | "converged" | "clientLimited" | "lost">>(
  levels: readonly L[],
  levelOf: (level: L) => number,
  name: string,
): Panel[] {
  return levels.length === 0
    ? []
    : [{ ...latencyLevelsPanel(levels, levelOf, name, { height: HEIGHT }), heading: `Latency by ${name}` }];
}

/** Memory of the GPU where there is one, else of the host. */
function ownMemoryPanel(memory: MemoryResult): Panel {
  if (memory.timeline.length > 0) {
    return memoryPanel(memory, holdsGpuMemory(memory) ? "gpuBytes" : "cpuBytes", HEIGHT + 40);
  }
  const content = memory.absences["scope"] ?? "The server's memory was not observed";
  return { heading: "Host memory", yLabel: "", height: HEIGHT, content };
}
