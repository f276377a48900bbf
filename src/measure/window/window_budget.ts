import { defaultOf } from "../settings/default_of.ts";
import type { LevelOptions } from "../settings/options.ts";
import { type ArrivalPattern, rateOf } from "../../results/window/load.ts";

/** How long a visit to a load may take. */
export interface WindowBudget {
  /** Longest window, ms; of an open loop its length. */
  readonly durationMs: number;
  /** Shortest time of the load's windows together, ms, unless it has `minimumRequests`. */
  readonly minimumMs: number;
  /** Requests that are enough without `minimumMs`. */
  readonly minimumRequests: number;
  /** Ends the visit after so many requests instead of by precision; in an open loop its length does. */
  readonly requests?: number;
  /** Requests that the run has sent at least when the visit ends by precision, as far as its time allows. @default {0} */
  readonly leastOfRun?: number;
  /** How many times wider than wanted the intervals may be when the visit ends, for more visits follow. @default {1} */
  readonly slack?: number;
  /** Requests before the window. @default {max(concurrency, 10), in an open loop those of a second} */
  readonly warmUpRequests?: number;
}

/**
 * The budget of a closed loop that is visited once (method 6).
 *
 * @param options What bounds it.
 */
export function closedBudget(options: LevelOptions): WindowBudget {
  const { durationMs, requests, quick } = options;
  return {
    durationMs: durationMs ?? (requests !== undefined ? Infinity : defaultOf("durationMs", options)),
    minimumMs: quick ? 1000 : 3000,
    minimumRequests: quick ? 30 : 100,
    ...(requests === undefined ? {} : { requests }),
  };
}

/**
 * Half of the level's bounds for the first pass, and of its precision: half of the requests make an interval wider by
 * sqrt(2). The second is bounded so that both together keep the whole. Passes of equal weight are what makes drift cancel.
 *
 * @param options What bounds the level.
 * @param pass Which of its two visits.
 */
export function passBudget(options: LevelOptions, pass: 1 | 2): WindowBudget {
  const whole = closedBudget(options);
  const first = pass === 1;
  return {
    durationMs: whole.durationMs / 2,
    minimumMs: first ? whole.minimumMs / 2 : whole.minimumMs,
    minimumRequests: first ? Math.ceil(whole.minimumRequests / 2) : whole.minimumRequests,
    ...(whole.requests === undefined ? {} : { requests: first ? Math.ceil(whole.requests / 2) : whole.requests }),
    ...(first ? { slack: Math.SQRT2 } : {}),
  };
}

/**
 * The budget of an open loop: a window of fixed length. Where requests were asked for it is the time in which so many are due on
 * the mean, in whole bursts: a window that ended with one of them would have their rate depend on when that came.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const arrivals = { kind: "poisson", ratePerSecond: 50 } as const;
 * assertEquals(openBudget({}, arrivals).durationMs, 5000);
 * assertEquals(openBudget({ requests: 100 }, arrivals).durationMs, 2000);
 * assertEquals(openBudget({ requests: 100, durationMs: 500 }, arrivals).durationMs, 500);
 * ```
 *
 * @param options What bounds it.
 * @param arrivals What is offered, of which a trace ends by itself; left out where requests do not bound it.
 */
export function openBudget(options: LevelOptions, arrivals?: ArrivalPattern): WindowBudget {
  const { durationMs, requests } = options;
  const budget = {
    durationMs: durationMs ?? defaultOf("durationMs", options, "load"),
    minimumMs: 0,
    minimumRequests: 0,
  };
  const ratePerSecond = arrivals === undefined ? null : rateOf(arrivals);
  if (requests === undefined || ratePerSecond === null) return budget;
  const burst = arrivals?.kind === "bursts" ? arrivals.size : 1;
  const dueMs = 1000 * burst * Math.ceil(requests / burst) / ratePerSecond;
  return { ...budget, durationMs: Math.min(durationMs ?? Infinity, dueMs), requests };
}
