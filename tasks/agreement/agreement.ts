import type { Estimate } from "../../src/core/estimate.ts";
import { ascending } from "../../src/stats/estimates/ascending.ts";
import { quantile } from "../../src/stats/estimates/quantile.ts";
import { quantileEstimate } from "../../src/stats/estimates/quantile_estimate.ts";
import type { Figures } from "./peer.ts";

/** Two tools agree where they differ by no more than this share. */
export const TOLERANCE = 0.03;
/** Two one-sided tests at 5 % are one interval at 90 % (D. J. Schuirmann, 1987). */
const LEVEL = 0.9;

/** What two tools measured one after the other. */
export interface PairOf<F> {
  /** By torchgauge. */
  readonly own: F;
  /** By the other tool. */
  readonly peer: F;
}

/** {@linkcode PairOf} of requests. */
export type FiguresPair = PairOf<Figures>;

/** One figure by both tools. */
export interface Agreement {
  /** Median by torchgauge. */
  readonly own: number;
  /** Median by the other tool. */
  readonly peer: number;
  /** Median of own / peer over the pairs, with the interval of order statistics. */
  readonly ratio: Estimate;
  /** Whether they agree; one that differs says by how much. */
  readonly verdict: string;
}

/**
 * Do two tools agree in a figure? They do where the interval of their ratio lies within the tolerance, they differ where
 * it lies outside, and otherwise the pairs cannot tell.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { agreementOf } from "./agreement.ts";
 *
 * const figures = (requestsPerSecond: number) => ({ requestsPerSecond, p50Ms: 1, p95Ms: 1, p99Ms: 1 });
 * const pairs = [101, 99, 100, 101, 100].map((rate) => ({ own: figures(rate), peer: figures(100) }));
 * assertEquals(agreementOf(pairs, "requestsPerSecond").verdict, "within 3 %");
 * ```
 *
 * @param pairs At least one.
 * @param figure Which figure.
 */
export function agreementOf<Name extends string>(
  pairs: readonly PairOf<Readonly<Record<Name, number>>>[],
  figure: Name,
): Agreement {
  const median = (values: number[]) => quantile(ascending(values), 0.5);
  const ratio = quantileEstimate(ascending(pairs.map(({ own, peer }) => own[figure] / peer[figure])), 0.5, LEVEL);
  return {
    own: median(pairs.map(({ own }) => own[figure])),
    peer: median(pairs.map(({ peer }) => peer[figure])),
    ratio,
    verdict: verdictOf(ratio),
  };
}

/**
 * Whether torchgauge reaches the rate of the other tool: the ratio of the rates is 1 or more, or 1 lies in its interval.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rateVerdict } from "./agreement.ts";
 *
 * const figures = (requestsPerSecond: number) => ({ requestsPerSecond, p50Ms: 1, p95Ms: 1, p99Ms: 1 });
 * const pairs = [81, 79, 80, 81, 80].map((rate) => ({ own: figures(rate), peer: figures(100) }));
 * assertEquals(rateVerdict(pairs), "FAIL, 0.800 of it");
 * ```
 *
 * @param pairs At least one.
 */
export function rateVerdict(pairs: readonly FiguresPair[]): string {
  const { ratio: { value, high } } = agreementOf(pairs, "requestsPerSecond");
  const verdict = value >= 1 ? "PASS" : high === null ? "cannot tell" : high >= 1 ? "PASS within noise" : "FAIL";
  return `${verdict}, ${value.toFixed(3)} of it`;
}

function verdictOf({ value, low, high, n }: Estimate): string {
  if (low === null || high === null) return `cannot tell: ${n} pairs give no interval`;
  const [lowest, highest] = [1 / (1 + TOLERANCE), 1 + TOLERANCE];
  if (low >= lowest && high <= highest) return `within ${100 * TOLERANCE} %`;
  const percent = Math.abs(100 * (value - 1)).toFixed(1);
  if (low > highest) return `differs: torchgauge ${percent} % higher`;
  return high < lowest ? `differs: torchgauge ${percent} % lower` : "cannot tell";
}
