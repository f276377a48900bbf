import { FIGURES, type ResultFigure } from "../results/figures.ts";
import type { ResultKind } from "../results/kinds.ts";
import { type WrittenUnit, writtenUnits } from "../results/units.ts";
import { REQUEST_METRICS, type RequestMetric } from "../results/window/request_metrics.ts";
import { WINDOW_METRICS } from "../results/window/window_metrics.ts";
import { WINDOW_FIGURES } from "../results/window/window_figures.ts";

/** What is known of a metric that objectives may be about: the figures of its name, which differ by unit. */
export interface MetricSpec {
  /** As it is written: `p95`. */
  readonly name: string;
  /** Whether less or more of it is better. */
  readonly better: "less" | "more";
  /** How its limit may be written; the first is the usual one. */
  readonly units: readonly WrittenUnit[];
  /** What it is, for people. */
  readonly meaning: string;
}

type Named = Pick<ResultFigure, "gate" | "better" | "unit">;

function specsOf(figures: readonly Named[]): MetricSpec[] {
  const byName = Map.groupBy(figures.filter(({ gate }) => gate !== undefined), ({ gate }) => gate!.name);
  return [...byName].map(([name, of]) => ({
    name,
    better: of[0]!.better,
    units: [...new Set(of.map(({ unit }) => unit))].flatMap(writtenUnits),
    meaning: of[0]!.gate!.meaning,
  }));
}

/** Metrics of one level of any kind of load, in the order in which people are shown them. */
export const LEVEL_METRICS: readonly string[] = specsOf(WINDOW_FIGURES).map(({ name }) => name);

const METRICS: readonly MetricSpec[] = [
  ...specsOf(WINDOW_FIGURES),
  ...specsOf(FIGURES.filter(({ gate }) => gate !== undefined && !LEVEL_METRICS.includes(gate.name))),
];

/** Times of one request that may be limited, by the name that limits give them. */
const LIMITED: readonly (readonly [name: string, metric: RequestMetric])[] = REQUEST_METRICS.flatMap((metric) =>
  metric.gatePrefix === undefined ? [] : [[metric.gatePrefix.slice(0, -1) || "latency", metric]]
);

/** What is known of the times of one request that may be limited. */
const LIMIT_SPECS: readonly MetricSpec[] = LIMITED.map(([name, { label }]) => ({
  name,
  better: "less",
  units: writtenUnits("ms"),
  meaning: label,
}));

/** Names of the times of one request that may be limited. */
export const REQUEST_LIMITS: readonly string[] = LIMITED.map(([name]) => name);

/**
 * The time of a request that a limit is about.
 *
 * @param name Of {@linkcode REQUEST_LIMITS}.
 * @throws {RangeError} If there is none of that name.
 */
export function limitedMetric(name: string): RequestMetric {
  const found = LIMITED.find(([known]) => known === name);
  if (found === undefined) throw new RangeError(`Cannot limit a time as it must be known: found ${name}`);
  return found[1];
}

/**
 * Whether only streamed answers have what a metric or a limit is about.
 *
 * @param name As it is written: `ttft`, `ttft-p95`, `output`.
 */
export function isOfStreams(name: string): boolean {
  return WINDOW_FIGURES.some(({ gate, metric }) => metric?.streamedOnly === true && gate?.name === name) ||
    WINDOW_METRICS.some(({ gate, streamedOnly }) => streamedOnly === true && gate?.name === name) ||
    LIMITED.some(([known, { streamedOnly }]) => streamedOnly === true && known === name);
}

/**
 * Whether an answer of one token has nothing of what a metric or a limit is about.
 *
 * @param name As it is written: `tpot`, `stall-p99`.
 */
export function isBetweenTokens(name: string): boolean {
  return WINDOW_FIGURES.some(({ gate, metric }) => metric?.betweenTokens === true && gate?.name === name) ||
    LIMITED.some(([known, { betweenTokens }]) => betweenTokens === true && known === name);
}

/** Every metric of an objective, in the order in which people are shown them. */
export const OBJECTIVE_METRICS: readonly string[] = METRICS.map(({ name }) => name);

/**
 * What is known of a metric.
 *
 * @param name As it is written.
 * @throws {RangeError} If there is none of that name.
 */
export function metricSpec(name: string): MetricSpec {
  const found = METRICS.find((metric) => metric.name === name) ?? LIMIT_SPECS.find((limit) => limit.name === name);
  if (found === undefined) throw new RangeError(`Cannot read a metric as it must be known: found ${name}`);
  return found;
}

/**
 * How the limit of a metric may be written: `ms, us, s`.
 *
 * @param name As it is written.
 */
export function unitsOf(name: string): string {
  return metricSpec(name).units.map(({ written }) => written).join(", ");
}

/**
 * Every metric with what it is and its units, for help.
 *
 * @returns Pairs such as `p99` and `99th percentile of the latency (ms, us, s)`.
 */
export function objectiveHelp(): readonly (readonly [metric: string, meaning: string])[] {
  return METRICS.map(({ name, meaning }) => [name, `${meaning} (${unitsOf(name)})`]);
}

/**
 * Metrics that some kinds of result can tell.
 *
 * @param kinds The kinds.
 * @returns Each once, in the order of {@linkcode OBJECTIVE_METRICS}.
 */
export function metricsOf(kinds: readonly ResultKind[]): readonly string[] {
  return OBJECTIVE_METRICS.filter((name) =>
    FIGURES.some((figure) => kinds.includes(figure.kind) && figure.gate?.name === name)
  );
}
