import type { Markish } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import { MARGINS, type ToPixels } from "./axis.ts";
import { FONT_SIZE } from "./compose.ts";
import { COLORS } from "./palette.ts";
import { fitted, laneRows, textWidth } from "./text_layout.ts";

/** A name of a place on the x axis, written above the plot. */
export interface LaneLabel {
  /** Place on the x axis, or two for the middle of a span. */
  readonly at: number | readonly [number, number];
  /** A few words. */
  readonly text: string;
  /** Of `COLORS`. @default {muted} */
  readonly color?: string;
  /** Colour of a line from the label through the plot, or `null` for none. @default {the label's} */
  readonly line?: string | null;
}

/** Marks with the room above the plot that they need. */
export interface Lanes {
  /** For a plot's marks. */
  readonly marks: readonly Markish[];
  /** For a plot's options, px. */
  readonly marginTop: number;
}

const ROW = 16;

/**
 * Labels above a plot, in as many rows as keeps them apart, each with a line down into the plot.
 *
 * @param labels What is named where.
 * @param toPixels Of the x axis.
 * @param width Of the panel, px.
 */
export function laneLabels(labels: readonly LaneLabel[], toPixels: ToPixels, width: number): Lanes {
  const placed = labels.map(({ at, text, color = COLORS.muted, line = color }) => {
    const value = typeof at === "number" ? at : (at[0] + at[1]) / 2;
    const middle = typeof at === "number" ? toPixels(at) : (toPixels(at[0]) + toPixels(at[1])) / 2;
    const words = fitted(text, width - MARGINS.marginLeft, FONT_SIZE);
    const wide = textWidth(words, FONT_SIZE);
    return {
      value,
      words,
      color,
      line,
      middle,
      width: wide,
      start: Math.max(MARGINS.marginLeft - 2, Math.min(width - wide - 2, middle - wide / 2)),
    };
  });
  const rows = laneRows(placed);
  // Texts last: a line to a higher label may pass behind a lower one.
  const lines = placed.flatMap(({ value, line }, k): Markish[] =>
    line === null ? [] : [
      Plot.ruleX([value], {
        stroke: line,
        strokeWidth: 1.25,
        strokeDasharray: "4,3",
        insetTop: -(5 + rows[k]! * ROW),
      }),
    ]
  );
  const texts = placed.map(({ value, words, color, middle, width: wide, start }, k): Markish =>
    Plot.text([value], {
      x: (at: number) => at,
      text: () => words,
      fill: color,
      stroke: COLORS.background,
      strokeWidth: 3,
      frameAnchor: "top",
      lineAnchor: "bottom",
      dx: start + wide / 2 - middle,
      dy: -(6 + rows[k]! * ROW),
    })
  );
  const depth = rows.length === 0 ? 0 : Math.max(...rows) + 1;
  return { marks: [...lines, ...texts], marginTop: depth === 0 ? MARGINS.marginTop : 8 + depth * ROW };
}
