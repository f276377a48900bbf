import { type ArrivalPattern, type Load, rateOf } from "../results/window/load.ts";
import { formatNumber, unbroken, UNITS } from "./quantity.ts";

/**
 * A load as it was asked for. How many requests of an open loop were outstanding came out of it, and is no part of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadInWords } from "./load_in_words.ts";
 *
 * assertEquals(loadInWords({ kind: "closed", concurrency: 4, batchSize: 1 }), "closed loop, concurrency 4, batch size 1");
 * ```
 *
 * @param load What was offered.
 * @returns A phrase without a capital; its rate holds a no-break space.
 */
export function loadInWords(load: Load): string {
  const how = load.kind === "closed"
    ? `closed loop, concurrency ${load.concurrency}`
    : `open loop, ${offered(load.arrivals)}`;
  return `${how}, batch size ${load.batchSize}`;
}

function offered(arrivals: ArrivalPattern): string {
  const rate = rateOf(arrivals);
  return rate === null
    ? `a trace of ${arrivals.kind === "trace" ? arrivals.requests : 0} requests`
    : `${unbroken(formatNumber(rate, UNITS.requestsPerSecond))} offered`;
}

/**
 * What a test asked of the server, where two runs are told apart by it: `concurrency 4, batch size 1`.
 *
 * @param asked As data, from the kind of the result.
 */
export function askedInWords(asked: Readonly<Record<string, unknown>>): string {
  const { kind: _, maxConnections: __, ...shown } = asked;
  const parts = Object.entries(shown).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    if (key === "arrivals" && typeof value === "object") return [patternInWords(value as ArrivalPattern)];
    return [`${key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`];
  });
  return parts.length === 0 ? "its usual load" : parts.join(", ");
}

/**
 * Arrivals with their rate: `poisson arrivals, 50 req/s offered`.
 *
 * @param arrivals What was asked for.
 * @returns A phrase without a capital; its rate holds a no-break space.
 */
export function patternInWords(arrivals: ArrivalPattern): string {
  const name = arrivals.kind === "bursts" ? `bursts of ${arrivals.size}` : arrivals.kind;
  return `${name} arrivals, ${offered(arrivals)}`;
}
