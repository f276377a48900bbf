import { defaultOf } from "./settings/default_of.ts";
import type { ArrivalOptions, LevelOptions } from "./settings/options.ts";
import { UsageError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { FailureReason } from "../core/outcome.ts";
import type { SampleTable } from "../core/sample.ts";
import type { OfferedLevel } from "../results/result.ts";
import type { Arrivals } from "../load/arrivals.ts";
import { type OpenLoopRun, runOpenLoop } from "../load/open_loop.ts";
import { clientCheck, startClientMonitor } from "../observe/client_monitor.ts";
import { distribution } from "../stats/estimates/distribution.ts";
import { rateEstimate } from "../stats/estimates/rate_estimate.ts";
import { relativeHalfWidth } from "../stats/estimates/relative_half_width.ts";
import { theilSen } from "../stats/trend/theil_sen.ts";
import { wilsonEstimate } from "../stats/estimates/wilson_estimate.ts";
import { noteRunEnd } from "./note_run_end.ts";
import type { Session } from "./session.ts";

/** Growth of the backlog, relative to the offered rate, from which on the server does not keep up. */
const SATURATED_GROWTH = 0.05;
/** Lateness at which the client has a part in every latency, ms. */
const LATE_MS = 5;
/** Wanted half width of the interval of the p95 latency, relative to it (METHODS 6). */
const P95_PRECISION = 0.1;

/** What is offered. */
export interface Offer {
  readonly arrivals: Arrivals;
  /** Items per request. */
  readonly batchSize: number;
  /** Length of the window, ms. */
  readonly durationMs: number;
  /** Most connections. */
  readonly maxConnections: number;
  /** Requests before the window; without it those of a second, since a queue takes time to fill. */
  readonly warmUpRequests?: number;
}

/** Defaults of an offer; `durationMs` is not bounded by precision, since the tail needs its time. */
export function offerDefaults(options: LevelOptions & ArrivalOptions): Omit<Offer, "arrivals" | "batchSize"> {
  return {
    durationMs: options.durationMs ?? defaultOf("durationMs", options, "load"),
    maxConnections: options.maxConnections ?? defaultOf("maxConnections"),
    ...(options.warmUpRequests === undefined ? {} : { warmUpRequests: options.warmUpRequests }),
  };
}

/** What an offer gave: its figures, and the run that they come from. */
export interface Offered {
  readonly level: OfferedLevel;
  readonly run: OpenLoopRun;
}

/**
 * Offers requests at a rate of their own and sees how the server does.
 *
 * @param session The test.
 * @param offer What is offered.
 * @returns Rates and latencies; requests count by the moment at which they were due.
 */
export async function measureOffer(session: Session, offer: Offer): Promise<Offered> {
  const { target, options: { signal, allowNullResults = false }, clock, transport, timeoutMs } = session;
  const ceiling = await session.ceiling.perSecond(session, offer.batchSize);
  if (ceiling !== null && offer.arrivals.ratePerSecond > ceiling) {
    throw new UsageError(
      `Cannot offer ${offer.arrivals.description} as a rate must be below what this client can send, ` +
        `${Math.floor(ceiling)} requests per second: current value is ${offer.arrivals.ratePerSecond}`,
      { hint: "Offer less, or run several clients." },
    );
  }
  const monitor = startClientMonitor(clock);
  const run = await runOpenLoop({
    transport,
    protocol: target.protocol,
    pool: session.pool(offer.batchSize),
    asked: { model: target.model, predictions: offer.batchSize, allowNullResults },
    timeoutMs,
    warmUpRequests: offer.warmUpRequests ?? Math.max(10, Math.ceil(offer.arrivals.ratePerSecond)),
    durationMs: offer.durationMs,
    arrivals: offer.arrivals,
    maxLanes: offer.maxConnections,
    ...(signal === undefined ? {} : { signal }),
    clock,
  });
  session.requests += run.samples.length;
  await noteRunEnd(session, run);
  const client = clientCheck(monitor.stop(run.samples.length), ceiling, offer.arrivals.ratePerSecond);
  return { level: summariseOffer(run, client.limited), run };
}

/** Figures of one open-loop run. */
export function summariseOffer(run: OpenLoopRun, clientLimited: boolean): OfferedLevel {
  const { samples, dueFromMs, dueToMs, due, unanswered } = run;
  const counted = dueInWindow(run);
  const succeeded = counted.filter((i) => samples.succeeded(i));
  const durationMs = dueToMs - dueFromMs;
  const offeredPerSecond = due / (durationMs / 1000);
  const backlogGrowthPerSecond = backlogGrowth(run);
  const latencyMs = distribution(succeeded.map((i) => samples.endedAt(i) - samples.scheduledAt(i)));
  const latenessMs = distribution(counted.map((i) => samples.sentAt(i) - samples.scheduledAt(i)));
  const p95Width = latencyMs === null ? null : relativeHalfWidth(latencyMs.p95);
  const failed = counted.length - succeeded.length;
  // What the user's signal cut off is cancelled: it is neither a success nor a failure.
  const missed = failed + (run.endReason === "interrupted" ? 0 : unanswered);
  const judged = succeeded.length + missed;
  return {
    offeredPerSecond,
    due,
    unanswered,
    durationMs,
    requests: counted.length,
    succeeded: succeeded.length,
    failed,
    cancelled: run.cancelled,
    failuresByReason: failuresOf(samples, counted),
    failureExamples: run.failureExamples,
    achievedPerSecond: achieved(run),
    latencyMs,
    serviceMs: distribution(succeeded.map((i) => samples.endedAt(i) - samples.sentAt(i))),
    latenessMs,
    errorRate: judged === 0 ? null : wilsonEstimate(missed, judged),
    backlogGrowthPerSecond,
    saturated: isSaturated(run, offeredPerSecond, backlogGrowthPerSecond),
    converged: p95Width !== null && p95Width <= P95_PRECISION,
    clientLimited: clientLimited || (latenessMs?.p95.value ?? 0) > LATE_MS,
  };
}

/** Indices of what counts, in the order in which it was due, as a series in time wants it. */
export function dueInWindow({ samples, dueFromMs, dueToMs }: OpenLoopRun): number[] {
  const indices: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    const dueMs = samples.scheduledAt(i);
    if (dueMs >= dueFromMs && dueMs < dueToMs && samples.outcome(i).kind !== "cancelled") indices.push(i);
  }
  return indices.sort((a, b) => samples.scheduledAt(a) - samples.scheduledAt(b));
}

function failuresOf(samples: SampleTable, indices: readonly number[]): OfferedLevel["failuresByReason"] {
  const counts: Partial<Record<FailureReason, number>> = {};
  for (const i of indices) {
    const outcome = samples.outcome(i);
    if (outcome.kind === "failure") counts[outcome.reason] = (counts[outcome.reason] ?? 0) + 1;
  }
  return counts;
}

/** Successes that ended inside the window, whenever they were due: what the server did in that time. */
function achieved({ samples, dueFromMs: startMs, dueToMs: endMs }: OpenLoopRun): Estimate | null {
  const ended: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    const at = samples.endedAt(i);
    if (samples.succeeded(i) && at >= startMs && at <= endMs) ended.push(at);
  }
  return ended.length === 0 || endMs <= startMs ? null : rateEstimate(ended, { startMs, endMs });
}

function backlogGrowth({ backlog, dueFromMs }: OpenLoopRun): Estimate | null {
  const points = backlog.filter(({ atMs }) => atMs >= dueFromMs);
  if (points.length < 5) return null;
  return theilSen(points.map(({ atMs }) => atMs / 1000), points.map(({ requests }) => requests));
}

function isSaturated({ unanswered, endReason }: OpenLoopRun, offered: number, growth: Estimate | null): boolean {
  if (endReason !== "interrupted" && unanswered > 0) return true;
  return growth !== null && growth.low !== null && growth.low > 0 && growth.value > SATURATED_GROWTH * offered;
}
