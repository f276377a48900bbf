import type { Clock } from "../../core/clock.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import type { ArrivalPattern } from "../../results/window/load.ts";
import { patternAt } from "../../measure/window/arrivals_of.ts";
import { openBudget } from "../../measure/window/window_budget.ts";

/** What a whole test with objectives may take where it is to be quick, ms: with what comes before and after it, a minute. */
export const QUICK_MS = 52_000;
/** Until when rates are offered in it, and concurrencies tried, ms since it began; the rest is for arrival rates. */
const SWEEP_UNTIL_MS = 14_000;
const CONCURRENCY_UNTIL_MS = 30_000;
/** Rates that are offered at most where none are given. */
export const MOST_RATES = 12;
/** An open loop warms up for a second, and what was due in it may end some seconds later, ms. */
const BESIDE_MS = 2000;

/**
 * How long the load test may take, as far as its options alone tell it.
 *
 * @param options Rates, length of a level and objectives.
 * @returns Ms; `Infinity` where a search for a capacity decides it.
 */
export function longestLoadMs(options: LoadOptions): number {
  const { objectives, quick = false, ramp, traceMs, rates, requests } = options;
  if (objectives !== undefined) return quick ? QUICK_MS : Infinity;
  if (traceMs !== undefined) return (traceMs.at(-1) ?? 0) - (traceMs[0] ?? 0) + BESIDE_MS;
  const levelMs = (arrivals?: ArrivalPattern) => openBudget(options, arrivals).durationMs + BESIDE_MS;
  if (ramp !== undefined) return levelMs({ kind: "ramp", ...ramp });
  // Rates that are yet to be found tell no time for their requests.
  if (rates === undefined) return requests === undefined ? MOST_RATES * levelMs() : Infinity;
  return rates.reduce((sum, rate) => sum + levelMs(patternAt(rate, options)), 0);
}

/** When the parts of a test must end, ms since it began; `Infinity` where they may take as long as they need. */
export interface LoadTime {
  /** The offered rates. */
  readonly sweepUntilMs: number;
  /** The search for a concurrency. */
  readonly concurrencyUntilMs: number;
  /** The search for an arrival rate, and the test. */
  readonly untilMs: number;
}

/**
 * What time a test has.
 *
 * @param options Whether it is to be quick, and has objectives.
 */
export function loadTime({ objectives, quick = false }: LoadOptions): LoadTime {
  return quick && objectives !== undefined
    ? { sweepUntilMs: SWEEP_UNTIL_MS, concurrencyUntilMs: CONCURRENCY_UNTIL_MS, untilMs: QUICK_MS }
    : { sweepUntilMs: Infinity, concurrencyUntilMs: Infinity, untilMs: Infinity };
}

/** A moment that ends what runs, whatever it is. */
export class Deadline implements Disposable {
  readonly #up = new AbortController();
  readonly #done = new AbortController();
  readonly #clock: Pick<Clock, "sleep">;

  /** @param clock Source of time. */
  constructor(clock: Pick<Clock, "sleep">) {
    this.#clock = clock;
  }

  /** Is aborted when the time is up. */
  get signal(): AbortSignal {
    return this.#up.signal;
  }

  /** Lets the time run. @param ms Until it is up; `Infinity` for never. */
  begin(ms: number): void {
    if (Number.isFinite(ms)) this.#clock.sleep(ms, this.#done.signal).then(() => this.#up.abort(), () => {});
  }

  /** It never comes any more. */
  [Symbol.dispose](): void {
    this.#done.abort();
  }
}
