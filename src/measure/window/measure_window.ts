import { UsageError } from "../../core/errors.ts";
import { type AnyRun, isOpenRun, type Issue } from "../../load/run_load.ts";
import type { RunView } from "../../load/run_recorder.ts";
import { type ClientFigures, startClientMonitor } from "../../observe/client_monitor.ts";
import type { Load } from "../../results/window/load.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { arrivalsOf } from "./arrivals_of.ts";
import { clientLimitsOf } from "./client_use.ts";
import { noteRunEnd } from "../note_run_end.ts";
import { requestShares } from "./request_shares.ts";
import { figuresOfThreads, sendLoad } from "./send_load.ts";
import { isEnough } from "./stop_rule.ts";
import { warmUpRun } from "./warm_up_run.ts";
import { watchServerTime } from "./server_time.ts";
import type { Session } from "../session.ts";
import type { Visit } from "./visit.ts";
import type { WindowBudget } from "./window_budget.ts";
import { type IsGood, WindowFold } from "./window_fold.ts";
import { recordOf } from "./visit_record.ts";
import { type FoldedRun, foldOf, kept, type SampleWindow, windowOf, withFold } from "./window_series.ts";

/** What a caller may be told while a window is measured. */
export interface WindowHooks {
  /** Told the done share of this visit, 0 to 1. */
  readonly progressed?: (fraction: number) => void;
  /** Told the number of requests counted so far. */
  readonly onCounted?: (requests: number) => void;
  /** Whether a success kept the limits asked for; it is asked of samples that are not kept. */
  readonly isGood?: IsGood;
}

/**
 * Measures one window of a load: warms up, then runs until the load, earlier visits included, is known precisely enough,
 * or its budget is used up. Marks the session partial where the run was cut short.
 *
 * Closed and open loop differ in two things, both on purpose. An open loop is not stopped by precision: what it shows is
 * whether a queue grows, which takes the whole window, and one that ended as soon as its tail looked known would end in
 * just those runs that met no stall yet. And MSER-5 cuts nothing from it: a queue that fills is no warm-up.
 *
 * @param session The test.
 * @param load What to offer.
 * @param budget Bounds of this visit.
 * @param earlier Visits of the same load before this one.
 * @param hooks Told of the progress.
 * @returns What was recorded; the caller adds it to the windows of the run where others may use it.
 * @throws {UsageError} If the rate is above what this client can send.
 */
export async function measureWindow(
  session: Session,
  load: Load,
  budget: WindowBudget,
  earlier: readonly Visit[] = [],
  { progressed = () => {}, onCounted = () => {}, isGood }: WindowHooks = {},
): Promise<Visit> {
  const { target, options, clock, timeoutMs } = session;
  const { signal } = options;
  const pool = await session.pool(load.batchSize);
  const ceiling = await session.ceiling.of(session, load.batchSize);
  const issue = await checkOffered(session, load, budget);
  await warmUpRun(session, load);
  const before = earlier.flatMap(({ run }) => windowOf(run));
  const monitor = startClientMonitor(clock);
  const startMs = session.elapsedMs();
  const atMs = session.windows.since(clock.now());
  const watch = watchServerTime(session);
  const { requests } = budget;
  const isFixed = requests !== undefined || issue.kind === "open";
  const originMs = clock.now();
  const fold = new WindowFold(load.kind === "open" ? "due" : "sent", isGood);
  const onAttempt = options.sampleLog?.begin(session.kind, load);
  const sent = await sendLoad(session, { load, issue, durationMs: budget.durationMs }, {
    transport: session.transport,
    protocol: target.protocol,
    pool,
    asked: { model: target.model, predictions: load.batchSize, allowNullResults: options.allowNullResults ?? false },
    timeoutMs,
    warmUpRequests: budget.warmUpRequests ?? options.warmUpRequests ??
      usualWarmUp(issue, session.windows.isFamiliar(load)),
    isWarm: onlookerOf(session),
    durationMs: budget.durationMs,
    ...(requests === undefined || issue.kind === "open" ? {} : { requests }),
    ...(signal === undefined ? {} : { signal }),
    clock,
    onCounted: (counted, outstanding) => {
      watch.began(outstanding);
      onCounted(counted);
      const byTime = (session.elapsedMs() - startMs) / budget.durationMs;
      progressed(Math.min(1, Math.max(byTime, requests === undefined ? 0 : counted / requests)));
    },
    ...(isFixed ? {} : { stopWhen: (view: RunView) => isEnough(partOf(view, fold), before, budget, options.quick) }),
    fold,
    ...(onAttempt === undefined ? {} : { onAttempt }),
  });
  const run = withFold(sent.run, fold);
  session.requests += run.recorded;
  if (!isFixed && Number.isFinite(budget.minimumMs) && run.endReason !== "interrupted") {
    session.stopping.windowsMs += run.windowEndMs - run.windowStartMs;
    session.stopping.fixedMs += budget.durationMs;
  }
  const span = { fromMs: originMs + run.windowStartMs, toMs: originMs + run.windowEndMs };
  const figures = figuresOfThreads(monitor.stop(run.recorded, span), sent.clients);
  await noteRunEnd(session, run);
  const threads = options.workers?.count ?? 1;
  ceiling?.reached((answersPerSecond(run) ?? 0) / threads);
  const use = useOf(session, load, run, figures);
  const isBusy = use.because.some((limit) => limit !== "late") && session.partial === null;
  if (isBusy && await options.workers?.widen()) {
    const hooks = { progressed, onCounted, ...(isGood === undefined ? {} : { isGood }) };
    return await measureWindow(session, load, budget, earlier, hooks);
  }
  for (const limit of use.because) session.clientLimits.add(limit);
  const visit: Visit = {
    by: session.kind,
    load,
    atMs,
    run,
    use,
    cpuMsPerRequest: figures.cpuMsPerRequest,
    ceiling: ceiling?.times(threads) ?? null,
    server: await watch.ended(),
  };
  options.sampleLog?.ended(recordOf(visit));
  return visit;
}

/** What the client saw of itself in a visit. */
function useOf(session: Session, load: Load, run: FoldedRun, figures: ClientFigures): Visit["use"] {
  const { cpuMsPerRequest: _, eventLoopLagP99Ms: lagP99Ms, ...seen } = figures;
  const shares = requestShares(load, run);
  const because = clientLimitsOf({ ...seen, ...shares, latenessP95Ms: latenessOf(load, run) });
  return { ...seen, ...shares, sharedCores: session.sharedCores, lagP99Ms, because };
}

function issueOf({ seed, options }: Session, load: Load, { durationMs }: WindowBudget): Issue {
  if (load.kind === "closed") return { kind: "closed", concurrency: load.concurrency };
  const { traceMs } = options as { readonly traceMs?: readonly number[] };
  const arrivals = arrivalsOf(load.arrivals, { seed, durationMs, ...(traceMs === undefined ? {} : { traceMs }) });
  return { kind: "open", arrivals, maxConnections: load.maxConnections };
}

/**
 * Refuses a rate that this client cannot send, where it is known what it can. A test of several rates asks for all of them before it measures the first:
 * none of what was measured is then lost.
 *
 * @param session The test.
 * @param load What is to be offered; a closed loop offers what it can.
 * @param budget How long.
 * @returns What is to be sent.
 * @throws {UsageError} If the rate is above what this client can send.
 */
export async function checkOffered(session: Session, load: Load, budget: WindowBudget): Promise<Issue> {
  const ceiling = await session.ceiling.of(session, load.batchSize);
  const issue = issueOf(session, load, budget);
  if (ceiling === null || ceiling.isAtLeast || issue.kind === "closed") return issue;
  const perSecond = ceiling.perSecond * (session.options.workers?.count ?? 1);
  if (issue.arrivals.ratePerSecond <= perSecond) return issue;
  throw new UsageError(
    `Cannot offer the load as its rate must be at most what this client can send, ` +
      `${Math.floor(perSecond)} requests per second: current value is ${issue.arrivals.ratePerSecond}`,
    { hint: "Offer less, or run several clients." },
  );
}

/** Lets the run's onlooker look once under a load that has warmed up; true once it has. */
function onlookerOf({ kind, onlooker }: Session): () => boolean {
  let state: "warming" | "looking" | "done" = onlooker === null ? "done" : "warming";
  return () => {
    if (state === "warming") {
      state = "looking";
      onlooker!.underLoad(kind).finally(() => state = "done");
    }
    return state === "done";
  };
}

/** Requests that a level warms up with at least, and where the model as it is loaded has met the load before. */
const WARM_UP_REQUESTS = 10;
const WARM_UP_FAMILIAR = 3;

/** Servers compile and allocate for a load once; a queue takes a second to fill. */
function usualWarmUp(issue: Issue, isFamiliar: boolean): number {
  if (issue.kind === "open") return Math.max(WARM_UP_REQUESTS, Math.ceil(issue.arrivals.ratePerSecond));
  return Math.max(isFamiliar ? WARM_UP_FAMILIAR : WARM_UP_REQUESTS, issue.concurrency);
}

/** A closed loop in progress, as the part of a run that counts. */
function partOf(
  { samples, windowFrom, windowStartMs: startMs, nowMs: endMs }: RunView,
  fold: WindowFold,
): SampleWindow {
  const indices = kept(samples, windowFrom, samples.length);
  return { samples, origin: "sent", indices, startMs, endMs, whole: false, ...foldOf(fold) };
}

/** Answers per second, whatever they were worth: what the client had to do. */
function answersPerSecond({ windowFrom, windowTo, windowStartMs, windowEndMs }: AnyRun): number | null {
  return windowEndMs > windowStartMs ? (windowTo - windowFrom) / ((windowEndMs - windowStartMs) / 1000) : null;
}

/**
 * How late this client sent the requests of an open loop, p95 in ms; `null` where they waited for one of the connections,
 * as was asked for, and of a closed loop.
 */
function latenessOf(load: Load, run: FoldedRun): number | null {
  if (load.kind !== "open" || !isOpenRun(run) || run.mostOutstanding > load.maxConnections) return null;
  return p95Lateness(run);
}

/** How late requests of an open loop were sent, ms; 0 where none was. */
function p95Lateness(run: FoldedRun): number {
  const lateness = windowOf(run).flatMap(({ samples, indices }) =>
    Array.from(indices, (i) => samples.sentAt(i) - samples.scheduledAt(i))
  );
  const folded = run.fold?.metrics.get("latenessMs");
  const later = folded === undefined || folded.n === 0 ? 0 : folded.quantile(0.95);
  return Math.max(later, lateness.length === 0 ? 0 : quantile(ascending(lateness), 0.95));
}
