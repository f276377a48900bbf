import type { Distribution } from "../../core/estimate.ts";
import type { FailureReason } from "../../core/outcome.ts";
import type { LoadRun } from "../../load/load_run.ts";
import { isOpenRun } from "../../load/run_load.ts";
import type { OpenLoopRun } from "../../load/open_loop.ts";
import { goodputOf, type LimitedRequests } from "../goodput/goodput.ts";
import { ceilingFigures } from "../ceiling_rate.ts";
import { gpuAbsencesOf } from "../gpu/gpu_absences_of.ts";
import { gpuUseOf, onSameDevices } from "../gpu/gpu_use_of.ts";
import type { GpuUse } from "../../results/window/gpu_use.ts";
import type { ArrivalPattern, Load } from "../../results/window/load.ts";
import { areUnbelieved } from "../../results/window/refused_server_times.ts";
import { type RequestDistributions, requestMetricsOf } from "../../results/window/request_metrics.ts";
import type { Counts, OfferedFigures, Window, WindowVisit } from "../../results/window/window.ts";
import { DEFAULT_LEVEL } from "../../stats/confidence_level.ts";
import { distribution } from "../../stats/estimates/distribution.ts";
import { wilsonEstimate } from "../../stats/estimates/wilson_estimate.ts";
import { backlogGrowth, isSaturated } from "./backlog.ts";
import { clientUseOf } from "./client_use.ts";
import type { Visit } from "./visit.ts";
import { slicesOf } from "./in_time/slices_of.ts";
import { isPrecise, seriesRate } from "./precision.ts";
import { serverTimeOf, whyNoServerTime } from "./server_time.ts";
import { firstTokenParts } from "../streams/first_token_parts.ts";
import { streamAccount } from "../streams/stream_account.ts";
import { tokenRates } from "../streams/token_rates.ts";
import { cutWindow, type SampleWindow, windowOf } from "./sample_window.ts";
import { collectSeries, type WindowSeries } from "./window_series.ts";

/** A load's figures with what charts need besides. */
export interface WindowSummary {
  /** The figures. */
  readonly window: Window;
  /** The observations. */
  readonly series: WindowSeries;
}

/**
 * Figures of a load over all its visits.
 *
 * @param load What was offered.
 * @param visits In the order in which they ran.
 * @param absences Is told why the server's own time and its GPUs are not known.
 */
export function summariseWindow(
  load: Load,
  visits: readonly Visit[],
  absences: Record<string, string> = {},
): WindowSummary {
  const runs = visits.map(({ run }) => run);
  const origin = load.kind === "open" ? "due" : "sent";
  const windows = runs.flatMap(windowOf);
  const series = collectSeries(windows);
  const rates = tokenRates(
    windows.map((window) => ({
      samples: window.samples,
      startMs: cutWindow(window).startMs,
      endMs: window.endMs,
      isWhole: window.fold === undefined,
    })),
    series.succeeded === 0 ? null : seriesRate(series, 1),
  );
  const isStreamed = "outputTokensPerSecond" in rates;
  const latencies = new Map(
    requestMetricsOf(origin).filter(({ streamedOnly }) => isStreamed || !streamedOnly).map(({ field }) => {
      const values = series.metrics.get(field) ?? [];
      return [field, distribution(values, DEFAULT_LEVEL, series.queues.get(field))] as const;
    }),
  );
  const told = refusedTimes(series, latencies.get("serverMs")?.n ?? 0);
  if (told.refusedServerTimes !== undefined && areUnbelieved(told.refusedServerTimes)) latencies.set("serverMs", null);
  const counted = visits.flatMap(({ server }) => typeof server === "string" ? [] : [server]);
  const unknown = visits.find(({ server }) => typeof server === "string")?.server;
  if (counted.length === 0 && typeof unknown === "string") absences["server"] ??= unknown;
  const latencyMs = latencies.get("latencyMs")?.mean.value ?? null;
  const refused = whyNoServerTime(counted, latencyMs);
  if (refused !== null) absences["server"] ??= refused;
  const open = runs.filter(isOpenRun);
  const unanswered = unansweredIn(open);
  const ended = series.succeeded + series.failed + unanswered;
  // Where all that ended has failed there are no numbers that the client could have set.
  const hasNumbers = series.succeeded > 0 || series.failed === 0;
  const clientUse = visits.length === 0 ? null : clientUseOf(
    visits.map(({ run, use }) => ({
      use: hasNumbers ? use : { ...use, because: [] },
      durationMs: run.windowEndMs - run.windowStartMs,
    })),
    ceilingFigures(visits.at(-1)!.ceiling),
  );
  const limits = visits[0]?.limits ?? [];
  const window: Window = {
    load,
    latencyFrom: origin,
    ...countsOf(series, visits),
    warmUpRequests: runs.reduce((sum, run) => sum + run.warmUpRequests, 0),
    cutRequests: series.cutRequests,
    durationMs: series.durationMs,
    ...heldOf(runs),
    ...(Object.fromEntries(latencies) as { -readonly [F in keyof RequestDistributions]: Distribution | null }),
    // Of an open loop in which none was due, what ended is of its warm-up.
    requestsPerSecond: series.succeeded === 0 ? null : seriesRate(series, 1),
    predictionsPerSecond: series.succeeded === 0 ? null : seriesRate(series, load.batchSize),
    ...rates,
    ...limits.length === 0 ? {} : goodputOf(limitedIn(windows), limits, {
      durationMs: series.durationMs,
      unanswered,
      isStreamed,
      times: latencies,
    }),
    ...streamAccount(windows.map((window) => ({ samples: window.samples, indices: cutWindow(window).indices }))),
    errorRate: ended === 0 ? null : wilsonEstimate(series.failed + unanswered, ended),
    converged: isPrecise(series, origin),
    ...cutOf(visits),
    clientLimited: clientUse !== null && clientUse.because.length > 0,
    ...(clientUse === null ? {} : { clientUse }),
    ...told,
    server: refused === null ? serverTimeOf(counted, load.batchSize, latencyMs) : null,
    ...firstTokensOf(load, visits, absences),
    ...gpuOf(visits, absences),
    visits: visits.map((visit) => visitOf(visit, visits.length)),
    ...(load.kind !== "open" || open.length === 0 ? {} : offeredFigures(open, load.arrivals)),
  };
  return { window, series };
}

function limitedIn(windows: readonly SampleWindow[]): LimitedRequests[] {
  return windows.map((window) => {
    const { samples, origin, fold } = window;
    const { indices, startMs } = cutWindow(window);
    return { samples, origin, indices, startMs, later: fold?.goodput };
  });
}

/** What cut a visit short. */
function cutOf(visits: readonly Visit[]): Pick<Window, "lost" | "cutShort"> {
  const by = visits.find(({ run }) => run.lost !== null);
  const lost = by?.run.lost ?? null;
  const isInterrupted = visits.some(({ run }) => run.endReason === "interrupted");
  return {
    ...(lost === null ? {} : {
      lost: { atMs: by!.atMs + lost.sinceMs, reason: lost.reason, failed: lost.failed },
    }),
    ...(isInterrupted ? { cutShort: true } : {}),
  };
}

/** Nothing where the server counts no first tokens; those of a window that others shared are not shown. */
function firstTokensOf(
  load: Load,
  visits: readonly Visit[],
  absences: Record<string, string>,
): Pick<Window, "firstTokenParts"> {
  const counted = visits.flatMap(({ run, run: { samples }, server, firstTokens: readings }) =>
    readings === undefined || typeof server === "string" || load.kind === "open"
      ? []
      : [{ samples, readings: keptReadings(readings, run), concurrency: load.concurrency }]
  );
  const parts = firstTokenParts(counted);
  if (typeof parts === "string") absences["firstTokenParts"] ??= parts;
  return typeof parts === "string" || parts === null ? {} : { firstTokenParts: parts };
}

/** Of a run whose later samples are not kept, those up to the last that is. */
function keptReadings(readings: NonNullable<Visit["firstTokens"]>, { fold, samples }: Visit["run"]) {
  const lastMs = fold === undefined || samples.length === 0 ? Infinity : samples.endedAt(samples.length - 1);
  return readings.filter(({ atMs }) => atMs <= lastMs);
}

/** Nothing where nobody looked, as in versions before 0.2. */
function gpuOf(visits: readonly Visit[], absences: Record<string, string>): { readonly gpu?: GpuUse | null } {
  const told = visits.flatMap(({ gpu }) => gpu ?? []);
  if (told.length === 0) return {};
  const records = onSameDevices(told.filter((gpu) => typeof gpu !== "string"));
  if (records.length === 0) {
    absences["gpu"] ??= String(told[0]);
    return { gpu: null };
  }
  const gpu = gpuUseOf(records);
  for (const [field, reason] of Object.entries(gpuAbsencesOf(records, gpu))) absences[field] ??= reason;
  return { gpu };
}

/** How long nothing was sent as the server asked for that; nothing where it did not. */
function heldOf(runs: readonly LoadRun[]): Pick<Window, "heldMs"> {
  const heldMs = runs.reduce((sum, run) => sum + (run.heldMs ?? 0), 0);
  return heldMs === 0 ? {} : { heldMs };
}

function refusedTimes(
  { refusedServerTimes: refused }: WindowSeries,
  taken: number,
): Pick<Window, "refusedServerTimes"> {
  return refused === 0 ? {} : { refusedServerTimes: { refused, told: refused + taken } };
}

function countsOf(series: WindowSeries, visits: readonly Visit[]): Counts {
  const failureExamples: Partial<Record<FailureReason, string>> = {};
  for (const { run } of visits) {
    for (const [reason, example] of Object.entries(run.failureExamples) as [FailureReason, string][]) {
      // One that ended behind the window, or once the server was lost, may be of no request that counts.
      if (series.failuresByReason[reason]) failureExamples[reason] ??= example;
    }
  }
  return {
    requests: series.succeeded + series.failed,
    succeeded: series.succeeded,
    failed: series.failed,
    cancelled: visits.reduce((sum, { run }) => sum + run.cancelled, 0),
    failuresByReason: series.failuresByReason,
    failureExamples,
  };
}

function visitOf({ by, atMs, run }: Visit, visits: number): WindowVisit {
  const windows = windowOf(run), [window] = windows;
  const own = collectSeries(windows, ["latencyMs"]);
  return {
    by,
    atMs: atMs + (own.cutRequests === 0 ? run.windowStartMs : run.windowEndMs - own.durationMs),
    durationMs: own.durationMs,
    requestsPerSecond: seriesRate(own, 1),
    ...(window === undefined || own.durationMs <= 0 ? {} : { slices: slicesOf(window, own.durationMs, visits, atMs) }),
  };
}

/** Requests that nobody answered in time. What the user's signal cut off is cancelled: neither a success nor a failure. */
function unansweredIn(runs: readonly OpenLoopRun[]): number {
  return runs.reduce((sum, { endReason, unanswered }) => sum + (endReason === "interrupted" ? 0 : unanswered), 0);
}

/** What an open loop has to say besides; of several visits together, with the backlog of the last. */
function offeredFigures(
  runs: readonly OpenLoopRun[],
  arrivals: ArrivalPattern,
): OfferedFigures & Pick<Window, "backlogGrowthPerSecond"> {
  const total = (of: (run: OpenLoopRun) => number) => runs.reduce((sum, run) => sum + of(run), 0);
  const durationMs = total(({ dueFromMs, dueToMs }) => dueToMs - dueFromMs);
  const due = total((run) => run.due);
  const offeredPerSecond = durationMs > 0 ? due / (durationMs / 1000) : 0;
  return {
    offeredPerSecond,
    due,
    unanswered: unansweredIn(runs),
    mostOutstanding: Math.max(...runs.map(({ mostOutstanding }) => mostOutstanding)),
    backlogGrowthPerSecond: backlogGrowth(runs.at(-1)!),
    saturated: isSaturated(runs, arrivals),
  };
}
