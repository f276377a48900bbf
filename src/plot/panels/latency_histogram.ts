import { type LatencyCurve, shareUpTo } from "./latency_curve.ts";

/** Requests in one span of latency. */
export interface Bin {
  /** From, ms. */
  readonly fromMs: number;
  /** To, ms. */
  readonly toMs: number;
  /** Requests, not rounded. */
  readonly count: number;
}

/** A tail this many times longer than the median wants a log axis. */
const LONG_TAIL = 8;

/**
 * A histogram: counted where every latency is known, else from quantiles.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { latencyHistogram } from "./latency_histogram.ts";
 * const { bins, logarithmic } = latencyHistogram([{ share: 0, latencyMs: 1 }, { share: 1, latencyMs: 3 }], 100);
 * assertEquals(logarithmic, false);
 * assertAlmostEquals(bins.reduce((sum, { count }) => sum + count, 0), 100);
 * ```
 *
 * @param curve Of the latency, at least one point.
 * @param n Requests.
 * @param timeline Latencies; used if it holds all `n`.
 * @returns Bins that lie side by side, of equal width, or of equal ratio where the tail is long.
 */
export function latencyHistogram(
  curve: LatencyCurve,
  n: number,
  timeline: readonly { readonly latencyMs: number }[] = [],
): { bins: Bin[]; logarithmic: boolean } {
  const least = curve[0]!.latencyMs, most = curve.at(-1)!.latencyMs;
  const median = curve.find(({ share }) => share >= 0.5)!.latencyMs;
  const logarithmic = least > 0 && most > LONG_TAIL * median;
  const count = Math.max(5, Math.min(40, Math.ceil(2 * Math.sqrt(n))));
  const [from, to] = most > least ? [least, most] : [least * 0.95, least * 1.05 || 1];
  const edge = (k: number) => logarithmic ? from * (to / from) ** (k / count) : from + (to - from) * k / count;
  const latencies = timeline.map(({ latencyMs }) => latencyMs);
  const below = latencies.length >= n
    ? (timeMs: number) => latencies.filter((latencyMs) => latencyMs < timeMs).length
    : (timeMs: number) => n * shareUpTo(curve, timeMs);
  const counts = Array.from({ length: count + 1 }, (_, k) => k === 0 ? 0 : k === count ? n : below(edge(k)));
  const bins = Array.from({ length: count }, (_, k) => ({
    fromMs: edge(k),
    toMs: edge(k + 1),
    count: counts[k + 1]! - counts[k]!,
  }));
  return { bins, logarithmic };
}
