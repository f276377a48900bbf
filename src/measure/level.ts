import { defaultOf } from "./settings/default_of.ts";
import type { LevelOptions } from "./settings/options.ts";
import type { Counts, LevelMeasurement } from "../results/result.ts";
import type { Distribution } from "../core/estimate.ts";
import type { FailureReason } from "../core/outcome.ts";
import type { ServerTimings } from "../core/protocol.ts";
import type { LoadRun } from "../load/load_run.ts";
import { runClosedLoop } from "../load/closed_loop.ts";
import type { RunView } from "../load/run_recorder.ts";
import { clientCheck, startClientMonitor } from "../observe/client_monitor.ts";
import { distribution } from "../stats/estimates/distribution.ts";
import { wilsonEstimate } from "../stats/estimates/wilson_estimate.ts";
import { collectSeries, type LevelSeries, type SampleWindow } from "./level_series.ts";
import { noteRunEnd } from "./note_run_end.ts";
import { isPrecise, seriesRate } from "./precision.ts";
import { serverTimeOf, watchServerTime } from "./server_time.ts";
import type { Session } from "./session.ts";

/** What a level offers the server. */
export interface LevelLoad {
  /** Items per request. */
  readonly batchSize: number;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
}

/** How long a visit to a level may take. */
export interface VisitBudget {
  /** Longest window, ms. */
  readonly durationMs: number;
  /** Shortest time of the level's windows together, ms, unless it has `minimumRequests`. */
  readonly minimumMs: number;
  /** Requests that are enough without `minimumMs`. */
  readonly minimumRequests: number;
  /** Ends the visit after so many requests instead of by precision. */
  readonly requests?: number;
  /** How many times wider than wanted the intervals may be when the visit ends, for more visits follow. @default {1} */
  readonly slack?: number;
}

/** One visit to a level: a run, and whether the client kept up. */
export interface Visit {
  readonly run: LoadRun;
  readonly clientLimited: boolean;
  /** What the server counted in the window, or why that is not known. */
  readonly server: ServerTimings | string;
}

/** However fast a server is, a window shorter than this shows the scheduler of the operating system, ms. */
const SHORTEST_WINDOW_MS = 500;
const SHORTEST_WINDOW_QUICK_MS = 250;

/**
 * A visit ends when its intervals are narrower than wanted by this factor. One that ends at the first look at which they are just
 * narrow enough ends too often where chance made them so (Y. S. Chow and H. Robbins, 1965), and claims too much.
 */
const STOP_MARGIN = 0.9;

/** Defaults of METHODS 6, for a level that is visited once; `durationMs` bounds it. */
export function defaultBudget(options: LevelOptions): VisitBudget {
  const { durationMs, requests, quick } = options;
  return {
    durationMs: durationMs ?? (requests !== undefined ? Infinity : defaultOf("durationMs", options)),
    minimumMs: quick ? 1000 : 3000,
    minimumRequests: quick ? 30 : 100,
    ...(requests === undefined ? {} : { requests }),
  };
}

/**
 * Visits a level: warms up, then runs until the level, earlier visits included, is known precisely enough.
 * Marks the session partial where the run was cut short.
 *
 * @param session The test.
 * @param load What to offer.
 * @param budget Bounds of this visit.
 * @param earlier Visits of the same level before this one.
 * @param stage Words for the progress.
 * @param progressed Told the done share of this visit, 0 to 1.
 * @param onCounted Told the number of requests counted so far.
 */
export async function visitLevel(
  session: Session,
  load: LevelLoad,
  budget: VisitBudget,
  earlier: readonly Visit[] = [],
  progressed: (fraction: number) => void = () => {},
  onCounted: (requests: number) => void = () => {},
): Promise<Visit> {
  const { target, options, clock, transport, timeoutMs } = session;
  const { signal } = options;
  const { requests } = budget;
  const before = earlier.flatMap(({ run }) => windowOf(run));
  const ceiling = await session.ceiling.perSecond(session, load.batchSize);
  const monitor = startClientMonitor(clock);
  const startMs = session.elapsedMs();
  const watch = watchServerTime(session, load.concurrency);
  const run = await runClosedLoop({
    transport,
    protocol: target.protocol,
    pool: session.pool(load.batchSize),
    asked: {
      model: target.model,
      predictions: load.batchSize,
      allowNullResults: options.allowNullResults ?? false,
    },
    concurrency: load.concurrency,
    timeoutMs,
    warmUpRequests: options.warmUpRequests ?? Math.max(load.concurrency, 10),
    durationMs: budget.durationMs,
    ...(requests === undefined ? {} : { requests }),
    ...(signal === undefined ? {} : { signal }),
    clock,
    onCounted: (counted) => {
      watch.began();
      onCounted(counted);
      const byTime = (session.elapsedMs() - startMs) / budget.durationMs;
      progressed(Math.min(1, Math.max(byTime, requests === undefined ? 0 : counted / requests)));
    },
    ...(requests === undefined ? { stopWhen: (view: RunView) => isEnough(view, before, budget, options.quick) } : {}),
  });
  session.requests += run.samples.length;
  if (requests === undefined && Number.isFinite(budget.minimumMs) && run.endReason !== "interrupted") {
    session.stopping.windowsMs += run.windowEndMs - run.windowStartMs;
    session.stopping.fixedMs += budget.durationMs;
  }
  await noteRunEnd(session, run);
  const check = clientCheck(monitor.stop(run.samples.length), ceiling, rateOf(run));
  return { run, clientLimited: check.limited, server: await watch.ended() };
}

/** Answers per second, whatever they were worth: what the client had to do. */
function rateOf({ windowFrom, windowTo, windowStartMs, windowEndMs }: LoadRun): number | null {
  return windowEndMs > windowStartMs ? (windowTo - windowFrom) / ((windowEndMs - windowStartMs) / 1000) : null;
}

function isEnough(view: RunView, before: readonly SampleWindow[], budget: VisitBudget, quick = false): boolean {
  const { samples, windowFrom: from, windowStartMs: startMs, nowMs: endMs } = view;
  const series = collectSeries([...before, { samples, from, to: samples.length, startMs, endMs, whole: false }]);
  const shortestMs = quick ? SHORTEST_WINDOW_QUICK_MS : SHORTEST_WINDOW_MS;
  // A visit that only confirms must still be long enough to see the drift since the ones before it.
  const shareMs = before.reduce((sum, window) => sum + window.endMs - window.startMs, 0) /
    Math.max(1, 2 * before.length);
  if (endMs - startMs < Math.max(shortestMs, shareMs)) return false;
  const ended = series.succeeded + series.failed;
  if (series.durationMs < budget.minimumMs && ended < budget.minimumRequests) return false;
  // More of nothing but failures teaches nothing.
  return series.succeeded === 0 || isPrecise(series, STOP_MARGIN * (budget.slack ?? 1));
}

function windowOf(run: LoadRun): SampleWindow[] {
  if (run.windowTo <= run.windowFrom) return [];
  const { samples, windowFrom: from, windowTo: to, windowStartMs: startMs, windowEndMs: endMs } = run;
  // Who asks for so many requests wants all of them counted.
  return [{ samples, from, to, startMs, endMs, whole: run.endReason === "requests" }];
}

/** A level's figures with what charts and other figures need besides. */
export interface LevelSummary {
  readonly measurement: LevelMeasurement;
  readonly series: LevelSeries;
  readonly firstByteMs: Distribution | null;
  readonly serverMs: Distribution | null;
}

/**
 * Figures of a level over all its visits.
 *
 * @param visits In the order in which they ran.
 * @param batchSize Items per request.
 * @param absences Is told why the server's own time is not known.
 */
export function summariseLevel(
  visits: readonly Visit[],
  batchSize: number,
  absences: Record<string, string> = {},
): LevelSummary {
  const runs = visits.map(({ run }) => run);
  const series = collectSeries(runs.flatMap(windowOf));
  const rate = seriesRate(series, 1);
  const latencyMs = distribution(series.latenciesMs);
  const counted = visits.flatMap(({ server }) => typeof server === "string" ? [] : [server]);
  const unknown = visits.find(({ server }) => typeof server === "string")?.server;
  if (counted.length === 0 && typeof unknown === "string") absences["server"] ??= unknown;
  const measurement: LevelMeasurement = {
    ...countsOf(series, runs),
    warmUpRequests: runs.reduce((sum, run) => sum + run.warmUpRequests, 0),
    cutRequests: series.cutRequests,
    durationMs: series.durationMs,
    requestsPerSecond: rate,
    predictionsPerSecond: seriesRate(series, batchSize),
    latencyMs,
    errorRate: series.succeeded + series.failed === 0
      ? null
      : wilsonEstimate(series.failed, series.succeeded + series.failed),
    converged: isPrecise(series),
    clientLimited: visits.some(({ clientLimited }) => clientLimited),
    server: serverTimeOf(counted, batchSize, latencyMs?.mean.value ?? null),
  };
  return {
    measurement,
    series,
    firstByteMs: distribution(series.firstByteMs),
    serverMs: distribution(series.serverMs),
  };
}

function countsOf(series: LevelSeries, runs: readonly LoadRun[]): Counts {
  const failureExamples: Partial<Record<FailureReason, string>> = {};
  for (const run of runs) {
    for (const [reason, example] of Object.entries(run.failureExamples)) {
      failureExamples[reason as FailureReason] ??= example;
    }
  }
  return {
    requests: series.succeeded + series.failed,
    succeeded: series.succeeded,
    failed: series.failed,
    cancelled: runs.reduce((sum, run) => sum + run.cancelled, 0),
    failuresByReason: series.failuresByReason,
    failureExamples,
  };
}
