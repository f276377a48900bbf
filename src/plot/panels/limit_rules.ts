import type { Markish } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { LoadResult } from "../../results/result.ts";
import type { RequestField } from "../../results/window/request_metric.ts";
import { WINDOW_FIGURES } from "../../results/window/window_figures.ts";
import type { Unit } from "../../words/quantity.ts";
import { COLORS } from "../kit/palette.ts";

/** A limit on latency that was asked for. */
export interface LatencyLimit {
  /** As it was written: `p99<100ms`. */
  readonly text: string;
  /** In ms. */
  readonly limitMs: number;
}

/** A limit so many times higher than what was measured would leave no room for that: it is told in words instead. */
const MOST_ABOVE = 3;

/**
 * The limits on a time of each request that a capacity was searched under.
 *
 * @param result Of a load test; one without objectives has none.
 * @param field Which time. @default {that of the latency}
 */
export function latencyLimits(
  { capacity }: Pick<LoadResult, "capacity">,
  field: RequestField = "latencyMs",
): LatencyLimit[] {
  const probe = [...capacity?.rate.probes ?? [], ...capacity?.concurrency.probes ?? []][0];
  return (probe?.outcomes ?? []).flatMap(({ objective: { metric, unit, limit, text } }) => {
    const figure = WINDOW_FIGURES.find(({ gate, unit: own }) => gate?.name === metric && own === unit);
    return unit === "ms" && figure?.metric?.field === field ? [{ text, limitMs: limit }] : [];
  });
}

/**
 * Limits that can be drawn beside what was measured.
 *
 * @param limits All.
 * @param highestMs The highest value that is drawn, ms.
 */
export function drawnLimits(limits: readonly LatencyLimit[], highestMs: number): readonly LatencyLimit[] {
  return limits.filter(({ limitMs }) => limitMs <= MOST_ABOVE * highestMs);
}

/**
 * Limits as dashed rules, each with its words at its left end.
 *
 * @param limits Those that are drawn.
 * @param unit Of the y axis.
 */
export function limitRules(limits: readonly LatencyLimit[], { divisor }: Unit): Markish[] {
  const y = ({ limitMs }: LatencyLimit) => limitMs / divisor;
  return [
    Plot.ruleY(limits, { y, stroke: COLORS.vermillion, strokeWidth: 1.5, strokeDasharray: "6,3" }),
    Plot.text(limits, {
      y,
      text: "text",
      frameAnchor: "left",
      lineAnchor: "bottom",
      dx: 4,
      dy: -3,
      fill: COLORS.vermillion,
      stroke: COLORS.background,
      strokeWidth: 3,
    }),
  ];
}

/**
 * What is said of limits that are not drawn.
 *
 * @param limits All.
 * @param highestMs The highest value that is drawn, ms.
 * @returns One sentence, or none.
 */
export function undrawnLimitsNote(limits: readonly LatencyLimit[], highestMs: number): string[] {
  const drawn = drawnLimits(limits, highestMs);
  const above = limits.filter((limit) => !drawn.includes(limit)).map(({ text }) => text);
  return above.length === 0 ? [] : [`Far above what is drawn: ${above.join(", ")}.`];
}
