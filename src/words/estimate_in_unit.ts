import type { Estimate } from "../core/estimate.ts";
import type { Unit as FigureUnit } from "../results/units.ts";
import { bytesUnit, formatBytes, formatEstimate, formatNumber, timeUnit, type Unit, UNITS } from "./quantity.ts";

/** How each unit of the results is shown: which of its multiples suits a value. */
const DISPLAYS: Readonly<Record<FigureUnit, (value: number) => Unit>> = {
  "ms": timeUnit,
  "share": () => UNITS.share,
  "percent": () => UNITS.percent,
  "requests/s": () => UNITS.requestsPerSecond,
  "predictions/s": () => UNITS.predictionsPerSecond,
  "bytes": bytesUnit,
  "bytes/request": () => UNITS.bytesPerRequest,
  "bytes/cycle": bytesUnit,
  "times": () => UNITS.times,
  "requests": () => UNITS.none,
  "items": () => UNITS.none,
};

/**
 * The unit of display for a value of the results.
 *
 * @param unit Unit of the value.
 * @param value Value in that unit.
 */
export function displayUnit(unit: FigureUnit, value: number): Unit {
  return DISPLAYS[unit](value);
}

/**
 * An estimate in its unit of display with its interval, where it has one.
 *
 * @param estimate In `unit`.
 * @param unit Its unit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const share = { value: 0.004, low: 0.001, high: 0.014, level: 0.95, n: 500 };
 * assertEquals(estimateInUnit(share, "share"), "0.40% [0.10, 1.40]");
 * ```
 */
export function estimateInUnit(estimate: Estimate, unit: FigureUnit): string {
  const { value, low, high, n } = estimate;
  const shown = displayUnit(unit, value);
  const isReading = n === 1 && (low === null || low === high);
  if (!isReading && !(low === value && high === value)) return formatEstimate(estimate, shown);
  return unit === "bytes" ? formatBytes(value) : formatNumber(value, shown);
}
