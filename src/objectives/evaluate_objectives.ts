import { estimateOf } from "../results/measured.ts";
import type { Estimate } from "../core/estimate.ts";
import type { LimitVerdict, Objective, ObjectiveOutcome } from "../results/objective.ts";
import type { Window } from "../results/window/window.ts";
import { WINDOW_FIGURES } from "../results/window/window_figures.ts";
import { limitVerdict } from "./limit_verdict.ts";

/** What one level showed, as far as objectives ask for it; what is left out was not measured. A window is one. */
export type LevelFigures = Pick<Window, "latencyMs" | "errorRate" | "requestsPerSecond"> & Partial<Window>;

/**
 * Holds one level against objectives. What was not measured cannot be told, but for a level without a success: a server
 * that answers nothing misses every time and rate that is wanted of it. Nor can be told what a server kept until it was lost.
 *
 * @param objectives About members of `LEVEL_METRICS`.
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
    const verdict = limitVerdict(measured, objective);
    // What a server kept until it was lost it did not keep.
    return { objective, verdict: verdict === "met" && level.lost !== undefined ? "cannot tell" : verdict, measured };
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
  const figure = WINDOW_FIGURES.find(({ gate, unit: own }) => gate?.name === metric && own === unit);
  return figure === undefined ? null : estimateOf(figure.read(level as Window));
}
