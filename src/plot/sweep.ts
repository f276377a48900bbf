import type { Markish } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../core/estimate.ts";
import type { Window } from "../results/result.ts";
import type { LegendEntry } from "./kit/chart.ts";
import { figureTitle } from "./kit/level_title.ts";
import { COLORS } from "./kit/palette.ts";
import type { Unit } from "../words/quantity.ts";

/** One level of a sweep as it is drawn. */
export interface SweepPoint {
  /** Batch size or concurrency. */
  readonly level: number;
  /** Its figure, in the base unit; `null` if nothing succeeded. */
  readonly estimate: Estimate | null;
  /** Whether its intervals reached the wanted precision. */
  readonly converged: boolean;
  /** Whether the client may have set it. */
  readonly clientLimited: boolean;
  /** All that is to be known of the level, for who points at it. @default {its figure} */
  readonly title?: string;
}

/**
 * One figure of each level of a sweep but for those in which the server was lost, or requests succeeded and the figure is not
 * told.
 *
 * @param levels As measured.
 * @param levelOf Batch size or concurrency.
 * @param figureOf Which figure.
 * @param titleOf All that is to be known of a level. @default {its figure}
 */
export function sweepPoints<L extends Pick<Window, "succeeded" | "converged" | "clientLimited" | "lost">>(
  levels: readonly L[],
  levelOf: (level: L) => number,
  figureOf: (level: L) => Estimate | null,
  titleOf?: (level: L) => string,
): SweepPoint[] {
  return levels.filter(({ lost }) => lost === undefined).flatMap((level) => {
    const estimate = figureOf(level);
    return estimate === null && level.succeeded > 0 ? [] : [{
      level: levelOf(level),
      estimate,
      converged: level.converged,
      clientLimited: level.clientLimited,
      ...(titleOf === undefined ? {} : { title: titleOf(level) }),
    }];
  });
}

/**
 * The highest value that a sweep's marks reach.
 *
 * @param points Of one or several series.
 * @returns In the base unit; 0 if there is none.
 */
export function highestOf(points: readonly SweepPoint[]): number {
  return points.reduce((most, { estimate }) => Math.max(most, estimate?.value ?? 0, estimate?.high ?? 0), 0);
}

/**
 * A measured series over levels: a line through the points, a band through their intervals where both ends are known,
 * an interval on each point, and on each point what is to be known of it.
 *
 * @param points Ascending by level.
 * @param color Of `COLORS`.
 * @param unit Of display.
 * @param failedColor Of the crosses at levels without a success.
 */
export function sweepMarks(
  points: readonly SweepPoint[],
  color: string,
  unit: Unit,
  failedColor: string = COLORS.vermillion,
): Markish[] {
  const shown = (value: number | null | undefined): number =>
    value === null || value === undefined ? NaN : value / unit.divisor;
  const line = points.map(({ level, estimate }) => ({
    level,
    value: shown(estimate?.value),
    low: estimate?.high === null ? NaN : shown(estimate?.low),
    high: estimate?.low === null ? NaN : shown(estimate?.high),
  }));
  const measured = points.filter((point) => point.estimate !== null);
  const failed = points.filter((point) => point.estimate === null);
  const titleOf = ({ level, estimate, title = figureTitle(level, estimate, unit) }: SweepPoint) => title;
  const symbolOf = ({ clientLimited }: SweepPoint) => clientLimited ? "diamond" : "circle";
  return [
    Plot.areaY(line, { x: "level", y1: "low", y2: "high", fill: color, fillOpacity: 0.16 }),
    Plot.line(line, { x: "level", y: "value", stroke: color, strokeWidth: 2 }),
    ...intervalRules(points, color, unit, titleOf),
    Plot.dot(measured, {
      x: "level",
      y: ({ estimate }: SweepPoint) => shown(estimate?.value),
      r: (point: SweepPoint) => point.clientLimited ? 5.5 : 4,
      symbol: symbolOf,
      fill: ({ converged, clientLimited }: SweepPoint) => converged && !clientLimited ? color : COLORS.background,
      stroke: color,
      strokeWidth: 2,
      title: titleOf,
    }),
    Plot.dot(failed, {
      x: "level",
      y: 0,
      symbol: "times",
      stroke: failedColor,
      strokeWidth: 2.5,
      r: 6,
      title: titleOf,
    }),
  ];
}

/** Intervals of points; an end that is not known is a dotted stub. */
function intervalRules(
  points: readonly SweepPoint[],
  color: string,
  { divisor }: Unit,
  titleOf: (point: SweepPoint) => string,
): Markish[] {
  const known = points.flatMap((point) => {
    const { level, estimate } = point;
    return estimate === null ? [] : [{
      level,
      title: titleOf(point),
      low: (estimate.low ?? estimate.value) / divisor,
      high: (estimate.high ?? estimate.value) / divisor,
    }];
  });
  const open = (end: "low" | "high") =>
    points.flatMap((point) => {
      const { level, estimate } = point;
      return estimate !== null && estimate[end] === null
        ? [{ level, title: titleOf(point), value: estimate.value / divisor }]
        : [];
    });
  const stub = {
    x: "level",
    y1: "value",
    y2: "value",
    stroke: color,
    strokeWidth: 1.5,
    strokeDasharray: "2,2",
    title: "title",
  } as const;
  return [
    Plot.ruleX(known, { x: "level", y1: "low", y2: "high", stroke: color, strokeWidth: 1.5, title: "title" }),
    Plot.ruleX(open("high"), { ...stub, insetTop: -OPEN_END }),
    Plot.ruleX(open("low"), { ...stub, insetBottom: -OPEN_END }),
  ];
}

/** Length of the stub that stands for an unknown end, px. */
const OPEN_END = 16;

/**
 * What the points of sweeps say besides their place, as far as it occurs.
 *
 * @param points All that are drawn.
 * @param color Of the points.
 * @param failedColor Of the crosses.
 */
export function sweepLegend(
  points: readonly SweepPoint[],
  color: string,
  failedColor: string = COLORS.vermillion,
): LegendEntry[] {
  const measured = points.filter(({ estimate }) => estimate !== null);
  const entries: [boolean, LegendEntry][] = [
    [measured.some((point) => point.converged && !point.clientLimited), {
      sign: "dot",
      color,
      label: "measured, 95% interval",
    }],
    [measured.some((point) => !point.converged && !point.clientLimited), {
      sign: "hollow",
      color,
      label: "rough: wide interval",
    }],
    [measured.some(({ clientLimited }) => clientLimited), {
      sign: "diamond",
      color,
      label: "at least: limited by the client",
    }],
    [measured.length < points.length, { sign: "cross", color: failedColor, label: "no request succeeded" }],
  ];
  return entries.filter(([occurs]) => occurs).map(([, entry]) => entry);
}
