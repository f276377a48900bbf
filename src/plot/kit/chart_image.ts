import { escapeXml } from "./escape_xml.ts";
import { THEME_STYLE } from "./palette.ts";

/** A chart as SVG files that are drawn for white: one for wide screens, one for phones. */
export interface ChartFiles {
  readonly wide: string;
  readonly narrow: string;
}

/** How a picture of a chart is shown. */
export interface PictureLook {
  /** For those who do not see it. */
  readonly description: string;
  /** Widest that it is shown, px; up to there it is as wide as its place. */
  readonly maxWidth: number;
  /** Whether its colours were asked for, so that it keeps them wherever it stands. */
  readonly isFixed: boolean;
}

const FIXED = ' class="torchgauge-fixed"';
const PHONE = "(max-width:600px)";
const SVG_DATA = "data:image/svg+xml;base64,";
const FIGURE_STYLE = ".torchgauge-chart svg{max-width:100%;height:auto}.torchgauge-narrow{display:none}" +
  `@media screen and ${PHONE}{.torchgauge-wide{display:none}.torchgauge-narrow{display:block}}`;

/**
 * A chart as elements of a page, where it follows the page's colours.
 *
 * @param files The chart.
 * @returns HTML: both of its SVG, and the style that picks between them.
 */
export function chartFigure({ wide, narrow }: ChartFiles): string {
  return `<figure class="torchgauge-chart" style="margin:0"><style>${FIGURE_STYLE}</style>` +
    `<div class="torchgauge-wide">${wide}</div><div class="torchgauge-narrow">${narrow}</div></figure>`;
}

/**
 * A chart as a picture that brings all it needs. Readers of notebooks strip SVG elements out of what they do not trust;
 * they leave pictures.
 *
 * @param files The chart.
 * @param look How it is shown.
 * @returns HTML. Where a reader knows no other pictures for phones, the wide one is left.
 */
export function chartPicture({ wide, narrow }: ChartFiles, { description, maxWidth, isFixed }: PictureLook): string {
  return `<picture${isFixed ? FIXED : ""}><source media="${PHONE}" srcset="${dataOf(narrow)}">` +
    `<img alt="${escapeXml(description)}" width="100%" style="max-width:${maxWidth}px" src="${
      dataOf(wide)
    }"></picture>`;
}

const PICTURE = new RegExp(
  `<picture><source media="[^"]*" srcset="${RegExp.escape(SVG_DATA)}([\\w+/=]+)">` +
    `<img [^>]*src="${RegExp.escape(SVG_DATA)}([\\w+/=]+)"></picture>`,
  "g",
);

/**
 * HTML of a notebook's output with every {@linkcode chartPicture} as a {@linkcode chartFigure}: a page of our own shows
 * it in its own colours, and its words can be read and searched.
 *
 * @param html Of an output. Other pictures are left as they are, and charts whose colours are fixed.
 */
export function picturesAsFigures(html: string): string {
  return html.replace(
    PICTURE,
    (_, narrow: string, wide: string) => chartFigure({ wide: themed(svgOf(wide)), narrow: themed(svgOf(narrow)) }),
  );
}

/**
 * An SVG drawn for white that turns dark where its page is.
 *
 * @param svg A whole document.
 */
export function themed(svg: string): string {
  return svg.replace("</desc>", `</desc><style>${THEME_STYLE}</style>`);
}

function dataOf(svg: string): string {
  return SVG_DATA + new TextEncoder().encode(svg).toBase64();
}

function svgOf(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}
