import type { Estimate } from "../../core/estimate.ts";

/** A unit of display: what a number is divided by and what stands after it. */
export interface Unit {
  /** Divisor from the base unit (ms, bytes, 1). */
  readonly divisor: number;
  /** Its name; empty for plain numbers. */
  readonly name: string;
}

const NO_BREAK = "\u00a0";

/** Plain numbers. */
export const PLAIN: Unit = { divisor: 1, name: "" };
/** Requests per second. */
export const REQUESTS: Unit = { divisor: 1, name: "req/s" };
/** Predictions per second. */
export const PREDICTIONS: Unit = { divisor: 1, name: "pred/s" };

/**
 * The unit for times like this one.
 *
 * @param typicalMs In ms.
 */
export function timeUnit(typicalMs: number): Unit {
  if (typicalMs >= 1000) return { divisor: 1000, name: "s" };
  return typicalMs > 0 && typicalMs < 0.5 ? { divisor: 0.001, name: "µs" } : { divisor: 1, name: "ms" };
}

/**
 * The unit for the time axis of a run.
 *
 * @param longestMs In ms.
 */
export function runTimeUnit(longestMs: number): Unit {
  if (longestMs >= 600_000) return { divisor: 60_000, name: "min" };
  return longestMs >= 1000 ? { divisor: 1000, name: "s" } : timeUnit(longestMs);
}

/**
 * The unit for sizes up to a largest one: binary multiples, as `nvidia-smi` and PyTorch count.
 *
 * @param largestBytes In bytes.
 */
export function bytesUnit(largestBytes: number): Unit {
  const size = Math.abs(largestBytes);
  if (size >= 10 * 2 ** 30) return { divisor: 2 ** 30, name: "GB" };
  if (size >= 2 ** 20) return { divisor: 2 ** 20, name: "MB" };
  return size >= 10 * 2 ** 10 ? { divisor: 2 ** 10, name: "KB" } : { divisor: 1, name: "B" };
}

/**
 * A number in three significant digits, thousands and more in short.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shortNumber } from "./quantity.ts";
 * assertEquals([0, 3.14159, 1234, 45_600, 2e6].map(shortNumber), ["0", "3.14", "1,234", "45.6k", "2M"]);
 * ```
 *
 * @param value Any finite number.
 */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${digits(value / 1e6)}M`;
  if (size >= 9_999.5) return `${digits(value / 1e3)}k`;
  return size >= 100 ? Math.round(value).toLocaleString("en-US") : digits(value);
}

function digits(value: number): string {
  const text = String(Number(value.toPrecision(3)));
  return text.includes("e") ? value.toPrecision(2) : text;
}

/**
 * A number with its unit.
 *
 * @param value In the base unit (ms, bytes, per second).
 * @param unit Of display.
 */
export function formatQuantity(value: number, unit: Unit): string {
  return `${shortNumber(value / unit.divisor)}${unit.name === "" ? "" : `${NO_BREAK}${unit.name}`}`;
}

/**
 * An estimate with its interval; an end that so few observations cannot support reads `?`, and nothing follows
 * where both are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatEstimate, REQUESTS } from "./quantity.ts";
 * const rate = { value: 145.67, low: 143.2, high: null, level: 0.95, n: 20 };
 * assertEquals(formatEstimate(rate, REQUESTS), "146\u00a0req/s [143,\u00a0?]");
 * ```
 *
 * @param estimate In the base unit (ms, bytes, per second).
 * @param unit Of display.
 */
export function formatEstimate({ value, low, high }: Estimate, unit: Unit): string {
  const ends = [low, high].map((end) => end === null ? "?" : shortNumber(end / unit.divisor));
  if (low === null && high === null) return formatQuantity(value, unit);
  return `${formatQuantity(value, unit)} [${ends.join(`,${NO_BREAK}`)}]`;
}

/** A time in the unit that suits it. @param durationMs In ms. */
export function formatTime(durationMs: number): string {
  return formatQuantity(durationMs, timeUnit(durationMs));
}

/** An estimated time in the unit that suits it. @param estimate In ms. */
export function formatTimeEstimate(estimate: Estimate): string {
  return formatEstimate(estimate, timeUnit(estimate.value));
}

/** A size in the unit that suits it. @param bytes In bytes. */
export function formatBytes(bytes: number): string {
  return formatQuantity(bytes, bytesUnit(bytes));
}
