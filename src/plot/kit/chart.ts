import type { ChartContent, ChartOptions } from "./chart_content.ts";
import { chartFigure, chartPicture, themed } from "./chart_image.ts";
import { composeSvg } from "./compose.ts";
import { darkened } from "./palette.ts";
import { rasterize } from "./render.ts";

export type * from "./chart_content.ts";

/** Options of {@linkcode Chart.png}. */
export interface PngOptions {
  /** Pixels of the picture for each px of the chart. @default {2} */
  readonly scale?: number;
}

/** Width of a chart where the page is wide, px. */
const WIDE = 640;
/** Width for a phone, px; charts are composed anew for it, so that their text keeps its size. */
const NARROW = 360;
/** A picture in a notebook grows with its cell up to so many times its width: beyond, its words would shout. */
const LARGEST_SCALE = 1.25;

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
    return chartFigure({ wide: this.svg, narrow: this.svgAt(NARROW) });
  }

  /**
   * The chart as an SVG file of another width; its text keeps its size.
   *
   * @param width In px, at least 320.
   */
  svgAt(width: number): string {
    const svg = this.#fixed(width);
    return (this.#options.theme ?? "auto") === "auto" ? themed(svg) : svg;
  }

  /**
   * The chart as a PNG picture; with the theme `auto` on white.
   *
   * @param options Its resolution.
   * @returns The bytes of the file.
   * @throws {UsageError} If this machine has no font to write with.
   */
  async png(options: PngOptions = {}): Promise<Uint8Array> {
    return await rasterize(this.#fixed(this.#options.width ?? WIDE), options.scale ?? 2);
  }

  /**
   * What a Jupyter kernel shows: a picture, which also those see who received the notebook and do not trust it, and a
   * PNG for what makes PDF of it.
   */
  async [jupyterDisplay](): Promise<Readonly<Record<string, string>>> {
    const { width = WIDE, theme = "auto" } = this.#options;
    const text = `${this.title}. ${this.description}`;
    const files = { wide: this.#fixed(width), narrow: this.#fixed(NARROW) };
    const png = await this.png().catch(() => null); // no font here, or no resvg for this system
    return {
      "text/html": chartPicture(files, {
        description: text,
        maxWidth: Math.round(width * LARGEST_SCALE),
        isFixed: theme !== "auto",
      }),
      ...(png === null ? {} : { "image/png": png.toBase64() }),
      "text/plain": text,
    };
  }

  /** The chart in colours that do not change; with the theme `auto` for white. */
  #fixed(width: number): string {
    const svg = composeSvg(this.#content, this.description, this.#options, Math.max(320, width));
    return this.#options.theme === "dark" ? darkened(svg) : svg;
  }
}
