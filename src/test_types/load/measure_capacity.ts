import { patternAt } from "../../measure/window/arrivals_of.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import type { Session } from "../../measure/session.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { openBudget } from "../../measure/window/window_budget.ts";
import { windowOf } from "../../measure/window/window_series.ts";
import { evaluateObjectives, overallVerdict } from "../../objectives/evaluate_objectives.ts";
import type { CapacityProbe, LoadResult } from "../../results/kinds/load.ts";
import type { Objective, ObjectiveOutcome } from "../../results/objective.ts";
import type { Window } from "../../results/window/window.ts";
import { searchCapacity } from "./capacity.ts";

/** Requests without which an objective on a percentile cannot be told. */
const REQUESTS_NEEDED: Readonly<Record<string, number>> = { p90: 60, p95: 130, p99: 650 };
/** How many times longer than a level a trial may take to gather them. */
const LONGEST = 6;
/** How many times longer the second run of an unclear trial is. */
const SECOND_RUN = 2;
/** How far below the first rate the search goes. */
const LOWEST_START = 16;
/** Most requests outstanding that a client tries. */
const MOST_CONCURRENCY = 1024;

/** What one run of a trial showed. */
interface Shown {
  readonly window: Window;
  /** Why it missed whatever its figures are, or `null`. */
  readonly reason: string | null;
}

/**
 * The highest arrival rate (open loop) and the highest concurrency (closed loop) that hold objectives: exponential search,
 * then bisection; a trial whose interval straddles a limit is run again, longer.
 *
 * @param session The test.
 * @param options Kind of arrivals and length of a level.
 * @param objectives What must hold, about one level.
 * @param startPerSecond First arrival rate to try.
 */
export async function measureCapacity(
  session: Session,
  options: LoadOptions,
  objectives: readonly Objective[],
  startPerSecond: number,
): Promise<NonNullable<LoadResult["capacity"]>> {
  const { batchSize = defaultOf("batchSize") } = options;
  const needed = requestsNeeded(objectives);
  const defaults = openBudget(options);
  const { maxConnections = defaultOf("maxConnections") } = options;
  const offers = new Map<number, Visit>();
  const stopped = () => session.partial !== null;

  const offerAt = async (rate: number, factor: number): Promise<Shown> => {
    const durationMs = factor *
      Math.min(LONGEST * defaults.durationMs, Math.max(defaults.durationMs, 1000 * needed / rate));
    const load = { kind: "open", arrivals: patternAt(rate, options), maxConnections, batchSize } as const;
    const visit = await measureWindow(session, load, { ...defaults, durationMs });
    offers.set(rate, visit);
    const { window } = summariseWindow(load, [visit]);
    return { window, reason: window.saturated ? "the server did not keep up" : null };
  };
  const loopAt = async (concurrency: number, factor: number): Promise<Shown> => {
    const durationMs = factor * LONGEST * defaults.durationMs;
    const requests = factor * Math.max(needed, 10 * concurrency);
    const budget = { durationMs, minimumMs: 0, minimumRequests: 0, requests };
    const load = { kind: "closed", concurrency, batchSize } as const;
    return { window: summariseWindow(load, [await measureWindow(session, load, budget)]).window, reason: null };
  };

  // One request at a time first: where even that misses, no arrival rate can hold, and none has to be tried.
  const concurrency = await searchCapacity({
    start: 1,
    lowest: 1,
    highest: MOST_CONCURRENCY,
    whole: true,
    probe: (level) => tryLevel(session, objectives, `concurrency ${level}`, level, loopAt),
    stopped,
  });
  const ceiling = await session.ceiling.perSecond(session, batchSize);
  const rate = await searchCapacity({
    start: startPerSecond,
    lowest: concurrency.highest === null ? startPerSecond : startPerSecond / LOWEST_START,
    highest: ceiling ?? 1000 * startPerSecond,
    whole: false,
    probe: (level) => tryLevel(session, objectives, `${level} req/s`, level, offerAt),
    stopped,
  });
  const best = rate.highest === null ? undefined : offers.get(rate.highest);
  const goodputPerSecond = best === undefined ? null : goodputOf(best, objectives);
  return { objectives: objectives.map(({ text }) => text).join(","), rate, concurrency, goodputPerSecond };
}

async function tryLevel(
  session: Session,
  objectives: readonly Objective[],
  stage: string,
  level: number,
  run: (level: number, factor: number) => Promise<Shown>,
): Promise<CapacityProbe> {
  session.progress(`objectives at ${stage}`, 0.5);
  for (let runs = 1;; runs++) {
    const { window, reason } = await run(level, runs === 1 ? 1 : SECOND_RUN);
    const outcomes = evaluateObjectives(objectives, window);
    const evidence = [...outcomes.map(inWords), ...(reason === null ? [] : [reason])];
    const verdict = reason === null ? overallVerdict(outcomes) : "missed";
    if (verdict !== "cannot tell") return { level, verdict, evidence, runs };
    if (runs === 2 || session.partial !== null) return { level, verdict: "unclear", evidence, runs };
  }
}

function inWords({ objective, verdict, measured }: ObjectiveOutcome): string {
  if (measured === null) return `${objective.text}: ${verdict}, not measured`;
  const { value, low, high } = measured;
  const digits = (x: number | null) => x === null ? "unknown" : String(Number(x.toPrecision(3)));
  return `${objective.text}: ${verdict} at ${digits(value)} [${digits(low)}, ${digits(high)}] ${objective.unit}`;
}

function requestsNeeded(objectives: readonly Objective[]): number {
  return Math.max(
    30,
    ...objectives.map(({ metric, limit }) =>
      // The rule of three and some: without a failure, the upper end of the interval falls below the limit.
      metric === "errors" ? Math.ceil(4 / limit) : REQUESTS_NEEDED[metric] ?? 0
    ),
  );
}

/** Successes per second within the limit of the highest percentile that is limited (goodput). */
function goodputOf({ run }: Visit, objectives: readonly Objective[]): number | null {
  const limits = ["max", "p99", "p95", "p90", "p50"].flatMap((name) =>
    objectives.filter(({ metric }) => metric === name).map(({ limit }) => limit)
  );
  const [limitMs] = limits;
  const [window] = windowOf(run);
  if (limitMs === undefined || window === undefined) return null;
  const { samples, indices, startMs, endMs } = window;
  const good = indices.filter((i) => samples.succeeded(i) && samples.endedAt(i) - samples.scheduledAt(i) <= limitMs);
  return good.length / ((endMs - startMs) / 1000);
}
