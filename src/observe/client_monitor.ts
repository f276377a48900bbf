import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import type { Clock } from "../core/clock.ts";
import { systemClock } from "../core/clock.ts";
import type { ClientCheck } from "../results/result_base.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { type ThreadTime, threadTime } from "./thread_time.ts";
import { quantile } from "../stats/estimates/quantile.ts";

/** What the client saw of itself. */
export interface ClientFigures extends Pick<ClientCheck, "cpuMsPerRequest" | "cpuShare" | "eventLoopLagP99Ms"> {
  /** CPU time of the thread that was watched, as a share of the time; `null` where it could not be read. */
  readonly threadShare: number | null;
  /** Share of the time in which that thread waited for a core; `null` where it could not be read. */
  readonly starvedShare: number | null;
}

/** CPU time so far, ms. */
export interface CpuTime extends ThreadTime {
  /** Of all threads of this process. */
  readonly processMs: number;
}

/** Part of a watch, by its clock, ms. */
export interface WatchedSpan {
  /** When it began. */
  readonly fromMs: number;
  /** When it ended. */
  readonly toMs: number;
}

/** Watches this process while it measures. */
export interface ClientMonitor {
  /**
   * What was seen so far.
   *
   * @param finishedRequests Requests that ended since it began.
   * @param span The part that shares and lag are taken of; none where something was left out. @default {all of it}
   */
  look(finishedRequests: number, span?: WatchedSpan): ClientFigures;
  /**
   * Does something that is no part of measuring: neither its time nor what it costs is counted.
   *
   * @param work What to do.
   */
  without(work: () => Promise<void>): Promise<void>;
  /**
   * Ends the watch.
   *
   * @param finishedRequests Requests that ended since it began.
   * @param span The part that shares and lag are taken of; none where something was left out. @default {all of it}
   * @returns What was seen.
   */
  stop(finishedRequests: number, span?: WatchedSpan): ClientFigures;
}

const TICK_MS = 20;
/** Fewer ticks say nothing of a 99th percentile. */
const MIN_TICKS = 20;
/** In less time one collection of garbage, or one step of the kernel's count of 10 ms, is most of a share, ms. */
const MIN_SHARE_MS = 200;
/** Between two readings of CPU time at first: asking for a thread's takes up to 0.1 ms. */
const READING_MS = 50;
/** Beyond so many readings half are left, evenly: shares are of spans, between whose ends straight lines lead. */
const MOST_READINGS = 4096;

/** CPU time of this process and of the thread that asks. */
function ownCpuTime(): CpuTime {
  const { user, system } = process.cpuUsage();
  return { processMs: (user + system) / 1000, ...threadTime() };
}

/**
 * Starts to watch this process: CPU time of its thread and of all its threads, and how late its event loop runs timers.
 *
 * A tick is due every 20 ms. One that comes late stands for all that were due meanwhile, each with its own lateness,
 * as in the correction for coordinated omission (G. Tene, HdrHistogram): otherwise a loop that was blocked for a second
 * would count as one late tick in fifty. The watch keeps no process alive.
 *
 * CPU time passes in real time alone: under any other clock its share is not known, and `null`. In simulated time it would
 * be the speed of the simulation, and a client that no server ever waited for would seem to be the limit, or never be it.
 *
 * @param clock Source of time for the ticks. @default {systemClock}
 * @param cpuTime CPU time that passes by the same clock. @default {this process and thread}
 * @returns The watch, to be stopped once.
 */
export function startClientMonitor(
  clock: Pick<Clock, "now"> = systemClock,
  cpuTime?: () => CpuTime,
): ClientMonitor {
  const isComparable = clock === systemClock || cpuTime !== undefined;
  let readings: Reading[] = [];
  let readingMs = READING_MS;
  let leftOut: Reading = { processMs: 0, busyMs: 0, starvedMs: 0, atMs: 0 };
  let isPaused = false;
  const now = () => clock.now() - leftOut.atMs;
  const taken = (): Reading => less({ ...(cpuTime ?? ownCpuTime)(), atMs: clock.now() }, leftOut);
  const read = () => {
    readings.push(taken());
    if (readings.length <= MOST_READINGS) return;
    readingMs = (readings.at(-1)!.atMs - readings[0]!.atMs) / (MOST_READINGS / 2);
    readings = apart(readings, readingMs);
  };
  read();
  const lagsMs: number[] = [];
  let dueAt = readings[0]!.atMs + TICK_MS;
  let timer: ReturnType<typeof setTimeout>;
  const recordDue = () => {
    if (isPaused) return;
    const nowMs = now();
    for (; dueAt <= nowMs; dueAt += TICK_MS) lagsMs.push(nowMs - dueAt);
    if (nowMs - readings.at(-1)!.atMs >= readingMs) read();
  };
  const arm = () => {
    // Timers count whole milliseconds: a rounded-down one would fire too soon and twice.
    timer = setTimeout(() => {
      recordDue();
      arm();
    }, Math.max(isPaused ? TICK_MS : 0, Math.ceil(dueAt - now())));
    timer.unref();
  };
  arm();
  const look = (finishedRequests: number, span?: WatchedSpan) => {
    if (!isPaused) {
      recordDue();
      read();
    }
    return figuresOf({ readings, lagsMs, isComparable }, finishedRequests, span);
  };
  return {
    look,
    async without(work) {
      recordDue();
      read();
      isPaused = true;
      try {
        await work();
      } finally {
        leftOut = plus(leftOut, less(taken(), readings.at(-1)!));
        isPaused = false;
      }
    },
    stop(finishedRequests, span) {
      clearTimeout(timer);
      return look(finishedRequests, span);
    },
  };
}

/** The first reading, the last, and of those between them some that lie so far apart, ms. */
function apart(readings: readonly Reading[], leastMs: number): Reading[] {
  const kept: Reading[] = [];
  for (const [i, reading] of readings.entries()) {
    const last = kept.at(-1);
    if (last === undefined || i === readings.length - 1 || reading.atMs - last.atMs >= leastMs) kept.push(reading);
  }
  return kept;
}

/** What a watch has recorded. */
interface Watched {
  readonly readings: readonly Reading[];
  /** How late each tick was, the first due one tick after the first reading, ms. */
  readonly lagsMs: readonly number[];
  /** Whether CPU time passes by its clock. */
  readonly isComparable: boolean;
}

function figuresOf(
  { readings, lagsMs, isComparable }: Watched,
  finishedRequests: number,
  { fromMs, toMs }: WatchedSpan = { fromMs: readings[0]!.atMs, toMs: readings.at(-1)!.atMs },
): ClientFigures {
  const cpuMs = readings.at(-1)!.processMs - readings[0]!.processMs;
  const share = (of: (reading: Reading) => number | null) =>
    isComparable && toMs - fromMs >= MIN_SHARE_MS ? shareOf(readings, of, fromMs, toMs) : null;
  const dueAt = (tick: number) => readings[0]!.atMs + (tick + 1) * TICK_MS;
  const inSpan = lagsMs.filter((_, tick) => dueAt(tick) >= fromMs && dueAt(tick) <= toMs);
  return {
    cpuMsPerRequest: finishedRequests > 0 ? cpuMs / finishedRequests : null,
    cpuShare: share(({ processMs }) => processMs),
    threadShare: share(({ busyMs }) => busyMs),
    starvedShare: share(({ starvedMs }) => starvedMs),
    eventLoopLagP99Ms: inSpan.length >= MIN_TICKS ? quantile(ascending(inSpan), 0.99) : null,
  };
}

function less(a: Reading, b: Reading): Reading {
  return {
    processMs: a.processMs - b.processMs,
    busyMs: a.busyMs === null || b.busyMs === null ? null : a.busyMs - b.busyMs,
    starvedMs: a.starvedMs === null || b.starvedMs === null ? null : a.starvedMs - b.starvedMs,
    atMs: a.atMs - b.atMs,
  };
}

function plus(a: Reading, b: Reading): Reading {
  const nothing = { processMs: 0, busyMs: 0, starvedMs: 0, atMs: 0 };
  return less(a, less(nothing, b));
}

/** CPU time at a moment of the clock. */
interface Reading extends CpuTime {
  readonly atMs: number;
}

/** CPU time between two moments by the time between them; straight lines lead from reading to reading. */
function shareOf(
  readings: readonly Reading[],
  of: (reading: Reading) => number | null,
  fromMs: number,
  toMs: number,
): number | null {
  const usedAt = (atMs: number): number | null => {
    const next = readings.findIndex((reading) => reading.atMs >= atMs);
    const after = next === -1 ? readings.length - 1 : Math.max(1, next);
    const [a, b] = [readings[after - 1], readings[after]];
    if (a === undefined || b === undefined) return null;
    const [low, high] = [of(a), of(b)];
    if (low === null || high === null) return null;
    const way = b.atMs > a.atMs ? Math.min(1, Math.max(0, (atMs - a.atMs) / (b.atMs - a.atMs))) : 1;
    return low + way * (high - low);
  };
  const from = usedAt(fromMs), to = usedAt(toMs);
  return from === null || to === null ? null : (to - from) / (toMs - fromMs);
}
