import type { WireResponse } from "../transport.ts";

/** What a server asks for by `Retry-After` (RFC 9110, 10.2.3). */
export interface RetryAfter {
  /** How long to wait, ms, 0 for a moment that has passed; `null` where the header tells no time. */
  readonly waitMs: number | null;
  /** The same for people. */
  readonly words: string;
}

/** Seconds; several where the header came several times. Decimals are none of the standard's, but servers write them. */
const SECONDS = /^\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*$/;
/** The three forms of a date (RFC 9110, 5.6.7). */
const DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT|[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} [\d:]{8} GMT)$/;
const DATE_OF_C = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d [\d:]{8} \d{4}$/;

/**
 * Whether an answer says that the server does not want so many requests: 429, or 503 with a time to ask again.
 *
 * @param answer Its head.
 */
export function isLimit({ status, headers }: Pick<WireResponse, "status" | "headers">): boolean {
  return status === 429 || status === 503 && headers["retry-after"] !== undefined;
}

/**
 * What a server asks for; pure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { retryAfter } from "./retry_after.ts";
 * assertEquals(retryAfter({ "retry-after": "30" }), {
 *   waitMs: 30_000,
 *   words: "the server asked to wait 30 s (Retry-After)",
 * });
 * assertEquals(retryAfter({}), null);
 * ```
 *
 * @param headers Of its answer. A moment is told from that of the answer's own `Date`, by the server's clock.
 * @param nowMs The moment where the answer has none, ms since 1970.
 * @returns `null` where it asks for nothing.
 */
export function retryAfter(headers: WireResponse["headers"], nowMs: number = Date.now()): RetryAfter | null {
  const value = headers["retry-after"]?.trim();
  if (value === undefined) return null;
  const waitMs = SECONDS.test(value) ? secondsOf(value) * 1000 : untilDate(value, headers["date"], nowMs);
  if (waitMs === null) return { waitMs, words: "its Retry-After is no time" };
  return { waitMs, words: `the server asked to wait ${timeInWords(waitMs)} (Retry-After)` };
}

function secondsOf(value: string): number {
  return Math.max(...value.split(",").map(Number));
}

function untilDate(value: string, date: string | undefined, nowMs: number): number | null {
  const until = momentOf(value);
  return until === null ? null : Math.max(0, until - (momentOf(date ?? "") ?? nowMs));
}

function momentOf(date: string): number | null {
  const moment = DATE.test(date) ? Date.parse(date) : DATE_OF_C.test(date) ? Date.parse(`${date} GMT`) : NaN;
  return Number.isNaN(moment) ? null : moment;
}

function timeInWords(waitMs: number): string {
  const seconds = waitMs / 1000, hours = seconds / 3600, days = hours / 24;
  if (hours <= 1) return `${Number(seconds.toFixed(1))} s`;
  if (days < 2) return `${Math.round(hours)} h`;
  return days <= 366 ? `${Math.round(days)} days` : "more than a year";
}
