import type { PlotOptions, ScaleOptions } from "@observablehq/plot";
import { shortNumber } from "../../words/quantity.ts";
import { textWidth } from "./text_layout.ts";
import { FONT_SIZE } from "./compose.ts";

/** Room around a plot for its axes, px. */
export const MARGINS = { marginLeft: 46, marginRight: 16, marginTop: 14, marginBottom: 40 } as const;

/** Where a value of the x axis stands in its panel, px. */
export type ToPixels = (value: number) => number;

/** An x axis that is laid out before it is drawn, so that labels can be kept apart. */
export interface LaidOutAxis {
  /** For Observable Plot. */
  readonly scale: ScaleOptions;
  /** Where a value stands, px from the panel's left. */
  readonly toPixels: ToPixels;
}

/** Room at the sides of an axis, px. */
interface Sides {
  readonly marginLeft: number;
  readonly marginRight: number;
}

/**
 * An axis of levels (batch sizes, concurrencies), each a power apart: log2, labelled at the levels that were measured as
 * far as their labels fit.
 *
 * @param levels Measured, each > 0.
 * @param label Quantity of the axis.
 * @param width Of the panel, px.
 * @param sides Room at its sides.
 */
export function levelAxis(
  levels: readonly number[],
  label: string,
  width: number,
  sides: Sides = MARGINS,
): LaidOutAxis {
  const least = Math.min(...levels), most = Math.max(...levels);
  const pad = least === most ? 1 : Math.max(0.25, 0.05 * Math.log2(most / least));
  const domain = [least / 2 ** pad, most * 2 ** pad] as const;
  const toPixels = pixels(domain, width, sides, Math.log2);
  return {
    scale: {
      type: "log",
      base: 2,
      domain,
      ticks: separate([...new Set(levels)].sort((a, b) => a - b), toPixels),
      tickFormat: shortNumber,
      label,
    },
    toPixels,
  };
}

/**
 * A linear axis.
 *
 * @param domain Its ends.
 * @param label Quantity and unit.
 * @param width Of the panel, px.
 * @param sides Room at its sides.
 */
export function linearAxis(
  domain: readonly [number, number],
  label: string,
  width: number,
  sides: Sides = MARGINS,
): LaidOutAxis {
  const ticks = Math.max(2, Math.min(8, Math.floor((width - sides.marginLeft - sides.marginRight) / 70)));
  return {
    scale: { domain, ticks, tickFormat: shortNumber, label },
    toPixels: pixels(domain, width, sides, (value) => value),
  };
}

/**
 * A y axis that begins at zero, so that heights are ratios.
 *
 * @param highest Highest value drawn, in the unit of display; labels get room above it.
 * @param headroom Share of the axis above it.
 */
export function zeroBased(highest: number, headroom = 0.1): ScaleOptions {
  const top = Number.isFinite(highest) && highest > 0 ? highest * (1 + headroom) : 1;
  return { domain: [0, top], ticks: 5, tickFormat: shortNumber, label: null, grid: true, tickSize: 0 };
}

/** What all plots share. @param width Of the panel, px. */
export function plotBase(width: number): PlotOptions {
  return { ...MARGINS, width };
}

/**
 * Ticks of a log axis at 1, 2 and 5 of each decade, as far as their labels fit.
 *
 * @param domain Ends of the axis, > 0.
 * @param toPixels Of the axis.
 */
export function logTicks([from, to]: readonly [number, number], toPixels: ToPixels): number[] {
  const decades = Array.from(
    { length: Math.ceil(Math.log10(to / from)) + 2 },
    (_, k) => 10 ** (Math.floor(Math.log10(from)) + k),
  );
  const within = (values: readonly number[]) => values.filter((value) => value >= from && value <= to);
  const dense = within(decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]));
  const sparse = within(decades);
  return separate(sparse.length > 3 ? sparse : dense, toPixels);
}

/** Values as far as their labels fit: the first, the last, then from the left. */
function separate(values: readonly number[], toPixels: ToPixels): number[] {
  const half = (value: number) => textWidth(shortNumber(value), FONT_SIZE) / 2 + 4;
  const clear = (a: number, b: number) => Math.abs(toPixels(a) - toPixels(b)) >= half(a) + half(b);
  const kept: number[] = [];
  for (const value of [...values.slice(0, 1), ...values.slice(-1), ...values.slice(1, -1)]) {
    if (kept.every((other) => clear(value, other))) kept.push(value);
  }
  return kept.sort((a, b) => a - b);
}

function pixels(
  [from, to]: readonly [number, number],
  width: number,
  { marginLeft, marginRight }: Sides,
  transform: (value: number) => number,
): ToPixels {
  const start = transform(from), span = transform(to) - start;
  return (value) => marginLeft + (width - marginLeft - marginRight) * (transform(value) - start) / span;
}
