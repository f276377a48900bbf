import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";

/**
 * The median of the k-th inference over several curves, as far as all of them reach.
 *
 * @param curves Latencies of the first, second, ... inference, ms.
 */
export function medianCurve(curves: readonly (readonly number[])[]): number[] {
  if (curves.length === 0) return [];
  const length = Math.min(...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, k) => quantile(ascending(curves.map((curve) => curve[k]!)), 0.5));
}
