import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";

/** Neighbouring points of a long series in one: what a pixel column can show. */
export interface Bucket {
  /** Mean place of its points. */
  readonly x: number;
  /** Lowest value. */
  readonly low: number;
  /** Median value. */
  readonly median: number;
  /** Highest value. */
  readonly high: number;
  /** Points in it. */
  readonly n: number;
}

/**
 * Joins a long series into buckets of equally many neighbours, keeping the lowest and highest of each, so that a spike
 * among a million points is still drawn.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reduceSeries } from "./reduce_series.ts";
 * const series = Array.from({ length: 1000 }, (_, x) => ({ x, y: x === 500 ? 99 : 1 }));
 * const buckets = reduceSeries(series, 10);
 * assertEquals(buckets.length, 10);
 * assertEquals(buckets.map(({ high }) => high).filter((high) => high === 99).length, 1);
 * ```
 *
 * @param points In the order of x.
 * @param most Buckets at most, at least 1.
 */
export function reduceSeries(points: readonly { readonly x: number; readonly y: number }[], most: number): Bucket[] {
  const size = Math.max(1, Math.ceil(points.length / most));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, k) => {
    const members = points.slice(k * size, (k + 1) * size);
    const sorted = ascending(members.map(({ y }) => y));
    return {
      x: members.reduce((sum, { x }) => sum + x, 0) / members.length,
      low: sorted[0]!,
      median: quantile(sorted, 0.5),
      high: sorted[sorted.length - 1]!,
      n: members.length,
    };
  });
}
