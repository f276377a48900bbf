import { createHash } from "node:crypto";
import { seededRandom } from "../../core/random.ts";
import { UsageError } from "../../core/errors.ts";
import {
  type Arrivals,
  burstArrivals,
  constantArrivals,
  poissonArrivals,
  rampArrivals,
  traceArrivals,
} from "../../load/arrivals.ts";
import type { ArrivalPattern, Trace } from "../../results/window/load.ts";
import { defaultOf } from "../settings/default_of.ts";
import type { ArrivalOptions } from "../settings/options.ts";

/**
 * The pattern of a rate as the options want it.
 *
 * @param ratePerSecond Requests per second on the mean.
 * @param options Kind of arrivals.
 */
export function patternAt(ratePerSecond: number, options: ArrivalOptions): ArrivalPattern {
  const { arrivals = defaultOf("arrivals"), burst = defaultOf("burst") } = options;
  return burst > 1 ? { kind: "bursts", ratePerSecond, size: burst } : { kind: arrivals, ratePerSecond };
}

/**
 * The pattern of a trace: what tells it from another, without its moments.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 * import { tracePattern } from "./arrivals_of.ts";
 *
 * const { requests, lengthMs, digest } = tracePattern([5, 10, 25]);
 * assertEquals([requests, lengthMs], [3, 20]);
 * assertNotEquals(digest, tracePattern([5, 20, 25]).digest);
 * ```
 *
 * @param traceMs Moments, ascending, ms.
 */
export function tracePattern(traceMs: readonly number[]): Trace {
  const first = traceMs[0] ?? 0;
  // The begin of a recording is no part of it.
  const moments = traceMs.map((timeMs) => timeMs - first);
  const digest = createHash("sha256").update(JSON.stringify(moments)).digest("hex").slice(0, 12);
  return { kind: "trace", requests: traceMs.length, lengthMs: moments.at(-1) ?? 0, digest };
}

/** What a pattern needs besides to become moments. */
export interface ArrivalContext {
  /** Seed of independent arrivals. */
  readonly seed: number;
  /** Length of a ramp, ms. */
  readonly durationMs: number;
  /** Moments of a trace, ms. */
  readonly traceMs?: readonly number[];
}

/**
 * The moments at which requests of a pattern are due.
 *
 * @param pattern What was asked for.
 * @param context Seed, length and trace.
 * @throws {UsageError} If a trace is asked for without its moments.
 */
export function arrivalsOf(pattern: ArrivalPattern, { seed, durationMs, traceMs }: ArrivalContext): Arrivals {
  switch (pattern.kind) {
    case "constant":
      return constantArrivals(pattern.ratePerSecond);
    case "poisson":
      return poissonArrivals(pattern.ratePerSecond, () => seededRandom(seed));
    case "bursts":
      return burstArrivals(pattern.ratePerSecond, pattern.size);
    case "ramp":
      return rampArrivals(pattern.fromPerSecond, pattern.toPerSecond, durationMs);
    case "trace":
      if (traceMs === undefined) {
        throw new UsageError(`Cannot replay a trace as "traceMs" must hold its moments: found none`);
      }
      return traceArrivals(traceMs);
  }
}
