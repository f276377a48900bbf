import type { Random } from "../core/random.ts";

/**
 * When requests are due, whatever the server does: pure arithmetic, without a timer.
 * (As the pacers of tsenart/vegeta.)
 */
export interface Arrivals {
  /** Mean rate that is offered, per second; of a ramp or a trace over all of it. */
  readonly ratePerSecond: number;
  /** When the pattern is over, though its last request is due before; left out where it goes on, or ends with that. */
  readonly endsAtMs?: number;
  /** Moments at which requests are due, ms since the begin, ascending; may end. Each call begins anew. */
  dueAtMs(): Iterator<number, void>;
}

/**
 * One request every 1/rate.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const due = constantArrivals(100).dueAtMs();
 * assertEquals([due.next().value, due.next().value, due.next().value], [0, 10, 20]);
 * ```
 *
 * @param ratePerSecond Requests per second.
 */
export function constantArrivals(ratePerSecond: number): Arrivals {
  return burstArrivals(ratePerSecond, 1);
}

/**
 * `size` requests at once, every size/rate: a constant mean rate in bursts.
 *
 * @param ratePerSecond Requests per second on the mean.
 * @param size Requests of one burst.
 */
export function burstArrivals(ratePerSecond: number, size: number): Arrivals {
  return {
    ratePerSecond,
    *dueAtMs() {
      // A multiplication, not a sum, so that no error builds up.
      for (let burst = 0;; burst++) for (let i = 0; i < size; i++) yield burst * size * 1000 / ratePerSecond;
    },
  };
}

/**
 * Independent arrivals: exponential gaps, as from many users that do not know of each other.
 *
 * @param ratePerSecond Requests per second on the mean.
 * @param random Makes a fresh seeded source, so that each call of `dueAtMs` gives the same moments.
 */
export function poissonArrivals(ratePerSecond: number, random: () => Random): Arrivals {
  return {
    ratePerSecond,
    *dueAtMs() {
      const draw = random();
      for (let dueMs = 0;;) {
        dueMs -= Math.log(1 - draw()) * 1000 / ratePerSecond;
        yield dueMs;
      }
    },
  };
}

/**
 * A rate that grows or falls linearly, and then ends.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * const due = [...{ [Symbol.iterator]: () => rampArrivals(0, 100, 1000).dueAtMs() }];
 * assertEquals(due.length, 50); // the mean rate is 50 per second
 * assertAlmostEquals(due.at(-1)!, 989.9, 0.1);
 * ```
 *
 * @param fromPerSecond Rate at the begin.
 * @param toPerSecond Rate at the end.
 * @param durationMs Length, ms.
 */
export function rampArrivals(fromPerSecond: number, toPerSecond: number, durationMs: number): Arrivals {
  const seconds = durationMs / 1000;
  const slope = (toPerSecond - fromPerSecond) / seconds;
  const total = (fromPerSecond + toPerSecond) / 2 * seconds;
  return {
    ratePerSecond: total / seconds,
    endsAtMs: durationMs,
    *dueAtMs() {
      // The n-th is due when the integral of the rate reaches n: a quadratic in time.
      for (let n = 0; n < total; n++) {
        const root = Math.sqrt(fromPerSecond ** 2 + 2 * slope * n);
        yield 1000 * (slope === 0 ? n / fromPerSecond : (root - fromPerSecond) / slope);
      }
    },
  };
}

/**
 * Every n-th of the arrivals, as cards are dealt: what one of several threads sends.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const due = dealtArrivals(constantArrivals(100), 1, 2).dueAtMs();
 * assertEquals([due.next().value, due.next().value], [10, 30]);
 * ```
 *
 * @param arrivals All of them.
 * @param part Which share, from 0.
 * @param parts How many shares.
 */
export function dealtArrivals(arrivals: Arrivals, part: number, parts: number): Arrivals {
  return {
    ...arrivals,
    ratePerSecond: arrivals.ratePerSecond / parts,
    *dueAtMs() {
      const all = arrivals.dueAtMs();
      for (let i = 0, next = all.next(); !next.done; i++, next = all.next()) if (i % parts === part) yield next.value;
    },
  };
}

/**
 * The moments of a recorded trace.
 *
 * @param timesMs Moments, ascending, ms; the first one is taken as the begin.
 */
export function traceArrivals(timesMs: readonly number[]): Arrivals {
  const first = timesMs[0] ?? 0;
  const lengthMs = (timesMs.at(-1) ?? 0) - first;
  return {
    ratePerSecond: lengthMs > 0 ? (timesMs.length - 1) / (lengthMs / 1000) : timesMs.length,
    *dueAtMs() {
      for (const timeMs of timesMs) yield timeMs - first;
    },
  };
}
