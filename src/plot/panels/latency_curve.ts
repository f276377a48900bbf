import type { BasicResult } from "../../results/result.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";

/** Latency by the share of requests that take no longer, both ascending. */
export type LatencyCurve = readonly { readonly share: number; readonly latencyMs: number }[];

/** Points that a curve is drawn with at most. */
const MOST_POINTS = 300;

/**
 * The quantiles of a run's latency: from its timeline where that holds every success, else those that the test kept. From
 * results that have neither, the few quantiles of the summary.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { latencyCurve } from "./latency_curve.ts";
 * const timeline = [5, 1, 3].map((latencyMs, k) => ({ atMs: 10 * k, latencyMs }));
 * const curve = latencyCurve({ succeeded: 3, latencyMs: null, timeline });
 * assertEquals(curve?.map(({ latencyMs }) => latencyMs), [1, 3, 5]);
 * ```
 *
 * @param result Of a basic test; `null` comes back if nothing succeeded.
 */
export function latencyCurve(
  result: Pick<BasicResult, "succeeded" | "latencyMs" | "timeline" | "latencyQuantiles">,
): LatencyCurve | null {
  const { succeeded, latencyMs, timeline, latencyQuantiles } = result;
  if (succeeded === 0) return null;
  if (latencyQuantiles !== undefined && latencyQuantiles.length > 1) return latencyQuantiles;
  if (timeline.length >= succeeded) {
    const sorted = ascending(timeline.map((point) => point.latencyMs));
    return sharesOf(sorted.length).map((share) => ({ share, latencyMs: quantile(sorted, share) }));
  }
  if (latencyMs === null) return null;
  const { min, p50, p90, p95, p99, max } = latencyMs;
  return [[0, min], [0.5, p50.value], [0.9, p90.value], [0.95, p95.value], [0.99, p99.value], [1, max]].map((
    [share, latency],
  ) => ({ share: share!, latencyMs: latency! }));
}

/** One share for each observation; of many, evenly in the body and evenly in the nines of the tail. */
function sharesOf(n: number): number[] {
  if (n <= MOST_POINTS) return n === 1 ? [0, 1] : Array.from({ length: n }, (_, k) => k / (n - 1));
  const body = Array.from({ length: 180 }, (_, k) => k / 200);
  const tail = Array.from({ length: 100 }, (_, k) => 1 - 10 ** (-1 - k / 25)).filter((share) => share < 1 - 1 / n);
  return [...body, ...tail, 1];
}

/**
 * The share of requests that take no longer than a time: linear between the points of the curve.
 *
 * @param curve At least one point.
 * @param latencyMs In ms.
 */
export function shareUpTo(curve: LatencyCurve, latencyMs: number): number {
  const above = curve.findIndex((point) => point.latencyMs > latencyMs);
  if (above === -1) return 1;
  if (above === 0) return 0;
  const from = curve[above - 1]!, to = curve[above]!;
  return from.share + (to.share - from.share) * (latencyMs - from.latencyMs) / (to.latencyMs - from.latencyMs);
}
