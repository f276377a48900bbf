import type { Theme } from "./palette.ts";

/** What Observable Plot takes: https://observablehq.com/plot/features/plots. */
export type PlotOptions = NonNullable<Parameters<(typeof import("@observablehq/plot"))["plot"]>[0]>;

/** One plot of a chart. */
export interface Panel {
  /** What it shows. */
  readonly heading: string;
  /** Quantity and unit of its y axis; empty where y holds names. */
  readonly yLabel: string;
  /** Height of the plot with its axes, px. */
  readonly height: number;
  /** Plot options for the width that it is given, px, or why there is nothing to draw. */
  readonly content: ((width: number) => PlotOptions) | string;
}

/** What a sign in a chart stands for. */
export interface LegendEntry {
  /** How the sign looks. */
  readonly sign: "line" | "dashed" | "dot" | "hollow" | "diamond" | "cross" | "star" | "area";
  /** Its colour, of `COLORS`. */
  readonly color: string;
  /** Its meaning. */
  readonly label: string;
}

/** All that a chart is, before it is drawn. */
export interface ChartContent {
  /** What the chart shows. */
  readonly title: string;
  /** What it found, in one or two sentences. */
  readonly subtitle: string;
  /** Signs that are not labelled where they stand. */
  readonly legend: readonly LegendEntry[];
  /** Rows of panels; on a narrow page each panel is a row of its own. */
  readonly rows: readonly (readonly Panel[])[];
  /** Sentences below: how it was measured, how to read it, what is missing. */
  readonly notes: readonly string[];
}

/**
 * Options of a chart. Those of Observable Plot are passed to its first panel: scales are merged with the panel's own,
 * `marks` are drawn over them.
 */
export interface ChartOptions extends Omit<PlotOptions, "title" | "subtitle" | "caption" | "width" | "document"> {
  /** Instead of the chart's own title. */
  readonly title?: string;
  /** Instead of the chart's own subtitle. */
  readonly subtitle?: string;
  /** Added to the notes below the chart. */
  readonly caption?: string;
  /** Width, px. @default {640} */
  readonly width?: number;
  /** Colours: `auto` follows the page. @default {"auto"} */
  readonly theme?: Theme;
}
