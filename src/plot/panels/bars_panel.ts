import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../../core/estimate.ts";
import { linearAxis, MARGINS } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { FONT_SIZE } from "../kit/compose.ts";
import { COLORS } from "../kit/palette.ts";
import { estimateText, formatEstimate } from "../../words/estimate/estimate_text.ts";
import { unbroken, type Unit, unitName } from "../../words/quantity.ts";
import { fitted, textWidth } from "../kit/text_layout.ts";

/** One bar. */
export interface Bar {
  /** Unique among the bars. */
  readonly label: string;
  /** Its length, in the base unit; `null` where it was not measured. */
  readonly estimate: Estimate | null;
  /** Of `COLORS`. */
  readonly color: string;
  /** Whether its interval reached the wanted precision; if not, the bar is pale. @default {true} */
  readonly converged?: boolean;
  /** Whether it is the answer: it gets a star. @default {false} */
  readonly isBest?: boolean;
  /** All that is to be known of it, for who points at it. @default {its label and estimate} */
  readonly title?: string;
  /** What is written at its end. @default {the estimate with its interval} */
  readonly text?: string;
}

/** What the bars of a panel measure. */
export interface BarAxis {
  /** Quantity, without unit. */
  readonly label: string;
  /** Unit of display for a value: the axis takes that of the greatest, each text that of its own. */
  readonly unitFor: (value: number) => Unit;
}

const BAR_HEIGHT = 30;

/**
 * Zero-based bars with their intervals and values.
 *
 * @param bars At least one.
 * @param heading Of the panel.
 * @param axis What they measure.
 */
export function barsPanel(bars: readonly Bar[], heading: string, axis: BarAxis): Panel {
  const height = bars.length * BAR_HEIGHT + 6 + MARGINS.marginBottom;
  const measured = bars.some(({ estimate }) => estimate !== null);
  return { heading, yLabel: "", height, content: measured ? (width) => barOptions(bars, axis, width) : "Not measured" };
}

function barOptions(bars: readonly Bar[], { label, unitFor }: BarAxis, width: number): PlotOptions {
  const unit = unitFor(Math.max(...bars.map(({ estimate }) => Math.abs(estimate?.value ?? 0))));
  const shown = bars.map(({ label: name, estimate, color, converged = true, text, title }) => ({
    name,
    title,
    color,
    value: (estimate?.value ?? 0) / unit.divisor,
    low: (estimate?.low ?? estimate?.value ?? 0) / unit.divisor,
    high: (estimate?.high ?? estimate?.value ?? 0) / unit.divisor,
    opacity: converged ? 0.75 : 0.35,
    texts: estimate === null
      ? ["not measured"]
      : text !== undefined
      ? [unbroken(text)]
      : valueTexts(estimate, unitFor(estimate.value), converged),
  }));
  const room = Math.min(width * 0.32, Math.max(...bars.map((bar) => textWidth(bar.label, FONT_SIZE))));
  const best = bars.filter(({ isBest }) => isBest).map((bar) => bar.label);
  const marginLeft = Math.ceil(room) + 12 + (best.length === 0 ? 0 : STAR_ROOM), marginRight = 10;
  const inner = width - marginLeft - marginRight;
  const words = Math.min(0.6 * inner, Math.max(...shown.map(({ texts }) => textWidth(texts[0]!, FONT_SIZE))) + 10);
  const least = Math.min(0, ...shown.map(({ low }) => low));
  const highest = Math.max(...shown.map(({ high }) => high), 0);
  const span = (highest - least || 1) * inner / (inner - words);
  const axis = linearAxis([least, least + span], `${label} (${unitName(unit)})`, width, {
    marginLeft,
    marginRight,
  });
  return {
    ...MARGINS,
    marginTop: 6,
    marginLeft,
    marginRight,
    x: { ...axis.scale, grid: true },
    y: {
      type: "band",
      domain: bars.map((bar) => bar.label),
      padding: 0.25,
      label: null,
      tickSize: 0,
      tickFormat: (text: string) => fitted(text, room, FONT_SIZE),
    },
    color: { type: "identity" },
    marks: [...barMarks(shown, words), starMark(best, marginLeft)],
  };
}

/** Room for a star before the names, px. */
const STAR_ROOM = 20;

/** A star before the name of each of these bars. */
function starMark(names: readonly string[], marginLeft: number): Markish {
  return Plot.dot(names, {
    y: (name: string) => name,
    frameAnchor: "left",
    dx: STAR_ROOM / 2 - marginLeft,
    symbol: "star",
    r: 5,
    fill: COLORS.gold,
    stroke: COLORS.ink,
    strokeWidth: 1,
    title: (name: string) => `best: ${name}`,
  });
}

/** A bar in the unit of the axis. */
interface ShownBar {
  readonly name: string;
  readonly value: number;
  readonly high: number;
  readonly texts: readonly string[];
  readonly title: string | undefined;
}

function barMarks(bars: readonly ShownBar[], room: number): Markish[] {
  const titleOf = ({ name, texts, title }: ShownBar) => title ?? `${name}: ${texts[0]}`;
  const textOf = ({ texts }: ShownBar) =>
    texts.find((text) => textWidth(text, FONT_SIZE) <= room) ?? fitted(texts.at(-1)!, room, FONT_SIZE);
  return [
    Plot.barX(bars, { x1: 0, x2: "value", y: "name", fill: "color", fillOpacity: "opacity", title: titleOf }),
    Plot.ruleY(bars, { x1: "low", x2: "high", y: "name", stroke: COLORS.ink, strokeWidth: 2, title: titleOf }),
    Plot.ruleX([0]),
    Plot.text(bars, {
      x: ({ value, high }: ShownBar) => Math.max(0, value, high),
      y: "name",
      text: textOf,
      textAnchor: "start",
      dx: 6,
      stroke: COLORS.background,
      strokeWidth: 3,
      fill: COLORS.ink,
    }),
  ];
}

/** What is written at a bar, the fullest first: the last one that is left says the least. */
function valueTexts(estimate: Estimate, unit: Unit, converged: boolean): string[] {
  const { value: number, suffix } = estimateText(estimate, unit);
  const value = unbroken(number + suffix), full = unbroken(formatEstimate(estimate, unit));
  return converged ? [full, value] : [`${full}, rough`, `${value}, rough`, value];
}
