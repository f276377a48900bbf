/**
 * How far a closed loop agrees with Little's law, n = X R (J. D. C. Little, 1961): 1 when all `n` slots were always in
 * flight; above 1 when the client left slots idle, below 1 when requests outside the window are in the figures.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { littlesLawRatio } from "./littles_law_ratio.ts";
 * assertEquals(littlesLawRatio(4, 100, 40), 1);
 * ```
 *
 * @param n Requests outstanding at any time.
 * @param ratePerSecond Completed requests per second, > 0.
 * @param meanLatencyMs Mean latency, ms, > 0.
 * @returns n / (rate times latency).
 * @throws {RangeError} If the rate or the latency is not positive.
 */
export function littlesLawRatio(n: number, ratePerSecond: number, meanLatencyMs: number): number {
  if (!(ratePerSecond > 0 && meanLatencyMs > 0)) {
    throw new RangeError(
      "Cannot check Little's law as rate and latency must be > 0: " +
        `found ${ratePerSecond} per second and ${meanLatencyMs} ms`,
    );
  }
  return n / (ratePerSecond * meanLatencyMs / 1000);
}
