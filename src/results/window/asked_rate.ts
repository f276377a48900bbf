import { rateOf } from "./load.ts";
import type { OpenWindow } from "./window.ts";

/**
 * The rate by which an open loop is told from another: what was asked for. Independent arrivals come out a little faster or
 * slower each time, so that the rate that was offered is a result. That of a trace follows from its moments, in three
 * digits, so that it can be said; files of versions before 0.2 keep none of them, only what was offered.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { askedRate } from "./asked_rate.ts";
 *
 * const arrivals = { kind: "poisson", ratePerSecond: 80 } as const;
 * const load = { kind: "open", arrivals, maxConnections: 512, batchSize: 1 } as const;
 * assertEquals(askedRate({ load, offeredPerSecond: 87.2 }), 80);
 * ```
 *
 * @param window Of an open loop.
 * @returns Requests per second.
 */
export function askedRate({ load, offeredPerSecond }: Pick<OpenWindow, "load" | "offeredPerSecond">): number {
  if (load.kind !== "open") return offeredPerSecond;
  const { arrivals } = load;
  if (arrivals.kind !== "trace") return rateOf(arrivals) ?? offeredPerSecond;
  const { requests, lengthMs = 0 } = arrivals;
  return lengthMs > 0 ? Number((1000 * (requests - 1) / lengthMs).toPrecision(3)) : offeredPerSecond;
}
