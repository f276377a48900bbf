/**
 * The one file that touches a document. Observable Plot and linkedom are evaluated at the first chart, resvg is loaded
 * at the first PNG: a measurement before that is not disturbed by them.
 *
 * @module
 */
import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import defer * as linkedom from "linkedom";
import { UsageError } from "../../core/errors.ts";
import { COLORS } from "./palette.ts";

/** What is used of linkedom's elements; its own types want the DOM's. */
interface DrawnElement {
  readonly tagName: string;
  innerHTML: string;
  querySelector(selector: string): DrawnElement | null;
  remove(): void;
}

/** What is used of linkedom's document. */
interface Page {
  readonly document: NonNullable<PlotOptions["document"]>;
}

const EMPTY_PAGE = "<!doctype html><html><body></body></html>";

/**
 * Draws one plot.
 *
 * @param options Of Observable Plot; `width` and `height` are set.
 * @returns What stands inside its `<svg>`, colours absolute, coordinates to a tenth of a px.
 */
export function renderPlot(options: PlotOptions): string {
  const { document } = linkedom.parseHTML(EMPTY_PAGE) as unknown as Page;
  const drawn = Plot.plot({ ...options, document }) as unknown as DrawnElement;
  const svg = drawn.tagName.toLowerCase() === "svg" ? drawn : drawn.querySelector("svg")!;
  svg.querySelector("style")?.remove();
  return tidy(svg.innerHTML);
}

/** A standalone SVG has no `currentColor` and no style sheet of Plot's; its numbers need no more than they show. */
function tidy(markup: string): string {
  return markup.replace(/<[^>]+>/g, (tag) =>
    tag
      .replaceAll("currentColor", COLORS.ink)
      .replaceAll("var(--plot-background)", COLORS.background)
      .replace(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10)));
}

const FONT = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" } as const;
const LETTER = '<svg xmlns="http://www.w3.org/2000/svg"><text y="20" font-family="sans-serif">x</text></svg>';
/** Whether a font was found; to look for one takes as long as to draw. */
let canWrite = false;

/**
 * Draws an SVG as a PNG.
 *
 * @param svg A whole document.
 * @param scale Pixels for each px.
 * @returns The bytes of the file.
 * @throws {UsageError} If this machine has no font: the picture would have no words.
 */
export async function rasterize(svg: string, scale: number): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  canWrite ||= new Resvg(LETTER, { font: FONT }).getBBox() !== undefined;
  if (!canWrite) {
    throw new UsageError("Cannot draw a PNG as its text needs a font: this machine has none", {
      hint: "Install one, such as fonts-dejavu-core on Debian, or use the chart's svg.",
    });
  }
  return new Resvg(svg, { fitTo: { mode: "zoom", value: scale }, font: FONT }).render().asPng();
}
