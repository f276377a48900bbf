import type { Estimate } from "../../core/estimate.ts";
import { normalQuantile } from "../probability.ts";
import { ratioEstimate } from "./ratio_estimate.ts";
import { relativeTo } from "./relative_to.ts";

/** One of the visits that an estimate is made of. */
export interface TimedRate {
  /** When it began, ms. */
  readonly atMs: number;
  /** How long it took, ms. */
  readonly durationMs: number;
  /** What was reached in it. */
  readonly requestsPerSecond: Estimate | null;
}

/** An estimate of all visits together. */
export interface VisitedEstimate {
  readonly estimate: Estimate | null;
  /** In the order in which they ran. */
  readonly visits: readonly TimedRate[];
}

/** How a server drifts: the change of the logarithm of its rates per ms. */
export interface Drift {
  readonly perMs: number;
  /** Its standard error. */
  readonly error: number;
}

/**
 * The drift between first and last visits, taken as steady and alike at all levels: the mean of theirs, each weighted by
 * the inverse of its variance.
 *
 * @param levels Each with its visits in the order in which they ran.
 * @returns `null` where no level was visited twice.
 */
export function driftBetween(levels: readonly (readonly TimedRate[])[]): Drift | null {
  let weights = 0, weighted = 0;
  for (const visits of levels) {
    const [first, last] = [visits.at(0), visits.at(-1)];
    if (first === undefined || last === undefined) continue;
    const change = relativeTo(last.requestsPerSecond, first.requestsPerSecond);
    const spanMs = middleOf(last) - middleOf(first);
    if (!(spanMs > 0) || change === null || !((change.low ?? 0) > 0) || change.high === null) continue;
    const error = Math.log(change.high / change.low!) / (2 * normalQuantile((1 + change.level) / 2) * spanMs);
    if (!(error > 0)) continue;
    weights += 1 / error ** 2;
    weighted += Math.log(change.value) / spanMs / error ** 2;
  }
  return weights > 0 ? { perMs: weighted / weights, error: 1 / Math.sqrt(weights) } : null;
}

/**
 * A level relative to a base level that was visited at other moments. What a server that drifts does to one and not to the
 * other is no difference of the levels: the interval also holds the ratio at one moment (method 8). Where both have the same
 * moment on average nothing is added.
 *
 * @param of The level.
 * @param base The base level, the same estimate for the base itself.
 * @param drift Between the visits of the sweep; `null` if it is not known: nothing is added.
 * @returns The ratio, its value that of both estimates; `null` if either is missing or the base is 0.
 */
export function ratioUnderDrift(of: VisitedEstimate, base: VisitedEstimate, drift: Drift | null): Estimate | null {
  const ratio = relativeTo(of.estimate, base.estimate);
  const apartMs = momentOf(of) - momentOf(base);
  if (ratio === null || drift === null || !(Math.abs(apartMs) > 0)) return ratio;
  const change = (errors: number) => Math.exp(drift.perMs * apartMs + errors * drift.error * Math.abs(apartMs));
  const errors = normalQuantile((1 + ratio.level) / 2);
  const atOneMoment = ratioEstimate(ratio, { ...ratio, value: change(0), low: change(-errors), high: change(errors) });
  const { low, high } = atOneMoment!;
  return {
    ...ratio,
    low: low === null || ratio.low === null ? null : Math.min(low, ratio.low),
    high: high === null || ratio.high === null ? null : Math.max(high, ratio.high),
  };
}

/** When a level was visited on average, each visit by its length; not a number where it was not. */
function momentOf({ visits }: VisitedEstimate): number {
  const totalMs = visits.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return visits.reduce((sum, visit) => sum + middleOf(visit) * visit.durationMs, 0) / totalMs;
}

function middleOf({ atMs, durationMs }: TimedRate): number {
  return atMs + durationMs / 2;
}
