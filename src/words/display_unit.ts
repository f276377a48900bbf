import type { Unit as FigureUnit } from "../results/units.ts";
import { bytesUnit, timeUnit, type Unit, UNITS } from "./quantity.ts";

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
  "J": (joules) => joules > 0 && joules < 0.01 ? UNITS.millijoules : UNITS.joules,
  "W": () => UNITS.watts,
  "requests": () => UNITS.none,
  "items": () => UNITS.none,
  "tokens": () => UNITS.tokens,
  "tokens/s": () => UNITS.tokensPerSecond,
  "USD": () => UNITS.dollars,
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
