import type { PairedResult } from "../results/ab.ts";
import type { OperatingPoint, TestResults } from "../results/result.ts";
import { plotAb } from "./ab.ts";
import { plotColdStart } from "./cold_start.ts";
import type { Chart, ChartOptions } from "./kit/chart.ts";
import { plotLatency, plotServerTime } from "./latency.ts";
import { plotLoad } from "./load.ts";
import { plotMemory } from "./memory.ts";
import { plotOperatingPoints } from "./operating_points.ts";
import { plotScalability } from "./scalability.ts";
import { plotThroughput } from "./throughput.ts";

/** What charts are made of, by kind of result. */
export interface ChartedResults extends Required<Omit<TestResults, "operatingPoints">> {
  /** Points measured to confirm the joint recommendation, best first. */
  readonly "operating-points": readonly OperatingPoint[];
  /** Two servers, measured alternately. */
  readonly ab: PairedResult;
}

/** The charts of each kind of result: a kind without one of its own takes `plotLevels`. */
const CHARTS: {
  readonly [Kind in keyof ChartedResults]: (result: ChartedResults[Kind], options: ChartOptions) => readonly Chart[];
} = {
  basic: (result, options) => [
    plotLatency(result, options),
    ...(result.serverMs || result.server ? [plotServerTime(result, options)] : []),
  ],
  latency: (result, options) => [plotColdStart(result, options)],
  throughput: (result, options) => [plotThroughput(result, options)],
  scalability: (result, options) => [plotScalability(result, options)],
  memory: (result, options) => [plotMemory(result, options)],
  load: (result, options) => [plotLoad(result, options)],
  "operating-points": (points, options) => [plotOperatingPoints(points, options)],
  ab: (result, options) => [plotAb(result, options)],
};

/**
 * The charts of one result.
 *
 * @param kind Of the result.
 * @param result What was measured.
 * @param options Of every chart.
 * @returns At least one.
 */
export function chartsOf<Kind extends keyof ChartedResults>(
  kind: Kind,
  result: ChartedResults[Kind],
  options: ChartOptions = {},
): readonly Chart[] {
  return CHARTS[kind](result, options);
}
