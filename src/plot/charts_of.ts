import { KINDS, type ResultByKind, type ResultKind } from "../results/kinds.ts";
import type { Kind } from "../results/kinds/kind.ts";
import type { ResultBase } from "../results/result_base.ts";
import { plotAb } from "./ab.ts";
import { plotColdStart } from "./cold_start.ts";
import { gpuCharts } from "./gpu.ts";
import type { Chart, ChartOptions } from "./kit/chart.ts";
import { validityNotes } from "./kit/notes.ts";
import { plotLatency } from "./latency.ts";
import { plotServerTime } from "./server_time.ts";
import { plotLevels } from "./levels.ts";
import { plotLoad } from "./load.ts";
import { plotMemory } from "./memory.ts";
import { plotOperatingPoints } from "./operating_points.ts";
import { overTimeCharts } from "./over_time.ts";
import { plotPrompts } from "./streams/prompts.ts";
import { plotScalability } from "./scalability.ts";
import { plotAnswers } from "./streams/answers.ts";
import { isStreamed, plotTokens } from "./streams/tokens.ts";
import { plotTrials } from "./streams/trials.ts";
import { plotThroughput } from "./throughput.ts";
import { windowLevels } from "./window_levels.ts";

type Drawing<K extends ResultKind> = (result: ResultByKind[K], options: ChartOptions) => readonly Chart[];

/** The charts of each kind of result that has some of its own; any other is drawn by its windows. */
const CHARTS: { readonly [K in ResultKind]?: Drawing<K> } = {
  "basic": (result, options) => [
    ...(result.firstTokenMs ? [plotAnswers(result, options)] : []),
    plotLatency(result, options),
    ...(result.serverMs || result.sendingMs || result.server ? [plotServerTime(result, options)] : []),
  ],
  "latency": (result, options) => [plotColdStart(result, options)],
  "throughput": (result, options) => [plotThroughput(result, options)],
  "scalability": (result, options) => [plotScalability(result, options), ...tokenCharts(result, options)],
  "prompts": (result, options) => [plotPrompts(result, options)],
  "memory": (result, options) => [plotMemory(result, options)],
  "load": (result, options) => [
    plotLoad(result, options),
    ...tokenCharts(result, options),
    ...(isStreamed(result) && result.capacity !== null ? [plotTrials(result, options)] : []),
  ],
  "operating-points": (result, options) => [plotOperatingPoints(result, options)],
  "ab": (result, options) => [plotAb(result, options)],
};

function tokenCharts(result: ResultByKind["scalability" | "load"], options: ChartOptions): Chart[] {
  return isStreamed(result) ? [plotTokens(result, options)] : [];
}

/**
 * The charts of one result.
 *
 * @param kind Of the result.
 * @param result What was measured.
 * @param options Of every chart.
 * @returns At least one.
 */
export function chartsOf<K extends ResultKind>(
  kind: K,
  result: ResultByKind[K],
  options: ChartOptions = {},
): readonly Chart[] {
  const own = CHARTS[kind] as Drawing<K> | undefined;
  const charts = own?.(result, options) ?? [plotWindows(KINDS[kind], result, options)];
  return [...charts, ...overTimeCharts(kind, result, options), ...gpuCharts(kind, result, options)];
}

/**
 * The windows of any result: rate and 95th percentile of latency of each.
 *
 * @param spec What is known of its kind.
 * @param result What was measured.
 * @param options Of the chart.
 */
export function plotWindows<R extends ResultBase>(spec: Kind<R>, result: R, options: ChartOptions = {}): Chart {
  return plotLevels(windowLevels(spec, result), {
    title: spec.title,
    subtitle: spec.question,
    notes: validityNotes(result),
  }, options);
}
