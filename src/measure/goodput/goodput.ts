import type { Distribution, Estimate } from "../../core/estimate.ts";
import type { SampleTable } from "../../core/sample.ts";
import { limitedMetric } from "../../objectives/metrics.ts";
import type { GoodputAccount } from "../../results/window/goodput/goodput_account.ts";
import type { Objective } from "../../results/objective.ts";
import type { LatencyOrigin, RequestField } from "../../results/window/request_metrics.ts";
import type { WindowEstimates } from "../../results/window/window_metrics.ts";
import { batchMeans } from "../../stats/estimates/batch_means.ts";
import { designEffectOf } from "../../stats/estimates/design_effect.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../../stats/confidence_level.ts";
import { wilsonEstimate } from "../../stats/estimates/wilson_estimate.ts";
import type { GroupedSums } from "../../stats/grouped/grouped_sums.ts";
import { GoodputSeries } from "./goodput_series.ts";

/** Fewer requests tell nothing of how others differ from them: the ends of the interval of a rate are then unknown. */
const FEWEST_REQUESTS = 5;

/** A share that weighs as much as fewer independent requests has no end. */
const LEAST_WEIGHT = 2;

/** Requests of one run that count. */
export interface LimitedRequests {
  /** Those that are kept. */
  readonly samples: SampleTable;
  /** Where their latency begins. */
  readonly origin: LatencyOrigin;
  /** Which count, in the order of time. */
  readonly indices: Int32Array;
  /** When their time began, ms since the run began. */
  readonly startMs: number;
  /** Those that came later and are not kept. */
  readonly later?: GoodputSeries | null | undefined;
}

/** What a window says of its goodput. */
export type Goodput =
  & { readonly goodput: GoodputAccount }
  & Pick<WindowEstimates, "goodShare" | "goodRequestsPerSecond" | "goodTokensPerSecond">;

/** What the intervals need besides. */
export interface GoodputContext {
  /** Length of the windows together, ms. */
  readonly durationMs: number;
  /** Requests of open loops that were never answered. */
  readonly unanswered: number;
  /** Whether answers were streamed. */
  readonly isStreamed: boolean;
  /** The times of the requests, which say how alike neighbours are. */
  readonly times: ReadonlyMap<RequestField, Distribution | null>;
}

/**
 * Goodput: which share of the requests keeps all limits, how many such requests end in a second (in an open loop: were due),
 * and how many tokens they hold. Requests are the observations, never tokens.
 *
 * - **Share**: Wilson's interval for a sample smaller by the larger of the design effects of the series of kept and missed
 *   limits, and of the 95th percentiles of the times that are limited, which know of queues.
 * - **Rates**: ratio estimators over requests (W. G. Cochran, 1977): the mean of what each added, less its time at that rate,
 *   by batch means; relatively never surer than the share. Without a good request there is no upper end.
 *
 * @param windows Those of one load.
 * @param limits From `parseRequestLimits`.
 * @param context What the intervals need besides.
 * @returns Estimates are `null` where no request has all the times that are limited.
 */
export function goodputOf(
  windows: readonly LimitedRequests[],
  limits: readonly Objective[],
  { durationMs, unanswered, isStreamed, times }: GoodputContext,
): Goodput {
  const series = seriesOf(windows, limits);
  for (let i = 0; i < unanswered; i++) series.addUnanswered();
  const { kept, good, goodTokens, counted, unjudged } = series;
  const account = { limits: limits.map(({ text }) => text), judged: kept.n, good: kept.sum, unjudged };
  if (kept.n === 0) {
    const none = { goodShare: null, goodRequestsPerSecond: null };
    return { goodput: account, ...none, ...isStreamed ? { goodTokensPerSecond: null } : {} };
  }
  const share = shareOf(kept, limits.map(({ metric }) => times.get(limitedMetric(metric).field) ?? null));
  const rate = (sums: GroupedSums) => rateOf(sums, series.gapsMs, durationMs, share);
  return {
    goodput: account,
    goodShare: share,
    goodRequestsPerSecond: rate(good),
    ...isStreamed ? { goodTokensPerSecond: counted < good.sum ? null : rate(goodTokens) } : {},
  };
}

function seriesOf(windows: readonly LimitedRequests[], limits: readonly Objective[]): GoodputSeries {
  const all = new GoodputSeries(limits, windows[0]?.origin ?? "sent");
  for (const { samples, origin, indices, startMs, later } of windows) {
    const own = new GoodputSeries(limits, origin, startMs);
    for (const i of indices) own.add(samples, i, origin === "due" ? samples.scheduledAt(i) : samples.endedAt(i));
    all.append(own);
    if (later) all.append(later);
  }
  return all;
}

function shareOf(kept: GroupedSums, times: readonly (Distribution | null)[]): Estimate {
  const { n, mean } = kept;
  const effects = times.map((time) => time?.p95.weight === undefined ? 1 : time.n / time.p95.weight);
  const own = n < 2 ? 1 : designEffectOf(kept, n, DEFAULT_LEVEL).sure;
  const weight = n / Math.max(1, own, ...effects);
  // A queue of which so little is known says nothing of others.
  if (weight < LEAST_WEIGHT) return { value: mean, low: null, high: null, level: DEFAULT_LEVEL, n, weight };
  return { ...wilsonEstimate(mean * weight, weight), n, weight };
}

/** What is gained in a second. */
function rateOf(gains: GroupedSums, gapsMs: GroupedSums, durationMs: number, share: Estimate): Estimate | null {
  if (!(durationMs > 0)) return null;
  const { n } = gains;
  const value = 1000 * gains.sum / durationMs;
  const base = { value, level: share.level, n, ...share.weight === undefined ? {} : { weight: share.weight } };
  // Nobody knows how much a good one would have brought.
  if (value === 0) return { ...base, low: 0, high: null };
  if (n < FEWEST_REQUESTS || share.low === null || share.high === null) return { ...base, low: null, high: null };
  const perMs = gains.sum / gapsMs.sum;
  // How far each request is from what its time should have brought.
  const { batchedMean, variance, degreesOfFreedom } = batchMeans({
    n,
    mean: 0,
    means: (size) => gains.means(size).map((mean, b) => mean - perMs * gapsMs.means(size)[b]!),
  });
  const reach = studentTMultiplier(share.level, degreesOfFreedom) * Math.sqrt(variance);
  // Of whole batches alone, since bursts of answers begin and end anywhere in the window.
  const rateAt = (residual: number) => residual < gains.mean ? value / (1 - residual / gains.mean) : null;
  const high = rateAt(batchedMean + reach);
  return {
    ...base,
    low: Math.max(0, Math.min(value, rateAt(batchedMean - reach) ?? 0, value * share.low / share.value)),
    high: high === null ? null : Math.max(value, high, value * share.high / share.value),
  };
}
