import type { ArrivalPattern, ArrivalShape, Load } from "../results/window/load.ts";
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
  if (load.kind === "closed" && load.promptWords !== undefined) return `${how}, prompts of ${load.promptWords} words`;
  return `${how}, batch size ${load.batchSize}`;
}

const plain = (number: number) => formatNumber(number, UNITS.none);

function offered(arrivals: ArrivalPattern): string {
  return "ratePerSecond" in arrivals
    ? `${unbroken(formatNumber(arrivals.ratePerSecond, UNITS.requestsPerSecond))} offered`
    : arrivalsInWords(arrivals);
}

/**
 * How requests arrive, whatever their rate.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arrivalsInWords } from "./load_in_words.ts";
 *
 * assertEquals(arrivalsInWords({ kind: "poisson" }), "poisson arrivals");
 * assertEquals(arrivalsInWords({ kind: "bursts", size: 10 }), "arrivals in bursts of 10");
 * ```
 *
 * @param arrivals What was asked for.
 * @returns A phrase without a capital; a rate in it holds a no-break space.
 */
export function arrivalsInWords(arrivals: ArrivalShape): string {
  switch (arrivals.kind) {
    case "bursts":
      return `arrivals in bursts of ${arrivals.size}`;
    case "ramp":
      return `a ramp from ${plain(arrivals.fromPerSecond)} to ${
        unbroken(formatNumber(arrivals.toPerSecond, UNITS.requestsPerSecond))
      }`;
    case "trace":
      return `a trace of ${plain(arrivals.requests)} requests`;
    default:
      return `${arrivals.kind} arrivals`;
  }
}

/**
 * What a test asked of the server, where two runs are told apart by it: `concurrency 4, batch size 1`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { askedInWords } from "./load_in_words.ts";
 *
 * const asked = { arrivals: { kind: "poisson" }, batchSize: 1, maxConnections: 8 };
 * assertEquals(askedInWords(asked, { ...asked, batchSize: 2 }), "poisson arrivals, batch size 1");
 * assertEquals(askedInWords(asked, { ...asked, maxConnections: 9 }), "poisson arrivals, batch size 1, max connections 8");
 * ```
 *
 * @param asked As data, from the kind of the result.
 * @param other What the other run asked: the bound of connections is told where the two differ in it.
 */
export function askedInWords(
  asked: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): string {
  const { kind: _, ...rest } = asked;
  const parts = Object.entries(rest).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    if (key === "maxConnections" && value === other[key]) return [];
    if (key === "arrivals" && typeof value === "object") return [patternInWords(value as ArrivalPattern)];
    if (Array.isArray(value)) return [`${key} ${value.length === 0 ? "none" : value.map(plain).join(", ")}`];
    return [`${key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`];
  });
  return parts.length === 0 ? "its usual load" : parts.join(", ");
}

/**
 * Arrivals where they are told from others: `poisson arrivals, 50 req/s offered`; a trace with the digest of its moments.
 *
 * @param arrivals What was asked for.
 * @returns A phrase without a capital; its rate holds a no-break space.
 */
export function patternInWords(arrivals: ArrivalPattern | ArrivalShape): string {
  const name = arrivalsInWords(arrivals);
  if (arrivals.kind === "trace") return arrivals.digest === undefined ? name : `${name} (${arrivals.digest})`;
  return "ratePerSecond" in arrivals ? `${name}, ${offered(arrivals)}` : name;
}
