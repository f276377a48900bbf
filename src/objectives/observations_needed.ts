import type { Estimate } from "../core/estimate.ts";
import { missProbability } from "../stats/confidence_level.ts";

/** Beyond, nobody waits. */
const MOST = 10_000_000;

/**
 * About how many observations would tell on which side of a limit a figure is, if its value stays: intervals narrow with
 * the square root of n, that of a share of none or of all with n itself. A quantile has an upper end only where so
 * many independent observations support it that one of them is expected to lie beyond; its weight says how many those are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { observationsNeeded } from "./observations_needed.ts";
 *
 * const mean = { value: 90, low: 70, high: 110, level: 0.95, n: 100 };
 * assertEquals(observationsNeeded(mean, 100), 400); // half as wide
 * const p99 = { value: 90, low: 80, high: null, level: 0.95, n: 100 };
 * assertEquals(observationsNeeded(p99, 100, { quantile: 0.99 }), 368);
 * assertEquals(observationsNeeded({ ...p99, n: 400 }, 100, { quantile: 0.99 }), null); // alike, nobody knows how much
 * assertEquals(observationsNeeded(mean, 90), null); // at the limit, no number of them is enough
 * ```
 *
 * @param estimate The figure.
 * @param limit What it is held against, in its unit.
 * @param options `quantile`: which quantile it is, if it is one.
 * @returns More than there are; `null` where it cannot be said, or would be beyond ten million.
 */
export function observationsNeeded(
  estimate: Estimate,
  limit: number,
  { quantile }: { readonly quantile?: number } = {},
): number | null {
  const { value, low, high, level, n, weight = n } = estimate;
  const end = value < limit ? high : low;
  if (end === null) {
    if (quantile === undefined) return null;
    const independent = observationsThatTell(value < limit ? quantile : 1 - quantile, level);
    // Those that are alike in time weigh as much as fewer: of as many more as that.
    const needed = Math.ceil(n * independent / weight);
    return needed > n && needed <= MOST ? needed : null;
  }
  const share = Math.abs(end - value) / Math.abs(limit - value);
  const isExtreme = (value === 0 && low === 0) || (value === 1 && high === 1);
  const needed = Math.ceil(n * (isExtreme ? share : share * share));
  return Number.isFinite(needed) && needed > n && needed <= MOST ? needed : null;
}

/**
 * Fewest observations of which one is expected beyond a quantile, so that its interval ends there.
 *
 * @param quantile Above 0, below 1.
 * @param level Of the interval. @default {0.95}
 */
export function observationsThatTell(quantile: number, level: number = 0.95): number {
  return Math.ceil(Math.log(missProbability(level) / 2) / Math.log(quantile));
}
