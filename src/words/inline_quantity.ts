import type { Estimate } from "../core/estimate.ts";
import type { Unit as FigureUnit } from "../results/units.ts";
import { displayUnit } from "./display_unit.ts";
import { type Inline, interval, quantity, say, type Span } from "./inline.ts";
import { type EstimateText, estimateText, timeUnitOf, valueText } from "./estimate/estimate_text.ts";
import { formatBytes, formatNumber, formatTime, type Unit } from "./quantity.ts";

/**
 * A number without an interval, as part of a sentence.
 *
 * @param value In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export const inlineNumber = (value: number, unit: Unit): Span => quantity(formatNumber(value, unit));

/**
 * A time without an interval, as part of a sentence.
 *
 * @param durationMs Time in ms.
 */
export const inlineTime = (durationMs: number): Span => quantity(formatTime(durationMs));

/**
 * An estimated time without its interval, in the digits that the interval supports: as it reads where that stands beside it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { timeValue } from "./inline_quantity.ts";
 *
 * assertEquals(timeValue({ value: 66.52, low: 50, high: null, level: 0.95, n: 80 }), "66.5 ms");
 * assertEquals(timeValue({ value: 66.52, low: 66.51, high: 66.53, level: 0.95, n: 80 }), "66.52 ms");
 * ```
 *
 * @param estimate In ms.
 */
export function timeValue(estimate: Estimate): string {
  return valueText(estimate, timeUnitOf(estimate));
}

/**
 * An estimated time without its interval, as part of a sentence: in the digits in which it reads beside that.
 *
 * @param estimate In ms.
 */
export const inlineTimeValue = (estimate: Estimate): Span => quantity(timeValue(estimate));

/**
 * An estimate without its interval, as part of a sentence: in the digits in which it reads beside that.
 *
 * @param estimate In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export const inlineValue = (estimate: Estimate, unit: Unit): Span => quantity(valueText(estimate, unit));

/**
 * A size in memory, as part of a sentence.
 *
 * @param bytes Size in bytes.
 */
export const inlineBytes = (bytes: number): Span => quantity(formatBytes(bytes));

/**
 * The parts of an estimate, as part of a sentence.
 *
 * @param parts Value, interval and unit.
 */
export const inlineParts = ({ value, interval: ends, suffix }: EstimateText): Inline =>
  say`${quantity(value + suffix)} ${interval(ends)}`;

/**
 * An estimate with its interval and unit, as part of a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainText } from "./inline.ts";
 * import { inlineEstimate } from "./inline_quantity.ts";
 * import { UNITS } from "./quantity.ts";
 *
 * const rate = { value: 145.6712, low: 143.2, high: 148.04, level: 0.95, n: 118 };
 * assertEquals(plainText(inlineEstimate(rate, UNITS.predictionsPerSecond)), "146 pred/s [143, 148]");
 * ```
 *
 * @param estimate In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export const inlineEstimate = (estimate: Estimate, unit: Unit): Inline => inlineParts(estimateText(estimate, unit));

/**
 * An estimated time with its interval, as part of a sentence.
 *
 * @param estimate In ms.
 */
export const inlineTimeEstimate = (estimate: Estimate): Inline => inlineEstimate(estimate, timeUnitOf(estimate));

/**
 * An estimate in its unit of display with its interval, where it has one: a single reading has none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainText } from "./inline.ts";
 * import { inlineEstimateIn } from "./inline_quantity.ts";
 *
 * const share = { value: 0.004, low: 0.001, high: 0.014, level: 0.95, n: 500 };
 * assertEquals(plainText(inlineEstimateIn(share, "share")), "0.40% [0.10, 1.40]");
 * ```
 *
 * @param estimate In `unit`.
 * @param unit Its unit.
 */
export function inlineEstimateIn(estimate: Estimate, unit: FigureUnit): Inline {
  const { value, low, high, n } = estimate;
  const shown = displayUnit(unit, value);
  const isReading = (n === 1 && (low === null || low === high)) || (low === value && high === value);
  return isReading ? [inlineNumber(value, shown)] : inlineEstimate(estimate, shown);
}

/**
 * A rate with its interval; one that the client limited is what the server does at least.
 *
 * @param rate Per second.
 * @param unit Of display.
 * @param atLeast Whether the client was the limit.
 */
export function inlineRate(rate: Estimate, unit: Unit, atLeast = false): Inline {
  return atLeast
    ? say`at least ${inlineNumber(rate.value, unit)} (the client was the limit)`
    : say`${inlineEstimate(rate, unit)}`;
}
