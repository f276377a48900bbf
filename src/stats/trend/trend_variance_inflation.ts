import { normalQuantile } from "../probability.ts";

/** Two-sided level at which an autocorrelation of ranks counts, as in the paper. */
const SIGNIFICANCE = 0.1;
/** Highest lag-1 autocorrelation that is believed: past it a series is a random walk and has no trend to test. */
const HIGHEST_DECAY = 0.98;

/**
 * By how much autocorrelation widens the variance of Kendall's S (K. H. Hamed and A. R. Rao, "A Modified Mann-Kendall
 * Trend Test for Autocorrelated Data", 1998), from the ranks of the series without its trend. Lags are summed up to the
 * first that is not significantly positive: over all lags a sample's autocorrelations cancel. In a short series they
 * are also too small, the more so without its trend, so that the factor is at least that of a first-order
 * autoregression with the lag-1 autocorrelation freed of its bias.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { trendVarianceInflation } from "./trend_variance_inflation.ts";
 * const blocks = Array.from({ length: 60 }, (_, i) => [3, 1, 2, 5, 0, 4][Math.floor(i / 10)]!);
 * assert(trendVarianceInflation(blocks) > 2);
 * ```
 *
 * @param residuals Observations in time order with the trend taken out.
 * @returns Factor, at least 1.
 */
export function trendVarianceInflation(residuals: ArrayLike<number>): number {
  const n = residuals.length;
  if (n < 4) return 1;
  const ranks = midRanks(residuals);
  const centre = (n + 1) / 2;
  let squares = 0;
  for (const rank of ranks) squares += (rank - centre) ** 2;
  if (squares === 0) return 1;
  const autocorrelation = (lag: number) => {
    let products = 0;
    for (let i = lag; i < n; i++) products += (ranks[i]! - centre) * (ranks[i - lag]! - centre);
    return products / squares;
  };
  const critical = normalQuantile(1 - SIGNIFICANCE / 2) / Math.sqrt(n);
  const first = autocorrelation(1);
  if (first <= critical) return 1;
  const weight = (lag: number) => (n - lag) * (n - lag - 1) * (n - lag - 2);
  let measured = 0;
  for (let lag = 1, r = first; r > critical && lag < n - 2; r = autocorrelation(++lag)) measured += weight(lag) * r;
  const decay = Math.min(HIGHEST_DECAY, first + (2 + 4 * first) / n);
  let decaying = 0;
  for (let lag = 1; lag < n - 2; lag++) decaying += weight(lag) * decay ** lag;
  return 1 + 2 * Math.max(measured, decaying) / (n * (n - 1) * (n - 2));
}

/** Ranks from 1; equal observations share the mean of theirs. */
function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + end + 1) / 2;
  }
  return ranks;
}
