import type { Markish, ScaleOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import { MARGINS } from "./axis.ts";
import type { Unit } from "../../words/quantity.ts";
import { COLORS } from "./palette.ts";
import type { SweepPoint } from "../sweep.ts";
import { spreadLabels } from "./text_layout.ts";

/** A series with its name. */
export interface NamedSeries {
  /** As drawn. */
  readonly points: readonly SweepPoint[];
  /** Of `COLORS`. */
  readonly color: string;
  /** A word or two. */
  readonly text: string;
}

/** How the y axis maps values to px. */
export interface YLayout {
  /** Of display. */
  readonly unit: Unit;
  /** Domain of the y axis, from zero. */
  readonly top: ScaleOptions["domain"];
  /** Of the plot with its margins, px. */
  readonly height: number;
  /** Margin above. @default {MARGINS.marginTop} */
  readonly marginTop?: number;
}

/**
 * Names at the right end of series, kept apart, instead of a legend.
 *
 * @param series Each with at least one measured point to be named.
 * @param layout Of the y axis.
 */
export function endLabels(series: readonly NamedSeries[], layout: YLayout): Markish[] {
  const { unit, height, marginTop = MARGINS.marginTop } = layout;
  const highest = Number([...layout.top ?? [0, 1]][1]);
  const ends = series.flatMap(({ points, color, text }) => {
    const last = points.findLast(({ estimate }) => estimate !== null);
    return last?.estimate ? [{ level: last.level, value: last.estimate.value / unit.divisor, color, text }] : [];
  });
  const span = height - marginTop - MARGINS.marginBottom;
  const wanted = ends.map(({ value }) => span * (1 - value / highest));
  const places = spreadLabels(wanted, 14);
  return ends.map(({ level, value, color, text }, k) =>
    Plot.text([{ level, value }], {
      x: "level",
      y: "value",
      text: () => text,
      fill: color,
      fontWeight: 600,
      stroke: COLORS.background,
      strokeWidth: 3,
      textAnchor: "start",
      dx: 9,
      dy: places[k]! - wanted[k]!,
    })
  );
}
