import { normalCdf } from "../probability.ts";

/** Outcome of a Mann-Kendall test. */
export interface MannKendall {
  /** Kendall's tau-b against time: -1 falls always, 0 no trend, 1 rises always. */
  readonly tau: number;
  /** Pairs that rise less pairs that fall. */
  readonly s: number;
  /** Two-sided p-value; `null` under four observations. */
  readonly pValue: number | null;
}

/** How to test. */
export interface MannKendallOptions {
  /**
   * Factor on the variance of S, at least 1, for autocorrelated series; see {@linkcode trendVarianceInflation}.
   * @default {1}
   */
  readonly varianceInflation?: number;
}

/**
 * Whether a series has a monotonic trend (H. B. Mann, 1945; M. G. Kendall, 1975), ties corrected, normal approximation
 * with continuity correction. It supposes independent observations: neighbours that are alike look like a trend, so
 * memory series need the `varianceInflation`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mannKendall } from "./mann_kendall.ts";
 * const { s, tau } = mannKendall([1, 2, 3, 4, 5]);
 * assertEquals([s, tau], [10, 1]);
 * ```
 *
 * @param y Observations in time order.
 * @param options Correction for autocorrelation.
 */
export function mannKendall(y: ArrayLike<number>, options: MannKendallOptions = {}): MannKendall {
  const n = y.length;
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) s += Math.sign(y[j]! - y[i]!);
  }
  const { tiedPairs, variance } = kendallVariance(y);
  const pairs = n * (n - 1) / 2;
  const comparable = Math.sqrt(pairs * (pairs - tiedPairs));
  const tau = comparable === 0 ? 0 : s / comparable;
  if (n < 4) return { tau, s, pValue: null };
  const spread = Math.sqrt(variance * (options.varianceInflation ?? 1));
  const z = Math.abs(s) <= 1 || spread === 0 ? 0 : (Math.abs(s) - 1) / spread;
  return { tau, s, pValue: Math.min(1, 2 * normalCdf(-z)) };
}

/**
 * Variance of Kendall's S without a trend, ties corrected, and the number of pairs that are tied.
 *
 * @param y Observations in any order.
 */
export function kendallVariance(y: ArrayLike<number>): { variance: number; tiedPairs: number } {
  const counts = new Map<number, number>();
  for (let i = 0; i < y.length; i++) counts.set(y[i]!, (counts.get(y[i]!) ?? 0) + 1);
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  let variance = term(y.length);
  let tiedPairs = 0;
  for (const t of counts.values()) {
    variance -= term(t);
    tiedPairs += t * (t - 1) / 2;
  }
  return { variance: variance / 18, tiedPairs };
}
