import type { Estimate } from "../../core/estimate.ts";
import { ascending } from "../estimates/ascending.ts";
import { mannKendall } from "./mann_kendall.ts";
import { memoryStair } from "./memory_stair.ts";
import { quantile } from "../estimates/quantile.ts";
import { theilSen } from "./theil_sen.ts";
import { trendVarianceInflation } from "./trend_variance_inflation.ts";

/** Whether memory grows with the requests served. */
export interface Growth {
  /** Theil-Sen slope, bytes per completed request. */
  readonly bytesPerRequest: Estimate;
  /** What the slope and its certainty allow to say. */
  readonly verdict: "growing" | "stable" | "cannot tell";
  /** Two-sided p-value of the Mann-Kendall test, autocorrelation corrected; `null` if too short. */
  readonly pValue: number | null;
}

/** Two-sided p-value under which a trend counts. */
export const GROWTH_SIGNIFICANCE = 0.05;
/**
 * Growth over the soak below this is an allocator filling its pools, not a leak: glibc extends an arena by 128 KiB at a
 * time and Python takes 1 MiB per arena, so that a rise under a few steps proves nothing.
 */
export const GROWTH_FLOOR_BYTES = 2 * 2 ** 20;
/** The same for large servers, as a share of memory: shared pages and page reclaim move PSS by about that much. */
export const GROWTH_FLOOR_SHARE = 0.001;
/** Growth that a service can live with: a million requests cost at most 256 MB, which a nightly restart gives back. */
export const STABLE_BYTES_PER_REQUEST = 256;
/** A verdict needs at least so many samples: the tests are approximations for ten and more. */
const FEWEST_POINTS = 10;
/** Longer series are thinned to this many medians, so that all pairs can be compared. */
const MOST_POINTS = 400;

/**
 * Whether a server's memory grows with the requests that it completes during a steady soak.
 *
 * *Growing*: the Mann-Kendall test finds a rise (p < 0.05, variance corrected for autocorrelation), the slope's
 * interval lies above 0, the growth over the soak exceeds the noise floor, and the second half of the soak still rises
 * at half the pace or more (a cache that fills up does not), and it rises as evenly as no segments do that come by chance
 * ({@linkcode memoryStair}); where memory comes in steps, over three of them, and the interval is wider by what one step hides.
 * *Stable*: the interval's upper end and the rise from the first to the last samples are at most 256 bytes per request. Else, and
 * under ten samples, *cannot tell*.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { growthVerdict } from "./growth_verdict.ts";
 * const requests = Array.from({ length: 60 }, (_, i) => 50 * i);
 * assertEquals(growthVerdict(requests, requests.map(() => 5e8))?.verdict, "stable");
 * assertEquals(growthVerdict(requests, requests.map((n) => 5e8 + 4096 * n))?.verdict, "growing");
 * ```
 *
 * @param completedRequests Requests completed at each sample, ascending.
 * @param memoryBytes Memory at each sample, bytes.
 * @returns `null` where no request was completed between the samples, long series thinned.
 * @throws {RangeError} If the lengths differ.
 */
export function growthVerdict(completedRequests: ArrayLike<number>, memoryBytes: ArrayLike<number>): Growth | null {
  const size = Math.ceil(memoryBytes.length / MOST_POINTS);
  const x = blockMedians(completedRequests, size), y = blockMedians(memoryBytes, size);
  if (new Set(x).size < 2) return null;
  const plain = theilSen(x, y);
  const inflation = trendVarianceInflation(y.map((bytes, i) => bytes - plain.value * x[i]!));
  const stair = memoryStair(x, y);
  const bytesPerRequest = widened(theilSen(x, y, plain.level, inflation), stair.resolution);
  const { pValue } = mannKendall(y, { varianceInflation: inflation });
  const soakRequests = x.at(-1)! - x[0]!;
  const floor = Math.max(GROWTH_FLOOR_BYTES, GROWTH_FLOOR_SHARE * middle(y));
  const { value, low, high } = bytesPerRequest;
  const rises = y.length >= FEWEST_POINTS && pValue !== null && pValue < GROWTH_SIGNIFICANCE && low !== null && low > 0;
  if (rises && stair.isSteady && value * soakRequests > floor && goesOn(x, y, value)) {
    return { bytesPerRequest, verdict: "growing", pValue };
  }
  // Memory that comes in arenas may stand still for all but one step, which no slope of pairs shows.
  const rise = middle(y.slice(-3)) - middle(y.slice(0, 3));
  const stable = y.length >= FEWEST_POINTS && high !== null && high <= STABLE_BYTES_PER_REQUEST &&
    rise <= STABLE_BYTES_PER_REQUEST * soakRequests;
  return { bytesPerRequest, verdict: stable ? "stable" : "cannot tell", pValue };
}

function widened(slope: Estimate, by: number): Estimate {
  return {
    ...slope,
    low: slope.low === null ? null : slope.low - by,
    high: slope.high === null ? null : slope.high + by,
  };
}

/** Whether the second half still rises at half the pace of the whole. */
function goesOn(x: readonly number[], y: readonly number[], slope: number): boolean {
  const half = Math.floor(x.length / 2);
  return x.at(-1)! > x[half]! && theilSen(x.slice(half), y.slice(half)).value >= slope / 2;
}

function blockMedians(series: ArrayLike<number>, size: number): number[] {
  const values = Array.from(series);
  if (size <= 1) return values;
  const blocks = Math.floor(values.length / size);
  return Array.from({ length: blocks }, (_, b) => middle(values.slice(b * size, (b + 1) * size)));
}

function middle(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}
