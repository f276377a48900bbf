const BATCH = 5;

/**
 * How many observations to cut from the front of a series so that the start-up transient does not colour the rest: the
 * cut that makes the squared standard error of the mean of what remains smallest, over means of five (K. P. White, "An
 * Effective Truncation Heuristic for Bias Reduction in Simulation Output", 1997). At most half is cut; a cut of half
 * means that the series may not have settled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mser5 } from "./mser5.ts";
 * const settlesAfterTen = Array.from({ length: 100 }, (_, i) => i < 10 ? 50 : 10 + i % 2);
 * assertEquals(mser5(settlesAfterTen), 10);
 * ```
 *
 * @param series Observations in time order.
 * @returns Number of observations, a multiple of five.
 */
export function mser5(series: ArrayLike<number>): number {
  const count = Math.floor(series.length / BATCH);
  let best = 0;
  let bestError = Infinity;
  // From the back, with Welford's running sums: each step adds one batch to what remains.
  let remaining = 0, mean = 0, squares = 0;
  for (let cut = count - 1; cut >= 0; cut--) {
    let batch = 0;
    for (let i = cut * BATCH; i < (cut + 1) * BATCH; i++) batch += series[i]! / BATCH;
    remaining++;
    const deviation = batch - mean;
    mean += deviation / remaining;
    squares += deviation * (batch - mean);
    if (cut > count / 2) continue;
    const error = squares / (remaining * remaining);
    if (error <= bestError) {
      bestError = error;
      best = cut;
    }
  }
  return best * BATCH;
}
