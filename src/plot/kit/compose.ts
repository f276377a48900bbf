import type { Markish, PlotOptions, ScaleOptions } from "@observablehq/plot";
import type { ChartContent, ChartOptions, LegendEntry, Panel } from "./chart_content.ts";
import { escapeXml } from "./escape_xml.ts";
import { COLORS } from "./palette.ts";
import { renderPlot } from "./render.ts";
import { fitted, textWidth, wrapText } from "./text_layout.ts";

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif";
/** Text of axes and labels, px. */
export const FONT_SIZE = 12;
const PADDING = 14;
const PANEL_GAP = 14;
/** A row of panels stands beside each other where each has this much, px. */
const LEAST_PANEL = 270;

/** A piece of the chart with the height that it takes. */
interface Block {
  readonly markup: string;
  readonly height: number;
}

/**
 * Sets title, subtitle, legend, panels and notes into one SVG.
 *
 * @param content What to draw.
 * @param description For those who do not see it.
 * @param options Observable Plot's, for the first panel.
 * @param width Of the whole, px.
 * @returns A standalone document, drawn for white.
 */
export function composeSvg(content: ChartContent, description: string, options: ChartOptions, width: number): string {
  const inner = width - 2 * PADDING;
  const first = content.rows[0]?.[0];
  const blocks = [
    paragraph(content.title, inner, { size: 17, weight: 700, color: COLORS.ink, gap: 5 }),
    paragraph(content.subtitle, inner, { size: 13, weight: 400, color: COLORS.ink, gap: 8 }),
    legendBlock(content.legend, inner),
    ...content.rows.flatMap((row) => rowBlocks(row, inner, (panel) => panel === first ? options : {})),
    ...content.notes.map((note) => paragraph(note, inner, { size: 11.5, weight: 400, color: COLORS.muted, gap: 3 })),
  ];
  let y = PADDING;
  const placed = blocks.filter(({ height }) => height > 0).map(({ markup, height }) => {
    const group = `<g transform="translate(${PADDING},${y})">${markup}</g>`;
    y += height;
    return group;
  });
  const height = Math.ceil(y + PADDING - 4);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="torchgauge" role="img" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="${FONT_SIZE}">` +
    `<title>${escapeXml(content.title)}</title><desc>${escapeXml(description)}</desc>` +
    `<rect width="${width}" height="${height}" fill="${COLORS.background}"/>${placed.join("")}</svg>`;
}

/** How a paragraph looks. */
interface TextStyle {
  readonly size: number;
  readonly weight: number;
  readonly color: string;
  /** Room below, px. */
  readonly gap: number;
}

function paragraph(text: string, width: number, { size, weight, color, gap }: TextStyle): Block {
  const lines = wrapText(text, weight > 400 ? width * 0.93 : width, size);
  const lineHeight = Math.round(size * 1.35);
  const markup = lines.map((line, k) => textAt(line, 0, k * lineHeight + size, { size, weight, color })).join("");
  return { markup, height: lines.length === 0 ? 0 : lines.length * lineHeight + gap };
}

function textAt(text: string, x: number, y: number, { size, weight, color }: Omit<TextStyle, "gap">): string {
  const bold = weight > 400 ? ` font-weight="${weight}"` : "";
  return `<text x="${x}" y="${Math.round(y)}" font-size="${size}" fill="${color}"${bold}>${escapeXml(text)}</text>`;
}

const SIGN_WIDTH = 22;

function legendBlock(entries: readonly LegendEntry[], width: number): Block {
  let x = 0, row = 0;
  const items = entries.map(({ sign, color, label }) => {
    const text = fitted(label, width - SIGN_WIDTH - 6, FONT_SIZE);
    const needed = SIGN_WIDTH + 6 + textWidth(text, FONT_SIZE);
    if (x > 0 && x + needed > width) {
      x = 0;
      row++;
    }
    const item = `<g transform="translate(${Math.round(x)},${row * 18})">${signMarkup(sign, color)}` +
      textAt(text, SIGN_WIDTH + 6, 12, { size: FONT_SIZE, weight: 400, color: COLORS.ink }) + "</g>";
    x += needed + 14;
    return item;
  });
  return { markup: items.join(""), height: entries.length === 0 ? 0 : (row + 1) * 18 + 6 };
}

const SIGNS: Readonly<Record<LegendEntry["sign"], (color: string) => string>> = {
  line: (color) => `<path d="M0,8H22" stroke="${color}" stroke-width="2"/>`,
  dashed: (color) => `<path d="M0,8H22" stroke="${color}" stroke-width="2" stroke-dasharray="5,4"/>`,
  dot: (color) => `<circle cx="11" cy="8" r="4.5" fill="${color}"/>`,
  hollow: (color) => `<circle cx="11" cy="8" r="4" fill="${COLORS.background}" stroke="${color}" stroke-width="2"/>`,
  diamond: (color) =>
    `<path d="M11,2.5L16.5,8L11,13.5L5.5,8Z" fill="${COLORS.background}" stroke="${color}" stroke-width="2"/>`,
  cross: (color) => `<path d="M7,4L15,12M15,4L7,12" stroke="${color}" stroke-width="2"/>`,
  star: (color) => `<path d="${STAR_PATH}" transform="translate(11,8)" fill="${color}" stroke="${COLORS.ink}"/>`,
  area: (color) => `<rect x="2" y="2" width="18" height="12" fill="${color}"/>`,
};

/** A five-pointed star around the origin. */
const STAR_PATH = Array.from({ length: 10 }, (_, k) => {
  const radius = k % 2 === 0 ? 7 : 2.9, angle = Math.PI * (k / 5 - 0.5);
  return `${k === 0 ? "M" : "L"}${(radius * Math.cos(angle)).toFixed(1)},${(radius * Math.sin(angle)).toFixed(1)}`;
}).join("") + "Z";

function signMarkup(sign: LegendEntry["sign"], color: string): string {
  return SIGNS[sign](color);
}

function rowBlocks(row: readonly Panel[], width: number, optionsOf: (panel: Panel) => ChartOptions): Block[] {
  const columnWidth = (width - (row.length - 1) * PANEL_GAP) / row.length;
  if (row.length > 1 && columnWidth < LEAST_PANEL) {
    return row.flatMap((panel) => rowBlocks([panel], width, optionsOf));
  }
  const blocks = row.map((panel) => panelBlock(panel, Math.floor(columnWidth), optionsOf(panel)));
  return [{
    markup: blocks.map(({ markup }, k) =>
      `<g transform="translate(${Math.round(k * (columnWidth + PANEL_GAP))},0)">${markup}</g>`
    ).join(""),
    height: Math.max(...blocks.map(({ height }) => height)) + PANEL_GAP,
  }];
}

function panelBlock({ heading, yLabel, height, content }: Panel, width: number, options: ChartOptions): Block {
  const head = panelHead(heading, yLabel, width);
  const body = typeof content === "string"
    ? noteBlock(content, width, height)
    : plotBlock(merged(content(width), options), width, height);
  return {
    markup: `${head.markup}<g transform="translate(0,${head.height})">${body.markup}</g>`,
    height: head.height + body.height,
  };
}

/** Heading and unit of the y axis, in one line where both fit. */
function panelHead(heading: string, yLabel: string, width: number): Block {
  const size = 13;
  const title = paragraph(heading, width, { size, weight: 600, color: COLORS.ink, gap: 2 });
  if (yLabel === "") return title;
  const label = `↑ ${yLabel}`;
  const x = textWidth(heading, size) * 1.08 + 10;
  if (x + textWidth(label, FONT_SIZE) <= width && title.height < 30) {
    return {
      ...title,
      markup: title.markup + textAt(label, Math.round(x), size, { size: FONT_SIZE, weight: 400, color: COLORS.muted }),
    };
  }
  const below = paragraph(label, width, { size: FONT_SIZE, weight: 400, color: COLORS.muted, gap: 2 });
  return {
    markup: `${title.markup}<g transform="translate(0,${title.height})">${below.markup}</g>`,
    height: title.height + below.height,
  };
}

function noteBlock(note: string, width: number, height: number): Block {
  const boxHeight = Math.min(height, 110);
  const lines = wrapText(note, width - 32, FONT_SIZE);
  const top = boxHeight / 2 - (lines.length - 1) * 8 + 4;
  const text = lines.map((line, k) =>
    `<text x="${width / 2}" y="${Math.round(top + k * 16)}" text-anchor="middle" fill="${COLORS.muted}">` +
    `${escapeXml(line)}</text>`
  ).join("");
  const grown = Math.max(boxHeight, lines.length * 16 + 24);
  return {
    markup: `<rect width="${width}" height="${grown - 8}" y="4" rx="4" fill="${COLORS.shade}"/>${text}`,
    height: grown,
  };
}

function plotBlock(options: PlotOptions, width: number, height: number): Block {
  const own = options.height ?? height;
  return {
    markup: `<g text-anchor="middle" fill="${COLORS.ink}">${renderPlot({ ...options, width, height: own })}</g>`,
    height: own,
  };
}

/** The panel's own options with the caller's over them. */
function merged(own: PlotOptions, given: ChartOptions): PlotOptions {
  const { title: _, subtitle: __, caption: ___, width: ____, theme: _____, marks = [], ...rest } = given;
  const scales = Object.fromEntries(
    (["x", "y", "color"] as const).flatMap((name) => {
      const scale: ScaleOptions = { ...own[name], ...given[name] };
      return own[name] === undefined && given[name] === undefined ? [] : [[name, scale]];
    }),
  );
  const drawn: Markish[] = [...own.marks ?? [], ...marks];
  return { ...own, ...rest, ...scales, marks: drawn };
}
