import type { LoadOptions } from "../../measure/settings/options.ts";
import { openBudget } from "../../measure/window/window_budget.ts";

/** What a whole test with objectives may take where it is to be quick, ms: with what comes before and after it, a minute. */
export const QUICK_MS = 52_000;
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
  const { objectives, quick = false, ramp, traceMs, rates } = options;
  if (objectives !== undefined) return quick ? QUICK_MS : Infinity;
  if (traceMs !== undefined) return (traceMs.at(-1) ?? 0) - (traceMs[0] ?? 0) + BESIDE_MS;
  const levels = ramp !== undefined ? 1 : rates?.length ?? MOST_RATES;
  return levels * (openBudget(options).durationMs + BESIDE_MS);
}
