import { patternAt } from "../../measure/window/arrivals_of.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import type { Session } from "../../measure/session.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import { openBudget } from "../../measure/window/window_budget.ts";
import { evaluateObjectives, overallVerdict } from "../../objectives/evaluate_objectives.ts";
import { parseRequestLimits } from "../../objectives/parse_objectives.ts";
import type { CapacityProbe, LoadResult } from "../../results/kinds/load.ts";
import type { Objective } from "../../results/objective.ts";
import type { Window } from "../../results/window/window.ts";
import { WINDOW_FIGURES, type WindowFigure } from "../../results/window/window_figures.ts";
import { searchCapacity } from "./capacity.ts";
import type { LoadTime } from "./load_time.ts";

/** Requests expected beyond a quantile without which an objective on it cannot be told: 650 in all for p99. */
const BEYOND_QUANTILE = 6.5;
/** So many times more are sent at an arrival rate: those that wait in one queue are alike, and weigh less than as many. */
const QUEUE_ALIKE = 2;
/** Of the time that is left, what one trial may take where it is to be quick. */
const SHARE_OF_LEFT = 0.5;
/** Times this, one by the limit of an objective on errors shows that it is kept where none fails (the rule of three). */
const ERRORS_RULE = 4;
/** Fewest requests of a trial. */
const FEWEST = 30;
/** How many times longer than a level a trial may take to gather them. */
const LONGEST = 6;
/** How many times longer the second run of an unclear trial is. */
const SECOND_RUN = 2;
/** How far below the first rate the search goes. */
const LOWEST_START = 16;
/** Most requests outstanding that a client tries. */
const MOST_CONCURRENCY = 1024;

/**
 * The highest arrival rate (open loop) and the highest concurrency (closed loop) that hold objectives: exponential search,
 * then bisection; a trial whose interval straddles a limit is run again, longer.
 *
 * @param session The test.
 * @param options Kind of arrivals and length of a level.
 * @param objectives What must hold, about one level.
 * @param startPerSecond First arrival rate to try.
 * @param time When the searches must end; each run of a trial then takes at most half of the time that is left.
 */
export async function measureCapacity(
  session: Session,
  options: LoadOptions,
  objectives: readonly Objective[],
  startPerSecond: number,
  time: LoadTime,
): Promise<NonNullable<LoadResult["capacity"]>> {
  const { batchSize = defaultOf("batchSize") } = options;
  const isBound = Number.isFinite(time.untilMs);
  const needed = requestsNeeded(objectives);
  const defaults = openBudget(options);
  const leftMs = (untilMs: number) => untilMs - session.elapsedMs();
  const mostMs = (untilMs: number) =>
    isBound ? Math.max(defaults.durationMs, SHARE_OF_LEFT * leftMs(untilMs)) : LONGEST * defaults.durationMs;
  const hasTime = (untilMs: number) => () => leftMs(untilMs) > defaults.durationMs;
  const { maxConnections = defaultOf("maxConnections") } = options;
  const offers = new Map<number, Window>();
  const limits = options.goodput === undefined ? requestLimits(objectives) : parseRequestLimits(options.goodput);
  const stopped = () => session.partial !== null;

  const offerAt = async (rate: number, factor: number): Promise<Window> => {
    const durationMs = factor *
      Math.min(mostMs(time.untilMs), Math.max(defaults.durationMs, 1000 * QUEUE_ALIKE * needed / rate));
    const load = { kind: "open", arrivals: patternAt(rate, options), maxConnections, batchSize } as const;
    const visit = await measureWindow(session, load, { ...defaults, durationMs }, [], { limits });
    const { window } = summariseWindow(load, [visit]);
    offers.set(rate, window);
    return window;
  };
  const loopAt = async (concurrency: number, factor: number): Promise<Window> => {
    const durationMs = factor * mostMs(time.concurrencyUntilMs);
    const requests = factor * Math.max(needed, 10 * concurrency);
    const budget = { durationMs, minimumMs: 0, minimumRequests: 0, requests };
    const load = { kind: "closed", concurrency, batchSize } as const;
    return summariseWindow(load, [await measureWindow(session, load, budget)]).window;
  };

  const ofSearch = (from: number, to: number, untilMs: number): Search => ({
    session,
    objectives,
    hasTimeAgain: (tookMs) => SECOND_RUN * tookMs <= SHARE_OF_LEFT * leftMs(untilMs),
    progress: progressOf(from, to),
  });
  const ofConcurrency = ofSearch(SEARCHES_FROM, RATES_FROM, time.concurrencyUntilMs);
  const ofRate = ofSearch(RATES_FROM, 1, time.untilMs);
  // One request at a time first: where even that misses, no arrival rate can hold, and none has to be tried.
  const concurrency = await searchCapacity({
    start: 1,
    lowest: 1,
    highest: MOST_CONCURRENCY,
    whole: true,
    probe: (level) => tryLevel(ofConcurrency, `concurrency ${level}`, level, loopAt),
    stopped,
    hasTime: hasTime(time.concurrencyUntilMs),
  });
  const ceiling = await session.ceiling.of(session, batchSize);
  const rate = await searchCapacity({
    start: startPerSecond,
    lowest: concurrency.highest === null ? startPerSecond : startPerSecond / LOWEST_START,
    highest: ceiling?.perSecond ?? 1000 * startPerSecond,
    whole: false,
    probe: (level) => tryLevel(ofRate, `${level} req/s`, level, offerAt),
    stopped,
    hasTime: hasTime(time.untilMs),
  });
  const best = rate.highest === null ? undefined : offers.get(rate.highest);
  const { goodRequestsPerSecond = null, goodShare = null } = best ?? {};
  return {
    objectives: objectives.map(({ text }) => text).join(","),
    rate,
    concurrency,
    goodputPerSecond: goodRequestsPerSecond?.value ?? null,
    ...goodRequestsPerSecond === null || goodShare === null ? {} : { goodRequestsPerSecond, goodShare },
  };
}

/** Parts of the test, for its progress: when the searches begin, and the second of them. */
export const SEARCHES_FROM = 0.35;
const RATES_FROM = 0.65;
/** Of what is left of the progress of a search, the part that one more trial is taken for. */
const TRIAL_SHARE = 0.2;

/** What the trials of a search share. */
interface Search {
  readonly session: Session;
  readonly objectives: readonly Objective[];
  /** Whether there is time for a second run of a trial whose first took so long, ms. */
  readonly hasTimeAgain: (tookMs: number) => boolean;
  /** Progress of the test when a trial begins, 0 to 1. */
  readonly progress: () => number;
}

/** The progress of a search of which nobody knows how many trials it needs: each takes a part of what is left. */
function progressOf(from: number, to: number): () => number {
  let left = 1;
  return () => {
    const at = to - (to - from) * left;
    left *= 1 - TRIAL_SHARE;
    return at;
  };
}

async function tryLevel(
  { session, objectives, hasTimeAgain, progress }: Search,
  stage: string,
  level: number,
  run: (level: number, factor: number) => Promise<Window>,
): Promise<CapacityProbe> {
  session.progress(`objectives at ${stage}`, progress());
  const startMs = session.elapsedMs();
  for (let runs = 1;; runs++) {
    const window = await run(level, runs === 1 ? 1 : SECOND_RUN);
    const { saturated = false } = window;
    const outcomes = evaluateObjectives(objectives, window);
    const shown = { level, outcomes, saturated, runs };
    if (window.lost !== undefined) return { ...shown, verdict: "unclear" };
    // Beyond saturation figures tell only how long was measured, and what may lie beyond it promises nothing.
    const own = saturated ? "missed" : overallVerdict(outcomes);
    const verdict = saturated === null && own === "met" ? "cannot tell" : own;
    if (verdict !== "cannot tell") return { ...shown, verdict };
    const isLast = runs === 2 || !hasTimeAgain(session.elapsedMs() - startMs);
    if (isLast || session.partial !== null) return { ...shown, verdict: "unclear" };
  }
}

function figureOf({ metric, unit }: Objective): WindowFigure | undefined {
  return WINDOW_FIGURES.find((figure) => figure.gate?.name === metric && figure.unit === unit);
}

function requestsNeeded(objectives: readonly Objective[]): number {
  return Math.max(
    FEWEST,
    ...objectives.map((objective) => {
      const { quantile = 1, id } = figureOf(objective) ?? {};
      // Without a failure, the upper end of the interval then falls below the limit.
      if (id === "error_rate") return Math.ceil(ERRORS_RULE / objective.limit);
      return quantile < 1 ? Math.round(BEYOND_QUANTILE / (1 - quantile)) : 0;
    }),
  );
}

/** The limits of each request that objectives stand for: of `p50<20ms,p99<80ms` a latency below 80 ms. */
function requestLimits(objectives: readonly Objective[]): readonly Objective[] {
  const all = objectives.flatMap((objective) => {
    const { metric, quantile } = figureOf(objective) ?? {};
    const name = metric?.gatePrefix === undefined ? undefined : metric.gatePrefix.slice(0, -1) || "latency";
    // Who wants at least some time sets no limit that a request could exceed.
    if (name === undefined || quantile === undefined || !objective.operator.startsWith("<")) return [];
    const limit = objective.text.slice(objective.metric.length);
    return [{ quantile, limit: { ...objective, metric: name, text: `${name}${limit}` } }];
  }).toSorted((a, b) => b.quantile - a.quantile || a.limit.limit - b.limit.limit).map(({ limit }) => limit);
  return all.filter(({ metric }, i) => all.findIndex((other) => other.metric === metric) === i);
}
