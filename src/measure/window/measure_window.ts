import type { Issue } from "../../load/run_load.ts";
import type { RunPlan, RunView } from "../../load/run_plan.ts";
import { startClientMonitor } from "../../observe/client_monitor.ts";
import { parseRequestLimits } from "../../objectives/parse_objectives.ts";
import type { Objective } from "../../results/objective.ts";
import type { Load } from "../../results/window/load.ts";
import { askTarget } from "../loss/ask_target.ts";
import { noteRunEnd } from "../loss/note_run_end.ts";
import { withOwnTokens } from "../streams/own_tokens.ts";
import { PredictionCount } from "../gpu/prediction_count.ts";
import type { Session } from "../session.ts";
import { checkOffered } from "./offered.ts";
import { figuresOfThreads, sendLoad } from "./send_load.ts";
import { type ServerWatch, watchServerTime } from "./server_time.ts";
import { isEnough } from "./stop_rule.ts";
import type { Visit } from "./visit.ts";
import { recordOf } from "./visit_record.ts";
import { answersPerSecond, useOf } from "./visit_use.ts";
import { warmUpRun } from "./warm_up_run.ts";
import type { WindowBudget } from "./window_budget.ts";
import { WindowFold } from "./window_fold.ts";
import { foldOf, kept, type SampleWindow, windowOf, withFold } from "./sample_window.ts";

/** What a caller may be told while a window is measured. */
export interface WindowHooks {
  /** Told the done share of this visit, 0 to 1. */
  readonly progressed?: (fraction: number) => void;
  /** Told the number of successes counted so far. */
  readonly onSucceeded?: (requests: number) => void;
  /** What each request is held against. @default {the limits of the options} */
  readonly limits?: readonly Objective[];
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
  { progressed = () => {}, onSucceeded = () => {}, limits = limitsOf(session) }: WindowHooks = {},
): Promise<Visit> {
  const { options, clock } = session;
  const pool = await session.poolFor(load);
  const ceiling = await session.ceiling.of(session, load.batchSize);
  const issue = await checkOffered(session, load, budget);
  session.windows.gpu.loadBegins();
  const cutShort = await warmUpRun(session, load);
  const before = earlier.flatMap(({ run }) => windowOf(run));
  const monitor = startClientMonitor(clock);
  const startMs = session.elapsedMs();
  const watch = watchServerTime(session);
  const { requests } = budget;
  const isFixed = requests !== undefined || issue.kind === "open";
  const requestsBefore = session.windows.sent;
  const leastOfRun = (budget.leastOfRun ?? 0) - requestsBefore;
  const originMs = cutShort?.originMs ?? clock.now();
  const atMs = session.windows.since(originMs);
  const gpuWindow = watchGpu(session, load, originMs);
  for (const attempt of cutShort?.attempts ?? []) gpuWindow.log?.(attempt);
  const fold = new WindowFold(load.kind === "open" ? "due" : "sent", { limits });
  const plan: RunPlan = {
    ...planOf(session, load, budget, issue),
    pool,
    fold,
    ...gpuWindow.hooks,
    onCounted: (counted, outstanding, succeeded) => {
      watch.counted(counted, outstanding);
      onSucceeded(succeeded);
      const byTime = (session.elapsedMs() - startMs) / budget.durationMs;
      progressed(Math.min(1, Math.max(byTime, requests === undefined ? 0 : counted / requests)));
    },
    ...(isFixed ? {} : {
      stopWhen: (view: RunView) =>
        view.samples.length >= leastOfRun && isEnough(partOf(view, fold), before, budget, options.quick),
    }),
  };
  const sent = cutShort?.sent ?? await sendLoad(session, { load, issue, durationMs: budget.durationMs }, plan);
  const ended = cutShort === null ? await noteRunEnd(session, sent.run, issue, atMs) : sent.run;
  // Who asks for so many requests wants all of them counted, also where there is no time for as many.
  const isAsked = requests !== undefined && options.requests !== undefined;
  const run = withFold(isAsked ? { ...ended, isUncut: true } : ended, fold);
  session.requests += run.recorded;
  session.windows.sent += run.recorded;
  const isWhole = run.endReason !== "interrupted" && run.lost === null;
  if (!isFixed && Number.isFinite(budget.minimumMs) && isWhole) {
    session.stopping.windowsMs += run.windowEndMs - run.windowStartMs;
    session.stopping.fixedMs += budget.durationMs;
  }
  const span = { fromMs: originMs + run.windowStartMs, toMs: originMs + run.windowEndMs };
  const figures = figuresOfThreads(monitor.stop(run.recorded, span), sent.clients);
  const threads = options.workers?.count ?? 1;
  // What a server refuses that is gone is no rate that was reached.
  if (run.lost === null) ceiling?.reached((answersPerSecond(run) ?? 0) / threads);
  const use = useOf(session, load, run, figures);
  const gpu = await gpuWindow.ended();
  const visit: Visit = {
    by: session.kind,
    load,
    atMs,
    requestsBefore,
    ...limits.length === 0 ? {} : { limits },
    run: await withOwnTokens(run, options.tokenCounter),
    use,
    cpuMsPerRequest: figures.cpuMsPerRequest,
    ceiling: ceiling?.times(threads) ?? null,
    server: run.lost === null ? await watch.ended(run) : "the server was lost",
    ...firstTokensOf(watch, originMs),
    ...(gpu === undefined ? {} : { gpu }),
  };
  options.sampleLog?.ended(recordOf(visit));
  const isBusy = use.because.some((limit) => limit !== "late") && session.partial === null;
  if (isBusy && await widened(session)) {
    const again = await measureWindow(session, load, budget, earlier, { progressed, onSucceeded, limits });
    // One that was cut short may tell less than what it was to replace.
    if (session.partial === null || counted(again) >= counted(visit)) return again;
  }
  for (const limit of use.because) session.clientLimits.add(limit);
  return visit;
}

const counted = ({ run }: Visit) => run.windowTo - run.windowFrom;

/** Whether more threads send from now on; where they cannot connect, what was measured stands. */
async function widened({ options, windows }: Session): Promise<boolean> {
  try {
    return await options.workers?.widen() ?? false;
  } catch (error) {
    if (!options.signal?.aborted) {
      windows.notes.add(
        `One thread alone sent, as others could not: ${error instanceof Error ? error.message : error}.`,
      );
    }
    return false;
  }
}

function limitsOf({ options: { goodput } }: Session): readonly Objective[] {
  return goodput === undefined ? [] : parseRequestLimits(goodput);
}

/** Moments as the samples of the run have them. */
function firstTokensOf({ firstTokens = [] }: ServerWatch, originMs: number): Pick<Visit, "firstTokens"> {
  if (firstTokens.length < 2) return {};
  return { firstTokens: firstTokens.map((reading) => ({ ...reading, atMs: reading.atMs - originMs })) };
}

/** Looks at the GPUs over one window of a run, while every attempt is told to the log. */
function watchGpu({ kind, windows, options }: Session, load: Load, originMs: number) {
  const count = new PredictionCount();
  const log = options.sampleLog?.begin(kind, load);
  const { edge, ended } = windows.gpu.window((atMs) => count.at(atMs));
  const onAttempt: RunPlan["onAttempt"] = (attempt) => {
    if (attempt.result === "success") count.add(load.batchSize, originMs + attempt.endedAt);
    log?.(attempt);
  };
  return { hooks: { onAttempt, onWindow: edge }, ended, log };
}

/** What a window sends, and when it begins and ends at the latest. */
function planOf(session: Session, load: Load, budget: WindowBudget, issue: Issue): Omit<RunPlan, "pool"> {
  const { target, transport, options, clock, timeoutMs, windows } = session;
  const { signal, allowNullResults = false, warmUpRequests } = options;
  return {
    transport,
    protocol: target.protocol,
    asked: { model: target.model, predictions: load.batchSize, allowNullResults },
    timeoutMs,
    warmUpRequests: budget.warmUpRequests ?? warmUpRequests ?? usualWarmUp(issue, windows.isFamiliar(load)),
    isWarm: onlookerOf(session),
    durationMs: budget.durationMs,
    ask: askTarget(target, timeoutMs),
    ...(budget.requests === undefined || issue.kind === "open" ? {} : { requests: budget.requests }),
    ...(signal === undefined ? {} : { signal }),
    ...(windows.hold === undefined ? {} : { hold: windows.hold }),
    clock,
  };
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
