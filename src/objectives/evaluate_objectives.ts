import type { Distribution, Estimate } from "../core/estimate.ts";
import type { LimitVerdict, Objective, ObjectiveMetric, ObjectiveOutcome } from "../results/objective.ts";
import { limitVerdict } from "./limit_verdict.ts";

/** What one level showed, as far as objectives ask for it. `LevelMeasurement` is one. */
export interface LevelFigures {
  /** Latency of successes, ms. */
  readonly latencyMs: Distribution | null;
  /** Time to the first byte, ms; left out where it is not known. */
  readonly firstByteMs?: Distribution | null;
  /** Failed share of requests, 0 to 1. */
  readonly errorRate: Estimate | null;
  /** Successful requests per second. */
  readonly requestsPerSecond: Estimate | null;
  /** Predictions per second; left out where it is not known. */
  readonly predictionsPerSecond?: Estimate | null;
}

/** Objectives that one level can tell: those of any kind of load. */
export const LEVEL_METRICS: readonly ObjectiveMetric[] = [
  "mean",
  "p50",
  "p90",
  "p95",
  "p99",
  "max",
  "ttfb-mean",
  "ttfb-p50",
  "ttfb-p90",
  "ttfb-p95",
  "ttfb-p99",
  "errors",
  "throughput",
];

/**
 * Holds one level against objectives. What was not measured cannot be told, but for a level without a success: a server
 * that answers nothing misses every time and rate that is wanted of it.
 *
 * @param objectives About members of {@linkcode LEVEL_METRICS}.
 * @param level What was measured.
 * @returns One outcome for each objective, in their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseObjectives } from "./parse_objectives.ts";
 *
 * const level = {
 *   latencyMs: null,
 *   errorRate: { value: 0.02, low: 0.012, high: 0.03, level: 0.95, n: 1000 },
 *   requestsPerSecond: { value: 212, low: 205, high: 219, level: 0.95, n: 980 },
 * };
 * const outcomes = evaluateObjectives(parseObjectives("throughput>200/s, errors<1%"), level);
 * assertEquals(outcomes.map(({ verdict }) => verdict), ["met", "missed"]);
 * assertEquals(overallVerdict(outcomes), "missed");
 * ```
 */
export function evaluateObjectives(objectives: readonly Objective[], level: LevelFigures): ObjectiveOutcome[] {
  const dead = level.latencyMs === null && level.requestsPerSecond === null && (level.errorRate?.value ?? 0) === 1;
  return objectives.map((objective) => {
    const measured = levelFigure(objective, level);
    if (measured === null) return { objective, verdict: dead ? "missed" : "cannot tell", measured };
    return { objective, verdict: limitVerdict(measured, objective), measured };
  });
}

/**
 * Whether all objectives are met together.
 *
 * @param outcomes Of each.
 * @returns `missed` if one is, else `cannot tell` if that of one cannot be told, else `met`.
 */
export function overallVerdict(outcomes: readonly { readonly verdict: LimitVerdict }[]): LimitVerdict {
  if (outcomes.some(({ verdict }) => verdict === "missed")) return "missed";
  return outcomes.every(({ verdict }) => verdict === "met") ? "met" : "cannot tell";
}

/**
 * The figure of a level that an objective is about.
 *
 * @param objective Which figure.
 * @param level What was measured.
 * @returns In the objective's unit; `null` where it was not measured, or a level cannot tell it.
 */
export function levelFigure(
  { metric, unit }: Pick<Objective, "metric" | "unit">,
  level: LevelFigures,
): Estimate | null {
  switch (metric) {
    case "errors":
      return level.errorRate;
    case "throughput":
      return (unit === "predictions/s" ? level.predictionsPerSecond : level.requestsPerSecond) ?? null;
    case "mean":
    case "p50":
    case "p90":
    case "p95":
    case "p99":
      return level.latencyMs?.[metric] ?? null;
    case "max":
      return level.latencyMs === null ? null : seen(level.latencyMs.max, level.latencyMs);
    case "ttfb-mean":
    case "ttfb-p50":
    case "ttfb-p90":
    case "ttfb-p95":
    case "ttfb-p99":
      return level.firstByteMs?.[metric.slice("ttfb-".length) as "mean" | "p50" | "p90" | "p95" | "p99"] ?? null;
    default:
      return null;
  }
}

/** The longest is what was seen, and is judged as that: of what was not seen it says nothing. */
function seen(value: number, { n, mean }: Distribution): Estimate {
  return { value, low: value, high: value, level: mean.level, n };
}
