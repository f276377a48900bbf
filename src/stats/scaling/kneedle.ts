/** A point of a curve. */
export interface CurvePoint {
  /** What is varied, for example concurrency. */
  readonly x: number;
  /** What it brings, for example requests per second. */
  readonly y: number;
}

/**
 * Where a rising curve that bends to the right has its knee: the point past which more of x brings visibly less of y
 * (V. Satopaa et al., "Finding a Kneedle in a Haystack", 2011). Sweeps have few points, each a mean, so they are not
 * smoothed by a spline first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kneedle } from "./kneedle.ts";
 * const rates = [[1, 10], [2, 20], [4, 38], [8, 44], [16, 46], [32, 47]] as const;
 * assertEquals(kneedle(rates.map(([x, y]) => ({ x, y }))), 8);
 * assertEquals(kneedle([{ x: 1, y: 1 }, { x: 2, y: 2 }, { x: 3, y: 3 }]), null);
 * ```
 *
 * @param points Points in any order.
 * @param sensitivity How many mean steps the curve must fall behind to prove the knee; smaller finds it sooner.
 * @returns x of the knee, the first if there are several; `null` if there is none or under three points.
 */
export function kneedle(points: readonly CurvePoint[], sensitivity: number = 1): number | null {
  const curve = points.toSorted((a, b) => a.x - b.x);
  const xs = curve.map(({ x }) => x), ys = curve.map(({ y }) => y);
  const xLow = Math.min(...xs), xSpan = Math.max(...xs) - xLow;
  const yLow = Math.min(...ys), ySpan = Math.max(...ys) - yLow;
  if (curve.length < 3 || xSpan <= 0 || ySpan <= 0) return null;
  const lead = curve.map(({ x, y }) => (y - yLow) / ySpan - (x - xLow) / xSpan);
  const meanStep = 1 / (curve.length - 1);
  let knee: { x: number; threshold: number } | null = null;
  for (let i = 1; i < lead.length; i++) {
    if (knee !== null && lead[i]! < knee.threshold) return knee.x;
    const isPeak = lead[i]! > lead[i - 1]! && lead[i]! >= (lead[i + 1] ?? Infinity);
    if (isPeak) knee = { x: curve[i]!.x, threshold: lead[i]! - sensitivity * meanStep };
  }
  return null;
}
