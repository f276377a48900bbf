import { UsageError } from "../../core/errors.ts";
import { type AnyRun, isOpenRun, type Issue, runLoad } from "../../load/run_load.ts";
import type { RunView } from "../../load/run_recorder.ts";
import { clientCheck, startClientMonitor } from "../../observe/client_monitor.ts";
import { LATE_MS } from "../../results/window/at_least.ts";
import type { Load } from "../../results/window/load.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { arrivalsOf } from "./arrivals_of.ts";
import { noteRunEnd } from "../note_run_end.ts";
import { isEnough } from "./stop_rule.ts";
import { warmUpRun } from "./warm_up_run.ts";
import { watchServerTime } from "./server_time.ts";
import type { Session } from "../session.ts";
import type { Visit } from "./visit.ts";
import type { WindowBudget } from "./window_budget.ts";
import { range, windowOf } from "./window_series.ts";

/** What a caller may be told while a window is measured. */
export interface WindowHooks {
  /** Told the done share of this visit, 0 to 1. */
  readonly progressed?: (fraction: number) => void;
  /** Told the number of requests counted so far. */
  readonly onCounted?: (requests: number) => void;
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
  { progressed = () => {}, onCounted = () => {} }: WindowHooks = {},
): Promise<Visit> {
  const { target, options, clock, timeoutMs } = session;
  const { signal } = options;
  const ceiling = await session.ceiling.perSecond(session, load.batchSize);
  await checkOffered(session, load, budget);
  const issue = issueOf(session, load, budget);
  await warmUpRun(session, load);
  const before = earlier.flatMap(({ run }) => windowOf(run));
  const monitor = startClientMonitor(clock);
  const startMs = session.elapsedMs();
  const atMs = session.windows.since(clock.now());
  const watch = watchServerTime(session);
  const { requests } = budget;
  const isFixed = requests !== undefined || issue.kind === "open";
  const run = await runLoad(issue, {
    transport: session.transport,
    protocol: target.protocol,
    pool: session.pool(load.batchSize),
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
    ...(isFixed ? {} : { stopWhen: (view: RunView) => isEnough(partOf(view), before, budget, options.quick) }),
  });
  session.requests += run.samples.length;
  if (!isFixed && Number.isFinite(budget.minimumMs) && run.endReason !== "interrupted") {
    session.stopping.windowsMs += run.windowEndMs - run.windowStartMs;
    session.stopping.fixedMs += budget.durationMs;
  }
  await noteRunEnd(session, run);
  const client = clientCheck(monitor.stop(run.samples.length), ceiling, answersPerSecond(run));
  const limited = client.limited || isLate(load, run);
  return { by: session.kind, load, atMs, run, client: { ...client, limited }, server: await watch.ended() };
}

function issueOf({ seed, options }: Session, load: Load, { durationMs }: WindowBudget): Issue {
  if (load.kind === "closed") return { kind: "closed", concurrency: load.concurrency };
  const { traceMs } = options as { readonly traceMs?: readonly number[] };
  const arrivals = arrivalsOf(load.arrivals, { seed, durationMs, ...(traceMs === undefined ? {} : { traceMs }) });
  return { kind: "open", arrivals, maxConnections: load.maxConnections };
}

/**
 * Refuses a rate that this client cannot send. A test of several rates asks for all of them before it measures the first:
 * none of what was measured is then lost.
 *
 * @param session The test.
 * @param load What is to be offered; a closed loop offers what it can.
 * @param budget How long.
 * @throws {UsageError} If the rate is above what this client can send.
 */
export async function checkOffered(session: Session, load: Load, budget: WindowBudget): Promise<void> {
  const ceiling = await session.ceiling.perSecond(session, load.batchSize);
  const issue = issueOf(session, load, budget);
  if (ceiling === null || issue.kind === "closed" || issue.arrivals.ratePerSecond <= ceiling) return;
  const { arrivals } = issue;
  throw new UsageError(
    `Cannot offer ${arrivals.description} as a rate must be below what this client can send, ` +
      `${Math.floor(ceiling)} requests per second: current value is ${arrivals.ratePerSecond}`,
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
function partOf({ samples, windowFrom, windowStartMs: startMs, nowMs: endMs }: RunView) {
  const indices = range(windowFrom, samples.length);
  return { samples, origin: "sent", indices, startMs, endMs, whole: false } as const;
}

/** Answers per second, whatever they were worth: what the client had to do. */
function answersPerSecond({ windowFrom, windowTo, windowStartMs, windowEndMs }: AnyRun): number | null {
  return windowEndMs > windowStartMs ? (windowTo - windowFrom) / ((windowEndMs - windowStartMs) / 1000) : null;
}

/** Whether an open loop was sent late by this client; requests that waited for one of the connections were sent as asked. */
function isLate(load: Load, run: AnyRun): boolean {
  if (load.kind !== "open" || !isOpenRun(run) || run.mostOutstanding > load.maxConnections) return false;
  return p95Lateness(run) > LATE_MS;
}

/** How late requests of an open loop were sent, ms; 0 where none was. */
function p95Lateness(run: AnyRun): number {
  const lateness = windowOf(run).flatMap(({ samples, indices }) =>
    Array.from(indices, (i) => samples.sentAt(i) - samples.scheduledAt(i))
  );
  return lateness.length === 0 ? 0 : quantile(ascending(lateness), 0.95);
}
