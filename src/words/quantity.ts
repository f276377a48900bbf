/**
 * The rules by which text, HTML and charts show quantities: which unit, how many digits. A value reads the same wherever it
 * stands.
 *
 * @module
 */

/** A unit of display: how a number is scaled and what is written after it. */
export interface Unit {
  /** What the number is divided by. */
  readonly divisor: number;
  /** What stands after it, with the space that it wants: `" ms"`, `"%"`. */
  readonly suffix: string;
}

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
const SECOND = 1000;

/** All units of display. Those of bytes are binary, as `nvidia-smi` and PyTorch count, and say so. */
export const UNITS = {
  requestsPerSecond: { divisor: 1, suffix: " req/s" },
  predictionsPerSecond: { divisor: 1, suffix: " pred/s" },
  percent: { divisor: 1, suffix: "%" },
  share: { divisor: 0.01, suffix: "%" },
  times: { divisor: 1, suffix: "x" },
  none: { divisor: 1, suffix: "" },
  tokens: { divisor: 1, suffix: " tokens" },
  tokensPerSecond: { divisor: 1, suffix: " tokens/s" },
  dollars: { divisor: 1, suffix: " USD" },
  microseconds: { divisor: 0.001, suffix: " us" },
  milliseconds: { divisor: 1, suffix: " ms" },
  seconds: { divisor: SECOND, suffix: " s" },
  bytes: { divisor: 1, suffix: " bytes" },
  kibibytes: { divisor: KIB, suffix: " KiB" },
  mebibytes: { divisor: MIB, suffix: " MiB" },
  gibibytes: { divisor: GIB, suffix: " GiB" },
  bytesPerRequest: { divisor: 1, suffix: " bytes/request" },
  joules: { divisor: 1, suffix: " J" },
  millijoules: { divisor: 0.001, suffix: " mJ" },
  watts: { divisor: 1, suffix: " W" },
  megahertz: { divisor: 1, suffix: " MHz" },
} as const satisfies Record<string, Unit>;

/**
 * The name of a unit alone, for a heading or an axis.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unitName, UNITS } from "./quantity.ts";
 *
 * assertEquals([unitName(UNITS.requestsPerSecond), unitName(UNITS.none)], ["req/s", ""]);
 * ```
 *
 * @param unit Unit of display.
 * @returns Its name, empty where it has none.
 */
export function unitName({ suffix }: Unit): string {
  return suffix.trimStart();
}

/**
 * The unit for a time: seconds from one second on, microseconds under a tenth of a millisecond, else milliseconds.
 *
 * @param durationMs Time in ms.
 */
export function timeUnit(durationMs: number): Unit {
  const size = Math.abs(durationMs);
  if (size >= SECOND) return UNITS.seconds;
  return size > 0 && size < 0.1 ? UNITS.microseconds : UNITS.milliseconds;
}

/**
 * The unit for a size in memory: MiB, but GiB from ten of them on, and KiB for what would be a twentieth of a MiB or less.
 *
 * @param bytes Size in bytes.
 */
export function bytesUnit(bytes: number): Unit {
  const size = Math.abs(bytes);
  if (size >= 10 * GIB) return UNITS.gibibytes;
  return size > 0 && size < 0.05 * MIB ? UNITS.kibibytes : UNITS.mebibytes;
}

/**
 * Decimals that show a number to some significant digits, once it is rounded to them: 9.996 reads 10.0.
 *
 * @param number In the unit of display.
 * @param significant Digits wanted.
 * @returns 0 to 6.
 */
export function decimalsFor(number: number, significant: number): number {
  if (number === 0) return 0;
  const rounded = Math.abs(Number(number.toPrecision(significant)));
  return Math.min(6, Math.max(0, significant - 1 - Math.floor(Math.log10(rounded))));
}

const write = (number: number, decimals: number) => {
  const text = number.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: Math.abs(number) >= 10_000,
  });
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
};

/**
 * A number with a fixed count of decimals, for columns and for memory.
 *
 * @param value In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 * @param decimals Digits after the point.
 */
export function formatDecimals(value: number, unit: Unit, decimals: number): string {
  return write(value / unit.divisor, decimals) + unit.suffix;
}

/**
 * A number without an interval: a whole one as it is, another to three significant digits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatNumber, UNITS } from "./quantity.ts";
 *
 * assertEquals(formatNumber(8.4567, UNITS.times), "8.46x");
 * assertEquals(formatNumber(9.996, UNITS.times), "10.0x");
 * assertEquals(formatNumber(2000, UNITS.seconds), "2 s");
 * ```
 *
 * @param value In the base unit: ms, bytes, per second.
 * @param unit Unit of display.
 */
export function formatNumber(value: number, unit: Unit): string {
  const scaled = value / unit.divisor;
  return write(scaled, Number.isInteger(scaled) ? 0 : decimalsFor(scaled, 3)) + unit.suffix;
}

/**
 * A time in ms below a second, in seconds above.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTime } from "./quantity.ts";
 *
 * assertEquals(formatTime(22.04), "22.0 ms");
 * assertEquals(formatTime(2345.6), "2.35 s");
 * ```
 *
 * @param durationMs Time in ms.
 */
export function formatTime(durationMs: number): string {
  return formatNumber(durationMs, timeUnit(durationMs));
}

/**
 * A size in memory, to a tenth of its unit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatBytes } from "./quantity.ts";
 *
 * assertEquals([0, 512, 2 ** 20, 24 * 2 ** 30].map(formatBytes), ["0.0 MiB", "0.5 KiB", "1.0 MiB", "24.0 GiB"]);
 * ```
 *
 * @param bytes Size in bytes.
 */
export function formatBytes(bytes: number): string {
  return formatDecimals(bytes, bytesUnit(bytes), 1);
}

/**
 * A number for the tick of an axis, where the axis names the unit: three significant digits at most, thousands in short.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shortNumber } from "./quantity.ts";
 *
 * assertEquals([0, 3.14159, 1234, 45_600, 2e6].map(shortNumber), ["0", "3.14", "1234", "45.6k", "2M"]);
 * ```
 *
 * @param value In the unit of the axis.
 */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${threeDigits(value / 1e6)}M`;
  if (size >= 9_999.5) return `${threeDigits(value / 1e3)}k`;
  return size >= 100 ? String(Math.round(value)) : threeDigits(value);
}

function threeDigits(value: number): string {
  const text = String(Number(value.toPrecision(3)));
  return text.includes("e") ? value.toPrecision(2) : text;
}

/**
 * A quantity in one word: with no-break spaces, for what breaks its lines by itself, as a chart does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTime, unbroken } from "./quantity.ts";
 *
 * assertEquals(unbroken(formatTime(22.04)), "22.0\u00a0ms");
 * ```
 *
 * @param quantity As one of the functions here gives it.
 */
export function unbroken(quantity: string): string {
  return quantity.replaceAll(" ", "\u00a0");
}

/**
 * A share in percent that reads 100 or 0 only where it is exactly that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatShare } from "./quantity.ts";
 *
 * assertEquals(formatShare(402, 402), "100.0%");
 * assertEquals(formatShare(99_999, 100_000), "99.9%");
 * assertEquals(formatShare(1, 100_000), "0.1%");
 * ```
 *
 * @param part Count of the part.
 * @param whole Count of the whole, > 0.
 */
export function formatShare(part: number, whole: number): string {
  const tenths = 1000 * part / whole;
  const kept = part === 0 || part === whole ? tenths : Math.min(999, Math.max(1, Math.round(tenths)));
  return `${(kept / 10).toFixed(1)}%`;
}
