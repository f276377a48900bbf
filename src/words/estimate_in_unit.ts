import type { Estimate } from "../core/estimate.ts";
import type { ObjectiveUnit } from "../results/objective.ts";
import { formatEstimate, formatNumber, timeUnit, type Unit, UNITS } from "./quantity.ts";

const BYTES_PER_REQUEST: Unit = { divisor: 1, suffix: " B/request" };
const SHARE: Unit = { divisor: 0.01, suffix: "%" };

/** The unit of display for a value of the results. */
export function displayUnit(unit: ObjectiveUnit, value: number): Unit {
  switch (unit) {
    case "ms":
      return timeUnit(value);
    case "share":
      return SHARE;
    case "percent":
      return UNITS.percent;
    case "requests/s":
      return UNITS.requestsPerSecond;
    case "predictions/s":
      return UNITS.predictionsPerSecond;
    case "bytes":
      return UNITS.megabytes;
    case "bytes/request":
      return BYTES_PER_REQUEST;
  }
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
export function estimateInUnit(estimate: Estimate, unit: ObjectiveUnit): string {
  const { value, low, high, n } = estimate;
  const shown = displayUnit(unit, value);
  const isReading = n === 1 && (low === null || low === high);
  return isReading || (low === value && high === value) ? formatNumber(value, shown) : formatEstimate(estimate, shown);
}
