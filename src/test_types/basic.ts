import type { Target } from "../core/target.ts";
import { checkCache } from "../measure/cache_check.ts";
import type { Session } from "../measure/session.ts";
import type { Plan } from "../measure/plan.ts";
import { patternAt } from "../measure/window/arrivals_of.ts";
import { runSession, type Test } from "../measure/run_session.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { BasicOptions } from "../measure/settings/options.ts";
import { summariseWindow } from "../measure/window/summarise_window.ts";
import { TIMELINE_POINTS } from "../measure/window/in_time/timeline.ts";
import type { Visit } from "../measure/window/visit.ts";
import { visitLoad } from "../measure/visit_load.ts";
import { closedBudget, openBudget } from "../measure/window/window_budget.ts";
import { answerTimelines } from "../measure/streams/answer_timelines.ts";
import { cutWindow, windowOf } from "../measure/window/sample_window.ts";
import { collectSeries, type WindowSeries } from "../measure/window/window_series.ts";
import type { BasicResult, TimelinePoint } from "../results/kinds/basic.ts";
import type { Load } from "../results/window/load.ts";
import type { Window } from "../results/window/window.ts";
import type { RequestField } from "../results/window/request_metric.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { quantile } from "../stats/estimates/quantile.ts";
import { GroupedObservations } from "../stats/grouped/grouped_observations.ts";

/** Most points of the warm-up's timeline: its last ones. */
const WARM_UP_POINTS = 500;

/**
 * How fast does the server answer at one load? A closed loop at one concurrency and batch size (method 9) that ends when
 * throughput is known within 5 % and p95 latency within 10 %, or after `durationMs` or `requests`. With `ratePerSecond` an
 * open loop: latencies then count from the moment at which a request was due, and the window is as long as was asked for.
 *
 * @param target The model to measure, from `connect`.
 * @param options Concurrency, batch size and bounds.
 * @returns Rates per second and latencies in ms, each with its 95 % interval.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runBasicTest(target: Target, options: BasicOptions = {}): Promise<BasicResult> {
  return (await basicTest(target, options)).result();
}

/** The basic test as part of a run. */
export const basicTest: Test<"basic", BasicOptions> = (target, options, shared) => {
  checkOptions(options);
  const load = loadOf(options);
  return runSession("basic", target, options, shared, async (session) => {
    const stage = load.kind === "open"
      ? `${options.ratePerSecond} requests/s offered`
      : `concurrency ${load.concurrency}, batch ${load.batchSize}`;
    session.progress(stage, 0);
    const budget = load.kind === "open" ? openBudget(options, load.arrivals) : closedBudget(options);
    await visitLoad(session, load, budget, {
      progressed: (fraction) => session.progress(stage, fraction),
    });
    const checks = options.cacheCheck === true && session.partial === null;
    const cache = checks ? await checkCache(session, load.batchSize) : null;
    return (absences) => ({ ...summarise(session, load, absences), ...(cache === null ? {} : { cache }) });
  });
};

/** What the basic test asks of the server. */
export function basicPlan(options: BasicOptions): Plan {
  const load = loadOf(options);
  return { asked: { ...load }, ...(load.kind === "open" ? { arrivals: [load.arrivals] } : {}) };
}

function loadOf(options: BasicOptions): Load {
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize"), ratePerSecond } = options;
  const { maxConnections = defaultOf("maxConnections") } = options;
  if (ratePerSecond === undefined) return { kind: "closed", concurrency, batchSize };
  return { kind: "open", arrivals: patternAt(ratePerSecond, options), maxConnections, batchSize };
}

/** Fields of a window that requests tell. */
const OF_REQUESTS = ["latencyMs", "requestsPerSecond", "predictionsPerSecond", "errorRate", "firstByteMs", "serverMs"];

function summarise({ windows, kind }: Session, load: Load, absences: Record<string, string>) {
  const visits = windows.of(load, kind);
  const { window, series } = summariseWindow(load, visits, absences);
  if (window.serverMs === null && window.succeeded > 0) {
    absences["serverMs"] = window.refusedServerTimes === undefined
      ? "the server's answers do not tell it"
      : "the times that the server's answers tell cannot be";
  }
  if (window.due === 0) {
    for (const field of OF_REQUESTS) absences[field] = "no request was due in so short a time";
  } else if (window.succeeded === 0) absences["latencyMs"] = "no request succeeded";
  return {
    kind: "basic" as const,
    concurrency: load.kind === "closed" ? load.concurrency : null,
    batchSize: load.batchSize,
    ...window,
    timeline: series.timeline(),
    ...(load.kind === "closed" ? { warmUpTimeline: warmUpTimelineOf(visits[0]) } : {}),
    ...(series.succeeded > TIMELINE_POINTS
      ? { latencyQuantiles: quantilesOf(series, "latencyMs", series.succeeded) }
      : {}),
    ...streamedOf(window, series, visits),
  };
}

/** Successes of the first visit before the window that counts, on the time axis of `timeline`. */
function warmUpTimelineOf(visit: Visit | undefined): TimelinePoint[] {
  if (visit === undefined) return [];
  const { run } = visit;
  const [window] = windowOf(run);
  const startMs = run.windowEndMs - (window === undefined ? 0 : collectSeries([window], []).durationMs);
  const points = [];
  for (let i = 0; i < Math.min(run.windowTo, run.samples.length) && run.samples.endedAt(i) <= startMs; i++) {
    if (!run.samples.succeeded(i)) continue;
    const endedAt = run.samples.endedAt(i);
    points.push({ atMs: endedAt - startMs, latencyMs: endedAt - run.samples.sentAt(i) });
  }
  return points.slice(-WARM_UP_POINTS);
}

/** What charts of streamed answers need besides; nothing where answers were not streamed. */
function streamedOf(
  window: Window,
  series: WindowSeries,
  visits: readonly Visit[],
): Pick<BasicResult, "streamQuantiles" | "answers"> {
  if (!window.firstTokenMs) return {};
  const told = (["firstTokenMs", "tokenMs"] as const).flatMap((field) => {
    const n = window[field]?.n ?? 0;
    return n < 2 ? [] : [[field, quantilesOf(series, field, n)]];
  });
  const windows = visits.flatMap(({ run }) =>
    windowOf(run).map((part) => ({
      answers: run.answers,
      origin: part.origin,
      startMs: cutWindow(part).startMs,
      endMs: part.endMs,
    }))
  );
  return { streamQuantiles: Object.fromEntries(told), ...answerTimelines(windows) };
}

/** As many shares as a number of observations supports. */
function quantilesOf(
  series: WindowSeries,
  field: RequestField,
  n: number,
): NonNullable<BasicResult["latencyQuantiles"]> {
  const latencies = series.metrics.get(field)!;
  const quantileOf = latencies instanceof GroupedObservations
    ? (share: number) => latencies.quantile(share)
    : sortedQuantile(latencies);
  const parts = Math.min(200, n);
  const body = Array.from({ length: parts }, (_, k) => k / parts);
  const tail = Array.from({ length: 120 }, (_, k) => 1 - 10 ** (-(k + 1) / 20));
  const shares = [...body, ...tail.filter((share) => share > 0.995 && share < 1 - 1 / n), 1];
  return shares.map((share) => ({ share, latencyMs: quantileOf(share) }));
}

function sortedQuantile(values: Float64Array): (share: number) => number {
  const sorted = ascending(values);
  return (share) => quantile(sorted, share);
}
