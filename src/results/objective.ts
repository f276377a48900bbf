import type { Estimate } from "../core/estimate.ts";

/** What the limit of an objective is measured in; shares are 0 to 1. */
export type ObjectiveUnit = "ms" | "share" | "percent" | "requests/s" | "predictions/s" | "bytes" | "bytes/request";

/** How a unit may be written, and what one of it is in {@linkcode ObjectiveUnit}. */
export interface WrittenUnit {
  /** As it is written, in any case. */
  readonly written: string;
  /** What it is a multiple or a part of. */
  readonly unit: ObjectiveUnit;
  /** How many of `unit` one of it is. */
  readonly times: number;
}

const TIME: MetricSpec["units"] = [
  { written: "ms", unit: "ms", times: 1 },
  { written: "us", unit: "ms", times: 0.001 },
  { written: "s", unit: "ms", times: 1000 },
];
const RATE: MetricSpec["units"] = [
  { written: "/s", unit: "requests/s", times: 1 },
  { written: "req/s", unit: "requests/s", times: 1 },
  { written: "pred/s", unit: "predictions/s", times: 1 },
];
const SHARE: MetricSpec["units"] = [{ written: "%", unit: "share", times: 0.01 }];
const PERCENT: MetricSpec["units"] = [{ written: "%", unit: "percent", times: 1 }];
const MEMORY: MetricSpec["units"] = [
  { written: "KB", unit: "bytes", times: 2 ** 10 },
  { written: "MB", unit: "bytes", times: 2 ** 20 },
  { written: "GB", unit: "bytes", times: 2 ** 30 },
];
const GROWTH: MetricSpec["units"] = [
  { written: "B/request", unit: "bytes/request", times: 1 },
  { written: "KB/request", unit: "bytes/request", times: 2 ** 10 },
];

/** What is known of a metric. */
export interface MetricSpec {
  /** Whether less or more of it is better. */
  readonly better: "less" | "more";
  /** How its limit may be written; the first is the usual one. */
  readonly units: readonly [WrittenUnit, ...WrittenUnit[]];
  /** What it is, for people. */
  readonly meaning: string;
}

/** What an objective can be about. */
export type ObjectiveMetric =
  | "mean"
  | "p50"
  | "p90"
  | "p95"
  | "p99"
  | "max"
  | "ttfb-mean"
  | "ttfb-p50"
  | "ttfb-p90"
  | "ttfb-p95"
  | "ttfb-p99"
  | "errors"
  | "throughput"
  | "peak"
  | "cold"
  | "warm"
  | "overhead"
  | "footprint"
  | "growth";

const METRICS: Readonly<Record<ObjectiveMetric, MetricSpec>> = {
  mean: { better: "less", units: TIME, meaning: "mean latency" },
  p50: { better: "less", units: TIME, meaning: "median of the latency" },
  p90: { better: "less", units: TIME, meaning: "90th percentile of the latency" },
  p95: { better: "less", units: TIME, meaning: "95th percentile of the latency" },
  p99: { better: "less", units: TIME, meaning: "99th percentile of the latency" },
  max: { better: "less", units: TIME, meaning: "longest latency that was seen" },
  "ttfb-mean": { better: "less", units: TIME, meaning: "mean time to the first byte" },
  "ttfb-p50": { better: "less", units: TIME, meaning: "median of the time to the first byte" },
  "ttfb-p90": { better: "less", units: TIME, meaning: "90th percentile of the time to the first byte" },
  "ttfb-p95": { better: "less", units: TIME, meaning: "95th percentile of the time to the first byte" },
  "ttfb-p99": { better: "less", units: TIME, meaning: "99th percentile of the time to the first byte" },
  errors: { better: "less", units: SHARE, meaning: "failed share of the requests" },
  throughput: { better: "more", units: RATE, meaning: "successful requests or predictions per second" },
  peak: { better: "more", units: RATE, meaning: "the same at the best level of a sweep" },
  cold: { better: "less", units: TIME, meaning: "mean of a cold start: load and first inference" },
  warm: { better: "less", units: TIME, meaning: "mean latency of the loaded model, one request at a time" },
  overhead: { better: "less", units: [...TIME, ...PERCENT], meaning: "cold less warm" },
  footprint: { better: "less", units: MEMORY, meaning: "memory that the loaded model takes" },
  growth: { better: "less", units: GROWTH, meaning: "memory that each request leaves behind" },
};

/** Every metric of an objective, in the order in which people are shown them. */
export const OBJECTIVE_METRICS: readonly ObjectiveMetric[] = Object.keys(METRICS) as ObjectiveMetric[];

/** A limit on one figure: `p99<100ms`. */
export interface Objective {
  /** The figure. */
  readonly metric: ObjectiveMetric;
  /** On which side of the limit it must be. */
  readonly operator: "<" | "<=" | ">" | ">=";
  /** The limit, in `unit`. */
  readonly limit: number;
  /** Unit of the limit. */
  readonly unit: ObjectiveUnit;
  /** As it was written, without blanks. */
  readonly text: string;
}

/** Whether a figure keeps its limit, as far as its interval tells. */
export type LimitVerdict = "met" | "missed" | "cannot tell";

/** An objective with what was measured of it. */
export interface ObjectiveOutcome {
  /** The objective. */
  readonly objective: Objective;
  /** Whether it was met. */
  readonly verdict: LimitVerdict;
  /** The figure in the objective's unit; `null` where it was not measured. */
  readonly measured: Estimate | null;
}

/**
 * What is known of a metric.
 *
 * @param metric Which.
 */
export function metricSpec(metric: ObjectiveMetric): MetricSpec {
  return METRICS[metric];
}

/**
 * How the limit of a metric may be written: `us, ms, s`.
 *
 * @param metric Which.
 */
export function unitsOf(metric: ObjectiveMetric): string {
  return METRICS[metric].units.map(({ written }) => written).join(", ");
}

/**
 * Every metric with what it is and its units, for help.
 *
 * @returns Pairs such as `p99` and `99th percentile of the latency (ms, us, s)`.
 */
export function objectiveHelp(): readonly (readonly [metric: string, meaning: string])[] {
  return OBJECTIVE_METRICS.map((name) => [name, `${METRICS[name].meaning} (${unitsOf(name)})`]);
}
