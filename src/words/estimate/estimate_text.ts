import type { Estimate } from "../../core/estimate.ts";
import { decimalsFor, formatDecimals, timeUnit, type Unit, UNITS } from "../quantity.ts";

/** An estimate in the parts that a table aligns. */
export interface EstimateText {
  /** The value with as many digits as its interval supports. */
  readonly value: string;
  /** The interval, as {@linkcode intervalText} writes it. */
  readonly interval: string;
  /** What stands after the numbers. */
  readonly suffix: string;
}

/**
 * An interval in brackets. Where so few observations support only one end, it says on which side of it the value is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { intervalText } from "./estimate_text.ts";
 *
 * assertEquals(intervalText("143", "148"), "[143, 148]");
 * assertEquals(intervalText("143", null), "[at least 143]");
 * assertEquals(intervalText(null, "148"), "[at most 148]");
 * assertEquals(intervalText(null, null), "[no interval]");
 * ```
 *
 * @param low Lower end as it reads, `null` where it is not known.
 * @param high Upper end as it reads, `null` where it is not known.
 */
export function intervalText(low: string | null, high: string | null): string {
  if (low === null) return high === null ? "[no interval]" : `[at most ${high}]`;
  return high === null ? `[at least ${low}]` : `[${low}, ${high}]`;
}

/**
 * An estimate as text. Its value has the three significant digits that it has without its interval, so that one number reads
 * the same wherever it stands. Where the interval's nearer end would read as the value does, one digit more is shown; where
 * that end lies farther than half the value, two digits of the distance to it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UNITS } from "../quantity.ts";
 * import { estimateText } from "./estimate_text.ts";
 *
 * const shown = (value: number, low: number, high: number) => {
 *   const { value: text, interval } = estimateText({ value, low, high, level: 0.95, n: 9 }, UNITS.none);
 *   return `${text} ${interval}`;
 * };
 * assertEquals(shown(145.67, 143.2, 148.04), "146 [143, 148]");
 * assertEquals(shown(1.0024, 0.9991, 1.0057), "1.002 [0.999, 1.006]");
 * assertEquals(shown(42.31, -29.2, 113.4), "42 [-29, 113]");
 * assertEquals(shown(0, 0, 0.38), "0.00 [0.00, 0.38]");
 * ```
 *
 * @param estimate In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export function estimateText({ value, low, high }: Estimate, unit: Unit): EstimateText {
  const scaled = value / unit.divisor;
  const ends = [low, high].map((end) => end === null ? null : end / unit.divisor);
  const decimals = decimalsOfEstimate(scaled, ends);
  const write = (number: number) => formatDecimals(number, UNITS.none, decimals);
  const end = (at: number | null) => at === null ? null : write(at / unit.divisor);
  return { value: write(scaled), interval: intervalText(end(low), end(high)), suffix: unit.suffix };
}

function decimalsOfEstimate(scaled: number, ends: readonly (number | null)[]): number {
  const usual = Number.isInteger(scaled) && ends.every((end) => end === null) ? 0 : decimalsFor(scaled, 3);
  const reaches = ends.flatMap((end) => end === null || end === scaled ? [] : Math.abs(end - scaled));
  if (reaches.length === 0) return usual;
  const nearest = Math.min(...reaches);
  // A 0 has no digits of its own: those of its interval's end are all there are.
  if (scaled === 0) return decimalsFor(nearest, 2);
  const isUsual = 2 * nearest < Math.abs(scaled) && nearest >= 10 ** -usual;
  return isUsual ? usual : Math.min(decimalsFor(nearest, 2), decimalsFor(scaled, 4));
}

/**
 * An estimate without its interval, in the digits that the interval supports: as it reads where that stands beside it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UNITS } from "../quantity.ts";
 * import { valueText } from "./estimate_text.ts";
 *
 * assertEquals(valueText({ value: 34.2, low: 12, high: 55, level: 0.95, n: 80 }, UNITS.percent), "34%");
 * ```
 *
 * @param estimate In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export function valueText(estimate: Estimate, unit: Unit): string {
  const { value, suffix } = estimateText(estimate, unit);
  return value + suffix;
}

/**
 * An estimate with its interval and unit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UNITS } from "../quantity.ts";
 * import { formatEstimate } from "./estimate_text.ts";
 *
 * const rate = { value: 145.6712, low: 143.2, high: 148.04, level: 0.95, n: 118 };
 * assertEquals(formatEstimate(rate, UNITS.predictionsPerSecond), "146 pred/s [143, 148]");
 * assertEquals(formatEstimate({ ...rate, high: null }, UNITS.none), "146 [at least 143]");
 * ```
 *
 * @param estimate In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export function formatEstimate(estimate: Estimate, unit: Unit): string {
  const { value, interval, suffix } = estimateText(estimate, unit);
  return `${value}${suffix} ${interval}`;
}

/**
 * The unit for an estimated time: that of its value, and of a difference that may be none that of its farther end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTimeEstimate } from "./estimate_text.ts";
 *
 * assertEquals(formatTimeEstimate({ value: -0.014, low: -55.2, high: 25.9, level: 0.95, n: 9 }), "0 ms [-55, 26]");
 * ```
 *
 * @param estimate In ms.
 */
export function timeUnitOf({ value, low, high }: Estimate): Unit {
  const mayBeNone = low !== null && low < 0;
  return timeUnit(mayBeNone ? Math.max(Math.abs(value), -low, high ?? 0) : value);
}

/**
 * An estimated time with its interval, in ms below a second, in seconds above.
 *
 * @param estimate In ms.
 */
export function formatTimeEstimate(estimate: Estimate): string {
  return formatEstimate(estimate, timeUnitOf(estimate));
}
