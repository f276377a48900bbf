import { ascending } from "./ascending.ts";
import { mser5 } from "./mser5.ts";
import { quantile } from "./quantile.ts";

/**
 * How many of the first observations are still warm-up.
 *
 * MSER-5 proposes a cut. It is taken only if the typical observation before it differs from what is usual after it:
 * its median lies outside the middle half of the rest. MSER-5 alone also cuts a single stall together with everything
 * before it, which would hide from the tail just what a measurement must show.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { warmUpCut } from "./warm_up_cut.ts";
 * const steady = Array.from({ length: 200 }, (_, i) => 10 + (i * 7) % 5);
 * assertEquals(warmUpCut([...Array<number>(50).fill(40), ...steady]), 50);
 * assertEquals(warmUpCut(steady.map((x, i) => i === 20 ? 2000 : x)), 0);
 * ```
 *
 * @param series Observations in time order, any unit.
 * @returns Observations to leave out, from 0 to half of the series.
 */
export function warmUpCut(series: Readonly<Float64Array> | readonly number[]): number {
  const cut = mser5(series);
  if (cut === 0) return 0;
  const before = quantile(ascending(series.slice(0, cut)), 0.5);
  const after = ascending(series.slice(cut));
  return before < quantile(after, 0.25) || before > quantile(after, 0.75) ? cut : 0;
}
