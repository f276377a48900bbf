import { systemClock } from "../../core/clock.ts";
import type { Target } from "../../core/target.ts";
import { patternAt, tracePattern } from "../../measure/window/arrivals_of.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import { checkOffered, mostOffered } from "../../measure/window/offered.ts";
import type { Plan } from "../../measure/plan.ts";
import { runSession, type Test } from "../../measure/run_session.ts";
import type { Session } from "../../measure/session.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import { visitLoad } from "../../measure/visit_load.ts";
import { openBudget } from "../../measure/window/window_budget.ts";
import { parseCapacityObjectives } from "../../objectives/capacity_objectives.ts";
import type { LoadResult } from "../../results/kinds/load.ts";
import { askedRate } from "../../results/window/asked_rate.ts";
import { type ArrivalPattern, type OpenLoad, shapeOf } from "../../results/window/load.ts";
import { rateLimits } from "../../results/window/rate_limits.ts";
import { isOpen, type OpenWindow, type Window } from "../../results/window/window.ts";
import { Deadline, loadTime } from "./load_time.ts";
import { measureCapacity, SEARCHES_FROM } from "./measure_capacity.ts";
import { whyNeverTold } from "./never_told.ts";

/** Concurrency at which a closed loop shows about what the server can do. */
const SCOUT_CONCURRENCY = 8;
/**
 * Rates are chosen among preferred numbers, 20 a decade (Renard's series R20, ISO 3), in two digits: two runs of one command
 * thus offer rates in common, at which they can be compared, although what the scout reaches differs a little each time.
 */
const PER_DECADE = 20;
/** Places of the offered rates in that series, relative to what the scout reached: a quarter of it up to 1.3 times it. */
const STEPS = [-12, -6, -3, -1, 0, 2];
/** Places between rates beyond the last step (1.4 times), and most of those. */
const BEYOND = 3;
const MOST_BEYOND = 6;

/**
 * How does the server do at given arrival rates? An open loop: requests are sent when they are due, whether or not
 * earlier ones were answered, and latency counts from the moment they were due, so that a stalled server shows in the
 * tail (G. Tene, coordinated omission). Rates rise until the server does not keep up.
 *
 * @param target The model to measure, from `connect`.
 * @param options Rates, kind of arrivals and bounds of each level.
 * @returns Offered and achieved rate per second, latency in ms and backlog by rate, and where it saturates.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runLoadTest(target: Target, options: LoadOptions = {}): Promise<LoadResult> {
  return (await loadTest(target, options)).result();
}

/** The load test as part of a run. */
export const loadTest: Test<"load", LoadOptions> = (target, options, shared) => {
  checkOptions(options);
  const { batchSize = defaultOf("batchSize"), maxConnections = defaultOf("maxConnections") } = options;
  const objectives = options.objectives === undefined
    ? null
    : parseCapacityObjectives(options.objectives, options.goodput);
  const time = loadTime(options);
  return withDeadline(options, (bounded, deadline) =>
    runSession("load", target, bounded, shared, async (session) => {
      await session.prepare([batchSize]);
      deadline.begin(Math.max(LEAST_MS, time.untilMs - session.elapsedMs()));
      // Given rates need none; a search for a capacity begins below what the server can do.
      const { rates, ramp, traceMs } = options;
      const isGiven = rates !== undefined || ramp !== undefined || traceMs !== undefined;
      const scouted = isGiven && objectives === null ? null : await scout(session, batchSize);
      const reached = scouted?.requestsPerSecond?.value ?? null;
      const untold = scouted === null || reached === null ? null : whyNeverTold(objectives ?? [], scouted);
      if (untold !== null) session.absences["capacity"] = untold;
      const summarise = (loads: readonly OpenLoad[], absences: Record<string, string>) => {
        const levels = loads.map((load) =>
          summariseWindow(load, session.windows.of(load, session.kind), absences).window
        );
        const arrivals = shapeOf(singlePattern(options) ?? patternAt(1, options));
        return { ...figuresOf(levels.filter(isOpen)), arrivals, maxConnections, batchSize };
      };
      const offer = { kind: "open", maxConnections, batchSize } as const;
      const loads = await stepRates(session, options, offer, { reached, untilMs: time.sweepUntilMs }, (loads) => {
        return session.keep((absences) => ({ ...summarise(loads, absences), capacity: null }));
      });
      const how = session.partial === "target-lost" ? "the server was lost" : "the test was interrupted";
      if (loads.length === 0 && session.partial !== null) {
        session.absences["levels"] = `${how} before a rate was offered`;
      }
      const capacity = objectives === null || reached === null || untold !== null || session.partial !== null
        ? null
        : await measureCapacity(session, options, objectives, {
          startPerSecond: preferred(reached, STEPS[0]),
          concurrency: SCOUT_CONCURRENCY,
          perSecond: reached,
        }, time);
      if (deadline.signal.aborted && options.signal?.aborted !== true && session.partial === "interrupted") {
        session.partial = null;
        const why = capacity === null ? TOO_SLOW : NO_TIME;
        if (capacity === null) session.absences["capacity"] ??= why;
        if (loads.length === 0) session.absences["levels"] = why;
      } else if (loads.length === 0 && capacity !== null && session.partial === null) {
        session.absences["levels"] = NO_TIME;
      }
      if (objectives !== null && capacity === null) {
        session.absences["capacity"] ??= session.partial === null
          ? "no request was answered"
          : `${how} before one was searched`;
      }
      const unanswered = loads.length === 0 && scouted !== null && reached === null ? { unanswered: scouted } : {};
      return (absences) => ({ ...summarise(loads, absences), capacity, ...unanswered });
    }));
};

/** Why no rates were offered but for those of a search. */
const NO_TIME = "a quick test had no time to offer rates besides the search under objectives";
/** Why there is no capacity where not even the first requests ended in time. */
const TOO_SLOW = "requests take too long for a quick test: one that is not quick tells";

/** What is left for measuring at least, however long it took to make inputs, ms. */
const LEAST_MS = 5000;

/**
 * Measures with options that end what runs when the time is up, so that a test takes no longer whatever the server does. That
 * is no interruption by the user: what was measured until then is the result.
 */
async function withDeadline<T>(
  options: LoadOptions,
  measure: (bounded: LoadOptions, deadline: Deadline) => Promise<T>,
): Promise<T> {
  using deadline = new Deadline(options.clock ?? systemClock);
  const { signal } = options;
  const ends = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
  return await measure({ ...options, signal: ends }, deadline);
}

/** What the load test asks of the server. */
export function loadPlan(options: LoadOptions): Plan {
  const { batchSize = defaultOf("batchSize"), maxConnections = defaultOf("maxConnections"), rates = [] } = options;
  const single = singlePattern(options);
  return {
    asked: { batchSize, maxConnections },
    arrivals: single === null ? rates.map((rate) => patternAt(rate, options)) : [single],
  };
}

/**
 * What the levels come to.
 *
 * @param measured Levels in any order.
 */
export function figuresOf(measured: readonly OpenWindow[]) {
  const { sustained, saturated } = rateLimits(measured);
  return {
    kind: "load" as const,
    levels: measured.toSorted((a, b) => askedRate(a) - askedRate(b)),
    sustainedPerSecond: sustained === null ? null : askedRate(sustained),
    saturatedPerSecond: saturated === null ? null : askedRate(saturated),
  };
}

/** Offers one rate after another, and keeps each as soon as it was offered. Returns what was offered. */
async function stepRates(
  session: Session,
  options: LoadOptions,
  offer: Omit<OpenLoad, "arrivals">,
  { reached, untilMs }: { readonly reached: number | null; readonly untilMs: number },
  keep: (loads: readonly OpenLoad[]) => Promise<void>,
): Promise<OpenLoad[]> {
  const loads: OpenLoad[] = [];
  const share = options.objectives === undefined ? 1 : SEARCHES_FROM;
  // Before a search no rate takes longer than usual, however many requests were asked for.
  const bounded = options.objectives === undefined
    ? options
    : { ...options, durationMs: options.durationMs ?? defaultOf("durationMs", options, "load") };
  const measure = async (
    arrivals: ArrivalPattern,
    from: number,
    to: number,
    budget = openBudget(bounded, arrivals),
  ) => {
    const stage = "ratePerSecond" in arrivals ? `${arrivals.ratePerSecond} req/s` : arrivals.kind;
    const progressed = (fraction: number) => session.progress(stage, share * (from + (to - from) * fraction));
    progressed(0);
    const load = { ...offer, arrivals };
    await visitLoad(session, load, budget, { progressed });
    loads.push(load);
    if (session.partial === null) await keep([...loads]);
    return load;
  };
  const single = singlePattern(options);
  if (single !== null) {
    // They begin as they are: what comes first is part of the question. A trace ends by itself.
    const { durationMs, ...budget } = openBudget(options, single);
    await measure(single, 0, 1, {
      ...budget,
      durationMs: single.kind === "trace" ? Infinity : durationMs,
      warmUpRequests: options.warmUpRequests ?? 0,
    });
    return loads;
  }
  const highest = options.rates === undefined ? await mostOffered(session, offer.batchSize) : Infinity;
  const wanted = options.rates ?? steps(reached).filter((rate) => rate <= highest);
  const rates = [...new Set(wanted)].sort((a, b) => a - b);
  for (const rate of rates) {
    const arrivals = patternAt(rate, options);
    await checkOffered(session, { ...offer, arrivals }, openBudget(options, arrivals));
  }
  for (const [i, rate] of rates.entries()) {
    if (session.partial !== null || session.elapsedMs() > untilMs) break;
    const load = await measure(patternAt(rate, options), i / rates.length, (i + 1) / rates.length);
    // Beyond saturation latency only tells how long was measured; rates that were asked for are run all the same.
    const { saturated } = summariseWindow(load, session.windows.of(load, session.kind)).window;
    if (options.rates === undefined && saturated) break;
  }
  return loads;
}

/** A ramp or a trace is one level. */
function singlePattern({ ramp, traceMs }: LoadOptions): ArrivalPattern | null {
  if (ramp !== undefined) return { kind: "ramp", ...ramp };
  return traceMs === undefined ? null : tracePattern(traceMs);
}

/** A short closed loop, whose rate is about what the server can do. */
async function scout(session: Session, batchSize: number): Promise<Window> {
  session.progress("looking for a first rate", 0);
  const budget = { durationMs: 1000, minimumMs: 500, minimumRequests: 50 };
  const load = { kind: "closed", concurrency: SCOUT_CONCURRENCY, batchSize } as const;
  const visit = await measureWindow(session, load, budget);
  const { window } = summariseWindow(load, [visit]);
  if (window.requestsPerSecond === null) {
    session.absences["levels"] = ["no request succeeded", ...Object.values(window.failureExamples)].join(": ");
  }
  return window;
}

/** Rates around that, and some beyond. */
function steps(reached: number | null): number[] {
  if (reached === null) return [];
  const beyond = Array.from({ length: MOST_BEYOND }, (_, i) => STEPS.at(-1)! + BEYOND * (i + 1));
  return [...STEPS, ...beyond].map((places) => preferred(reached, places));
}

/** The preferred number nearest to a rate, or so many places from that. */
function preferred(rate: number, places = 0): number {
  const place = Math.round(PER_DECADE * Math.log10(rate)) + places;
  return Number((10 ** (place / PER_DECADE)).toPrecision(2));
}
