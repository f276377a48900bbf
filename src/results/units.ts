/** What a figure is measured in; shares are 0 to 1. */
export type Unit =
  | "ms"
  | "share"
  | "percent"
  | "requests/s"
  | "predictions/s"
  | "bytes"
  | "bytes/request"
  | "bytes/cycle"
  | "times"
  | "J"
  | "W"
  | "requests"
  | "items"
  | "tokens"
  | "tokens/s"
  | "USD";

/** How a unit may be written in an objective, and what one of it is in {@linkcode Unit}. */
export interface WrittenUnit {
  /** As it is written, in any case. */
  readonly written: string;
  /** What it is a multiple or a part of. */
  readonly unit: Unit;
  /** How many of `unit` one of it is. */
  readonly times: number;
}

const WRITTEN: Readonly<Record<Unit, readonly (readonly [written: string, times: number])[]>> = {
  "ms": [["ms", 1], ["us", 0.001], ["s", 1000]],
  "share": [["%", 0.01]],
  "percent": [["%", 1]],
  "requests/s": [["/s", 1], ["req/s", 1]],
  "predictions/s": [["pred/s", 1]],
  "bytes": [["KB", 1e3], ["MB", 1e6], ["GB", 1e9], ["KiB", 2 ** 10], ["MiB", 2 ** 20], ["GiB", 2 ** 30]],
  "bytes/request": [["B/request", 1], ["KB/request", 1e3], ["KiB/request", 2 ** 10]],
  "bytes/cycle": [["B/cycle", 1], ["KB/cycle", 1e3], ["KiB/cycle", 2 ** 10]],
  "times": [["x", 1]],
  "J": [["J", 1], ["mJ", 0.001]],
  "W": [["W", 1]],
  "requests": [["requests", 1]],
  "items": [["items", 1]],
  "tokens": [["tokens", 1]],
  "tokens/s": [["tokens/s", 1], ["tok/s", 1]],
  "USD": [["USD", 1]],
};

/** Every unit. */
export const UNITS: readonly Unit[] = Object.keys(WRITTEN) as Unit[];

/**
 * How limits in a unit may be written; the first is the usual one.
 *
 * @param unit Which.
 */
export function writtenUnits(unit: Unit): readonly WrittenUnit[] {
  return WRITTEN[unit].map(([written, times]) => ({ written, unit, times }));
}
