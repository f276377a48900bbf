import type { Estimate } from "../core/estimate.ts";
import { type Random, seededRandom } from "../core/random.ts";
import { type Ascending, ascending } from "./ascending.ts";
import { DEFAULT_LEVEL, missProbability } from "./confidence_level.ts";
import { normalCdf, studentTQuantile } from "./probability.ts";
import { quantile } from "./quantile.ts";

/** How to resample. */
export interface BootstrapOptions {
  /** Seed of the resampling: the same seed gives the same interval. */
  readonly seed: number;
  /** Number of resamples. @default {2000} */
  readonly resamples?: number;
  /** Confidence level of the interval. @default {0.95} */
  readonly level?: number;
}

/** Resamples where the caller names no number. */
export const DEFAULT_RESAMPLES = 2000;

/**
 * Any statistic of a small sample with its interval: the percentile bootstrap (B. Efron, 1979), expanded for small samples
 * (T. Hesterberg, "What Teachers Should Know About the Bootstrap", 2015): the plain one is too narrow by about
 * sqrt((n - 1) / n) and by using normal where Student's t belongs, and covers 82 instead of 95 % at n = 5.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { bootstrapEstimate } from "./bootstrap_estimate.ts";
 * const total = bootstrapEstimate([1, 2, 3, 4, 5], (sorted) => sorted[0]! + sorted[4]!, { seed: 1 });
 * assertEquals(total.value, 6);
 * assert(total.low! < 6 && total.high! > 6);
 * ```
 *
 * @param values Independent observations in any order.
 * @param statistic What to compute from a sample of the same size, given ascending.
 * @param options Seed and sizes.
 * @returns In the unit of the statistic; of one observation both ends are `null`.
 * @throws {RangeError} If there are no values or one is `NaN`.
 */
export function bootstrapEstimate(
  values: ArrayLike<number>,
  statistic: (sorted: Ascending) => number,
  options: BootstrapOptions,
): Estimate {
  const sorted = ascending(values);
  const { level = DEFAULT_LEVEL } = options;
  const value = statistic(sorted);
  if (sorted.length < 2) return { value, low: null, high: null, level, n: sorted.length };
  const tail = expandedTail(sorted.length, level);
  const replicates = ascending(Float64Array.from(resamples(sorted, options), statistic));
  return {
    value,
    low: Math.min(value, quantile(replicates, tail)),
    high: Math.max(value, quantile(replicates, 1 - tail)),
    level,
    n: sorted.length,
  };
}

/**
 * Samples of the same size, drawn with replacement.
 *
 * @param sorted Observations, ascending.
 * @param options Seed and number of resamples.
 */
export function* resamples(sorted: Ascending, options: BootstrapOptions): Generator<Ascending> {
  const random = seededRandom(options.seed);
  const count = options.resamples ?? DEFAULT_RESAMPLES;
  for (let i = 0; i < count; i++) yield resample(sorted, random);
}

/**
 * Probability to leave out on each side of the bootstrap distribution so that the interval covers as Student's would.
 *
 * @param n Size of the sample, at least 2.
 * @param level Confidence level.
 */
export function expandedTail(n: number, level: number): number {
  const t = studentTQuantile(1 - missProbability(level) / 2, n - 1);
  return normalCdf(-t * Math.sqrt(n / (n - 1)));
}

function resample(sorted: Ascending, random: Random): Ascending {
  return ascending(Float64Array.from(sorted, () => sorted[Math.floor(random() * sorted.length)]!));
}
