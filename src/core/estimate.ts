/**
 * A number that knows how sure it is.
 *
 * `low` and `high` are the ends of a confidence interval at `level` (0.95 = 95 %), from `n` observations.
 * An end that so few observations cannot support is `null`: it is unknown, not infinite.
 */
export interface Estimate {
  /** The point estimate, in the unit that the field's name gives. */
  readonly value: number;
  /** Lower end of the interval, or `null` where `n` is too small for one. */
  readonly low: number | null;
  /** Upper end of the interval, or `null` where `n` is too small for one. */
  readonly high: number | null;
  /** Confidence level of the interval, 0 to 1. */
  readonly level: number;
  /** How many observations it rests on. */
  readonly n: number;
  /** How many independent observations it weighs as much as, where neighbours in time are alike; up to `n`. */
  readonly weight?: number;
}

/** Summary of a set of observations; all members share the unit that the field's name gives. */
export interface Distribution {
  /** Number of observations. */
  readonly n: number;
  /** Smallest observation. */
  readonly min: number;
  /** Arithmetic mean with its interval. */
  readonly mean: Estimate;
  /** Median with its interval. */
  readonly p50: Estimate;
  /** 90th percentile with its interval. */
  readonly p90: Estimate;
  /** 95th percentile with its interval. */
  readonly p95: Estimate;
  /** 99th percentile with its interval. */
  readonly p99: Estimate;
  /** 99.9th percentile with its interval; left out where so few observations do not support its upper end. */
  readonly p999?: Estimate;
  /** Largest observation. */
  readonly max: number;
}

/**
 * Half of the interval's width as a share of the value: 0.05 is "within 5 %".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { relativeHalfWidth } from "./estimate.ts";
 * assertEquals(relativeHalfWidth({ value: 10, low: 9, high: 12, level: 0.95, n: 30 }), 0.15);
 * assertEquals(relativeHalfWidth({ value: 10, low: 9, high: null, level: 0.95, n: 30 }), null);
 * ```
 *
 * @param estimate Any estimate.
 * @returns Share, at least 0; `null` where an end is unknown or the value is 0.
 */
export function relativeHalfWidth(estimate: Estimate): number | null {
  const { value, low, high } = estimate;
  return low === null || high === null || value === 0 ? null : (high - low) / 2 / Math.abs(value);
}
