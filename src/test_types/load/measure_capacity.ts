import { patternAt } from "../../measure/window/arrivals_of.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import { mostOffered } from "../../measure/window/offered.ts";
import type { Session } from "../../measure/session.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import { openBudget } from "../../measure/window/window_budget.ts";
import { parseRequestLimits } from "../../objectives/parse_objectives.ts";
import { capacityOutcome } from "../../results/kinds/capacity_outcome.ts";
import type { CapacityProbe, CapacitySearch, LoadResult } from "../../results/kinds/load.ts";
import type { Objective } from "../../results/objective.ts";
import type { Window } from "../../results/window/window.ts";
import { searchCapacity } from "./capacity.ts";
import type { LoadTime } from "./load_time.ts";
import { figureOf, type TrialRequests, trialRequests, TrialTime } from "./trial_time.ts";
import { lacksRequests, progressOf, type Search, tryLevel } from "./try_level.ts";

/** So many times more are sent at an arrival rate: those that wait in one queue are alike, and weigh less than as many. */
const QUEUE_ALIKE = 2;
/** How far below the first rate the search goes. */
const LOWEST_START = 16;
/** Where a search of rates begins at most, relative to what the server did. */
const HIGHEST_START = 0.5;
/** Fewest requests, one at a time, of which it could show that they miss. */
const FEWEST_ALONE = 4;
/** Most requests outstanding that a client tries. */
const MOST_CONCURRENCY = 1024;

/** How many times a slow request the warm-up and the end of a trial take. */
const BESIDE_LOOP = 1.5, BESIDE_RATE = 2.5;

/** Parts of the test, for its progress: when the searches begin, and the second of them. */
export const SEARCHES_FROM = 0.35;
const RATES_FROM = 0.65;

/** What the server did at some concurrency. */
export interface Scouted {
  /** First arrival rate to try. */
  readonly startPerSecond: number;
  /** Requests outstanding. */
  readonly concurrency: number;
  /** Successes per second. */
  readonly perSecond: number;
}

/**
 * The highest arrival rate (open loop) and the highest concurrency (closed loop) that hold objectives: exponential search,
 * then bisection; a trial whose interval straddles a limit is run again, longer. Where requests take so long that those of
 * one at a time are too few to tell, the search begins where they are enough, and trials take longer.
 *
 * @param session The test.
 * @param options Kind of arrivals and length of a level.
 * @param objectives What must hold, about one level.
 * @param scouted What trials are made for.
 * @param time When the searches must end; each run of a trial then takes at most half of the time that is left, or what it
 *     needs to tell anything.
 */
export async function measureCapacity(
  session: Session,
  options: LoadOptions,
  objectives: readonly Objective[],
  scouted: Scouted,
  time: LoadTime,
): Promise<NonNullable<LoadResult["capacity"]>> {
  const trials = new Trials(session, options, objectives, scouted, time);
  const concurrency = await trials.searchConcurrency();
  const rate = await trials.searchRates(capacityOutcome(concurrency) === "none");
  const best = rate.highest === null ? undefined : trials.offers.get(rate.highest);
  const { goodRequestsPerSecond = null, goodShare = null } = best ?? {};
  return {
    objectives: objectives.map(({ text }) => text).join(","),
    rate,
    concurrency,
    goodputPerSecond: goodRequestsPerSecond?.value ?? null,
    ...goodRequestsPerSecond === null || goodShare === null ? {} : { goodRequestsPerSecond, goodShare },
  };
}

/** What both searches share. */
class Trials {
  /** The last window of each arrival rate. */
  readonly offers = new Map<number, Window>();
  readonly #loops = new Map<number, Window>();
  readonly #session: Session;
  readonly #options: LoadOptions;
  readonly #objectives: readonly Objective[];
  readonly #scouted: Scouted;
  readonly #until: LoadTime;
  readonly #requests: TrialRequests;
  /** How many times longer than usual a level was asked to take. */
  readonly #longer: number;
  /** Time of one request, ms. */
  #requestMs: number;

  constructor(
    session: Session,
    options: LoadOptions,
    objectives: readonly Objective[],
    scouted: Scouted,
    until: LoadTime,
  ) {
    this.#session = session;
    this.#options = options;
    this.#objectives = objectives;
    this.#scouted = scouted;
    this.#until = until;
    this.#requests = trialRequests(objectives);
    this.#longer = Math.max(1, openBudget(options).durationMs / defaultOf("durationMs", options, "load"));
    this.#requestMs = 1000 * scouted.concurrency / scouted.perSecond;
  }

  /** The highest concurrency. One request at a time first: where even that misses, no arrival rate can hold. */
  async searchConcurrency(): Promise<CapacitySearch> {
    const time = this.#timeUntil(this.#until.concurrencyUntilMs, BESIDE_LOOP);
    const search = this.#searchOf(SEARCHES_FROM, RATES_FROM, time);
    // So few that not even a miss would show are not worth the time that rates need.
    const isWorthIt = time.isLeft && time.usualMs >= FEWEST_ALONE * this.#requestMs;
    const alone = isWorthIt ? await this.#tryAlone(search) : null;
    const isTooFew = alone === null || (lacksRequests(alone) && this.#loops.get(1)!.succeeded < this.#requests.fewest);
    const start = isTooFew ? this.#leastConcurrency(time) : 1;
    const found = await searchCapacity({
      ...alone === null || (this.#isStopped && alone.verdict !== "met") ? {} : { tried: alone },
      start,
      lowest: 1,
      highest: MOST_CONCURRENCY,
      whole: true,
      probe: (level) => tryLevel(search, `concurrency ${level}`, level, this.#loopWithin(time)),
      isFutile: (probe) => time.isSlow && lacksRequests(probe),
      stopped: () => this.#isStopped,
      hasTime: () => time.isLeft && (!isTooFew || time.canTell(this.#perSecondOf(start))),
    });
    return this.#noted(found, this.#loops, start, (level) => time.tellingMs(this.#perSecondOf(level)));
  }

  /**
   * The highest arrival rate.
   *
   * @param isHopeless Whether not even one request at a time holds.
   */
  async searchRates(isHopeless: boolean): Promise<CapacitySearch> {
    const time = this.#timeUntil(this.#until.untilMs, BESIDE_RATE);
    const search = this.#searchOf(RATES_FROM, 1, time);
    const { startPerSecond, perSecond } = this.#scouted;
    const most = await mostOffered(this.#session, this.#batchSize);
    const start = Math.max(startPerSecond, Math.min(time.leastPerSecond, HIGHEST_START * perSecond));
    const found = await searchCapacity({
      start,
      lowest: isHopeless ? start : start / LOWEST_START,
      highest: most === Infinity ? 1000 * startPerSecond : most,
      whole: false,
      probe: (level) => tryLevel(search, `${level} req/s`, level, (rate, factor) => this.#offerAt(rate, factor, time)),
      isFutile: (probe) => time.isSlow && lacksRequests(probe),
      stopped: () => this.#isStopped,
      hasTime: () => time.isLeft,
    });
    return this.#noted(found, this.offers, start, (level) => time.tellingMs(level));
  }

  get #isStopped(): boolean {
    return this.#session.partial !== null;
  }

  get #batchSize(): number {
    return this.#options.batchSize ?? defaultOf("batchSize");
  }

  #timeUntil(untilMs: number, beside: number): TrialTime {
    return new TrialTime({
      fewest: this.#requests.fewest,
      levelMs: openBudget(this.#options).durationMs,
      leftMs: () => untilMs - this.#session.elapsedMs(),
      requestMs: () => this.#requestMs,
      beside,
      warmUpRequests: this.#options.warmUpRequests,
    });
  }

  #searchOf(from: number, to: number, time: TrialTime): Search {
    return { session: this.#session, objectives: this.#objectives, time, progress: progressOf(from, to) };
  }

  /** One request at a time, which also tells what one takes; not again where that would be too few as well. */
  async #tryAlone(search: Search): Promise<CapacityProbe> {
    const run = (level: number, factor: number) => this.#loopAt(level, factor, search.time, search.time.usualMs);
    const isTold = ({ succeeded }: Window) => 3 * succeeded >= this.#requests.fewest;
    const alone = await tryLevel(search, "concurrency 1", 1, run, isTold);
    this.#requestMs = this.#loops.get(1)!.latencyMs?.mean.value ?? this.#requestMs;
    return alone;
  }

  /** The lowest concurrency at which a trial can tell in the usual time, up to the one that was seen to work. */
  #leastConcurrency(time: TrialTime): number {
    const least = Math.ceil(time.leastPerSecond * this.#requestMs / 1000);
    return Math.max(2, Math.min(this.#scouted.concurrency, least));
  }

  /** Requests per second at a concurrency, where they are as quick as one at a time. */
  #perSecondOf(concurrency: number): number {
    const { concurrency: scouted, perSecond } = this.#scouted;
    return Math.min(1000 * concurrency / this.#requestMs, perSecond * Math.max(1, concurrency / scouted));
  }

  #loopWithin(time: TrialTime) {
    return (level: number, factor: number) =>
      this.#loopAt(level, factor, time, time.longestMs(this.#perSecondOf(level)));
  }

  async #loopAt(concurrency: number, factor: number, time: TrialTime, longestMs: number): Promise<Window> {
    const load = { kind: "closed", concurrency, batchSize: this.#batchSize } as const;
    const visit = await measureWindow(this.#session, load, {
      durationMs: factor * longestMs,
      minimumMs: 0,
      minimumRequests: 0,
      requests: Math.ceil(factor * this.#longer * Math.max(this.#requests.wanted, 10 * concurrency)),
      ...time.warmUp(concurrency),
    });
    const { window } = summariseWindow(load, [visit]);
    this.#loops.set(concurrency, window);
    return window;
  }

  async #offerAt(rate: number, factor: number, time: TrialTime): Promise<Window> {
    const { maxConnections = defaultOf("maxConnections"), goodput } = this.#options;
    const limits = goodput === undefined ? requestLimits(this.#objectives) : parseRequestLimits(goodput);
    const load = {
      kind: "open",
      arrivals: patternAt(rate, this.#options),
      maxConnections,
      batchSize: this.#batchSize,
    } as const;
    const level = openBudget(this.#options);
    const wantedMs = Math.max(level.durationMs, 1000 * QUEUE_ALIKE * this.#requests.wanted / rate);
    const durationMs = factor * Math.min(time.longestMs(rate), wantedMs);
    const visit = await measureWindow(this.#session, load, { ...level, durationMs, ...time.warmUp(1) }, [], { limits });
    const { window } = summariseWindow(load, [visit]);
    this.offers.set(rate, window);
    return window;
  }

  /** Notes what a trial would take, where those that there were had too few requests to tell anything. */
  #noted(
    search: CapacitySearch,
    windows: ReadonlyMap<number, Window>,
    start: number,
    tellingMs: (level: number) => number,
  ): CapacitySearch {
    const isShort = ![...windows.values()].some(({ succeeded }) => succeeded >= this.#requests.fewest);
    if (!isShort || this.#isStopped || capacityOutcome(search) !== "not known") return search;
    const isMissed = search.probes.some(({ level, verdict }) => level === search.lowestMissed && verdict === "missed");
    const level = isMissed ? search.lowestMissed! / 2 : Number(start.toPrecision(3));
    const { quick = false } = this.#options;
    return { ...search, untold: { level, requests: this.#requests.fewest, trialMs: tellingMs(level), quick } };
  }
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
