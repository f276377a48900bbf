import type { Markish } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Unit } from "../../words/quantity.ts";
import { atLeastText } from "../kit/at_least_text.ts";
import type { LaneLabel } from "../kit/lane_labels.ts";
import { COLORS } from "../kit/palette.ts";
import type { SweepPoint } from "../sweep.ts";

/** How far a shade reaches beside its level at most, as a factor: less than the room that the axis leaves. */
const SHADE = 1.18;

/**
 * Shade behind the levels that noise does not tell from the best; with one alone there is nothing to say.
 *
 * @param equivalent Those levels.
 * @param levels All levels.
 */
export function equivalentShade(equivalent: readonly number[], levels: readonly number[]): Markish {
  const all = [...levels].sort((a, b) => a - b);
  const spans = equivalent.length < 2 ? [] : equivalent.map((level) => {
    const k = all.indexOf(level);
    const below = all[k - 1] ?? level / SHADE ** 2, above = all[k + 1] ?? level * SHADE ** 2;
    return {
      from: Math.max(Math.sqrt(below * level), level / SHADE),
      to: Math.min(Math.sqrt(above * level), level * SHADE),
    };
  });
  return Plot.rect(spans, { x1: "from", x2: "to", fill: COLORS.highlight, title: () => "within noise of the best" });
}

/**
 * A star above the optimum.
 *
 * @param points Of the sweep.
 * @param optimum Its level, or `null`.
 */
export function optimumStar(points: readonly SweepPoint[], optimum: number | null): Markish[] {
  const best = points.filter(({ level, estimate }) => level === optimum && estimate !== null);
  return [
    Plot.dot(best, {
      x: "level",
      y: ({ estimate }: SweepPoint) => estimate?.high ?? estimate?.value ?? NaN,
      dy: -15,
      symbol: "star",
      r: 6,
      fill: COLORS.gold,
      stroke: COLORS.ink,
      strokeWidth: 1,
      title: ({ level, title = String(level) }: SweepPoint) => `optimum, ${title}`,
    }),
  ];
}

/**
 * What is written above the star of an optimum that the client limited: that the server does at least so much.
 *
 * @param points Of the sweep.
 * @param optimum Its level, or `null`.
 * @param unit Of the rates.
 */
export function boundLabels(points: readonly SweepPoint[], optimum: number | null, unit: Unit): LaneLabel[] {
  return points.flatMap(({ level, estimate, clientLimited }) =>
    level === optimum && clientLimited && estimate !== null
      ? [{ at: level, text: atLeastText(estimate.value, unit), color: COLORS.ink, line: null }]
      : []
  );
}
