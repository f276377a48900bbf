import { composeSvg } from "./compose.ts";
import { darkened, type Theme, THEME_STYLE } from "./palette.ts";
import { rasterize } from "./render.ts";

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

/** Options of {@linkcode Chart.png}. */
export interface PngOptions {
  /** Pixels of the picture for each px of the chart. @default {2} */
  readonly scale?: number;
}

/** Width of a chart where the page is wide, px. */
const WIDE = 640;
/** Width for a phone, px; charts are composed anew for it, so that their text keeps its size. */
const NARROW = 360;

const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/**
 * A chart. As the last expression of a notebook's cell it shows itself; elsewhere `svg` and `png()` give it as a file,
 * `html` as a part of a page.
 *
 * Nothing is drawn, and no drawing library is started, before one of them is asked for.
 */
export class Chart {
  readonly #content: ChartContent;
  readonly #options: ChartOptions;

  /**
   * A chart of some content.
   *
   * @param content What to draw.
   * @param options Titles, size, theme, and options of Observable Plot.
   */
  constructor(content: ChartContent, options: ChartOptions = {}) {
    const { title = content.title, subtitle = content.subtitle, caption } = options;
    const notes = caption === undefined ? content.notes : [...content.notes, caption];
    this.#content = { ...content, title, subtitle, notes };
    this.#options = options;
  }

  /** What the chart shows, a few words. */
  get title(): string {
    return this.#content.title;
  }

  /** What it says, for those who do not see it. */
  get description(): string {
    const { subtitle, rows, notes } = this.#content;
    const panels = rows.flat().map(({ heading, content }) =>
      typeof content === "string" ? `${heading}: ${content}.` : `${heading}.`
    );
    return [subtitle, ...panels, ...notes].filter((text) => text !== "").join(" ");
  }

  /** The chart as an SVG file. With the theme `auto` it turns dark where the reader prefers that. */
  get svg(): string {
    return this.svgAt(this.#options.width ?? WIDE);
  }

  /** The chart as a part of a page: one SVG for wide screens, one for phones, and the style that picks between them. */
  get html(): string {
    const style = ".torchgauge-chart svg{max-width:100%;height:auto}.torchgauge-narrow{display:none}" +
      "@media screen and (max-width:600px){.torchgauge-wide{display:none}.torchgauge-narrow{display:block}}";
    return `<figure class="torchgauge-chart" style="margin:0"><style>${style}</style>` +
      `<div class="torchgauge-wide">${this.svg}</div>` +
      `<div class="torchgauge-narrow">${this.svgAt(NARROW)}</div></figure>`;
  }

  /**
   * The chart as an SVG file of another width; its text keeps its size.
   *
   * @param width In px, at least 320.
   */
  svgAt(width: number): string {
    const { theme = "auto" } = this.#options;
    const svg = composeSvg(this.#content, this.description, this.#options, Math.max(320, width));
    if (theme === "dark") return darkened(svg);
    return theme === "light" ? svg : svg.replace("</desc>", `</desc><style>${THEME_STYLE}</style>`);
  }

  /**
   * The chart as a PNG picture; with the theme `auto` on white.
   *
   * @param options Its resolution.
   * @returns The bytes of the file.
   * @throws {UsageError} If this machine has no font to write with.
   */
  async png(options: PngOptions = {}): Promise<Uint8Array> {
    const { theme = "auto", width = WIDE } = this.#options;
    const svg = composeSvg(this.#content, this.description, this.#options, Math.max(320, width));
    return await rasterize(theme === "dark" ? darkened(svg) : svg, options.scale ?? 2);
  }

  /** What a Jupyter kernel shows: HTML, because nbconvert drops SVG of its own. */
  [jupyterDisplay](): Readonly<Record<string, string>> {
    return { "text/html": this.html, "text/plain": `${this.title}. ${this.description}` };
  }
}
