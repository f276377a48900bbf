import type { Estimate } from "../../core/estimate.ts";
import { type Random, seededRandom } from "../../core/random.ts";
import { type Ascending, ascending } from "./ascending.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../confidence_level.ts";
import { normalCdf } from "../probability.ts";
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

const DEFAULT_RESAMPLES = 2000;

/**
 * Any statistic of a small sample with its interval: the percentile bootstrap (B. Efron, 1979), expanded for small
 * samples (T. Hesterberg, "What Teachers Should Know About the Bootstrap", 2015): the plain one is too narrow by about
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
  const { seed, resamples = DEFAULT_RESAMPLES, level = DEFAULT_LEVEL } = options;
  const value = statistic(sorted);
  if (sorted.length < 2) return { value, low: null, high: null, level, n: sorted.length };
  const random = seededRandom(seed);
  const replicates = ascending(Array.from({ length: resamples }, () => statistic(resample(sorted, random))));
  const tail = expandedTail(sorted.length, level);
  return {
    value,
    low: Math.min(value, quantile(replicates, tail)),
    high: Math.max(value, quantile(replicates, 1 - tail)),
    level,
    n: sorted.length,
  };
}

/** Probability to leave out on each side so that the interval of a mean is as wide as Student's. */
function expandedTail(n: number, level: number): number {
  return normalCdf(-studentTMultiplier(level, n - 1) * Math.sqrt(n / (n - 1)));
}

function resample(sorted: Ascending, random: Random): Ascending {
  return ascending(Float64Array.from(sorted, () => sorted[Math.floor(random() * sorted.length)]!));
}
