import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import type { Clock } from "../core/clock.ts";
import { systemClock } from "../core/clock.ts";
import type { ClientCheck } from "../results/result.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { quantile } from "../stats/estimates/quantile.ts";

/** What the client saw of itself, before it is compared with what it could do. */
export type ClientFigures = Omit<ClientCheck, "ceilingPerSecond" | "limited">;

/** Watches this process while it measures. */
export interface ClientMonitor {
  /**
   * Ends the watch.
   *
   * @param finishedRequests Requests that ended since it began.
   * @returns What was seen.
   */
  stop(finishedRequests: number): ClientFigures;
}

/** Above this share of a ceiling, what is measured is the client as much as the server. */
const CEILING_SHARE = 0.5;
/** JavaScript runs on one thread: it has no more to give when it uses nearly one core. */
const CORE_SHARE = 0.9;
const TICK_MS = 20;
/** Fewer ticks say nothing of a 99th percentile. */
const MIN_TICKS = 20;
/** In less time one collection of garbage is most of it, ms. */
const MIN_SHARE_MS = 200;

/**
 * Starts to watch this process: CPU time of all its threads, and how late its event loop runs timers.
 *
 * A tick is due every 20 ms. One that comes late stands for all that were due meanwhile, each with its own lateness,
 * as in the correction for coordinated omission (G. Tene, HdrHistogram): otherwise a loop that was blocked for a second
 * would count as one late tick in fifty. The watch keeps no process alive.
 *
 * CPU time passes in real time alone: under any other clock its share is not known, and `null`. In simulated time it would
 * be the speed of the simulation, and a client that no server ever waited for would seem to be the limit, or never be it.
 *
 * @param clock Source of time for the ticks. @default {systemClock}
 * @returns The watch, to be stopped once.
 */
export function startClientMonitor(clock: Pick<Clock, "now"> = systemClock): ClientMonitor {
  const startedAt = clock.now();
  const startedCpu = process.cpuUsage();
  const lagsMs: number[] = [];
  let dueAt = startedAt + TICK_MS;
  let timer: ReturnType<typeof setTimeout>;
  const recordDue = () => {
    for (const now = clock.now(); dueAt <= now; dueAt += TICK_MS) lagsMs.push(now - dueAt);
  };
  const arm = () => {
    // Timers count whole milliseconds: a rounded-down one would fire too soon and twice.
    timer = setTimeout(() => {
      recordDue();
      arm();
    }, Math.ceil(dueAt - clock.now()));
    timer.unref();
  };
  arm();
  return {
    stop(finishedRequests) {
      clearTimeout(timer);
      recordDue();
      const elapsedMs = clock.now() - startedAt;
      const { user, system } = process.cpuUsage(startedCpu);
      const cpuMs = (user + system) / 1000;
      return {
        cpuMsPerRequest: finishedRequests > 0 ? cpuMs / finishedRequests : null,
        cpuShare: clock === systemClock && elapsedMs >= MIN_SHARE_MS ? cpuMs / elapsedMs : null,
        eventLoopLagP99Ms: lagsMs.length >= MIN_TICKS ? quantile(ascending(lagsMs), 0.99) : null,
      };
    },
  };
}

/**
 * Whether the client, not the server, may have set the numbers: it ran at over half of the rate that it reaches against
 * a null server, or it used one core. Pure.
 *
 * @param figures What the client saw of itself.
 * @param ceilingPerSecond Requests per second that it reaches against a null server, or `null` if not measured.
 * @param ratePerSecond Requests per second that it reached here, or `null` if none.
 * @returns The figures with the verdict.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * import { clientCheck } from "./client_monitor.ts";
 * const figures = { cpuMsPerRequest: 0.1, cpuShare: 0.4, eventLoopLagP99Ms: 1 };
 * assertFalse(clientCheck(figures, 10_000, 4_000).limited);
 * assert(clientCheck(figures, 10_000, 6_000).limited);
 * assert(clientCheck({ ...figures, cpuShare: 0.95 }, null, 4_000).limited);
 * ```
 */
export function clientCheck(
  figures: ClientFigures,
  ceilingPerSecond: number | null,
  ratePerSecond: number | null,
): ClientCheck {
  const nearCeiling = ceilingPerSecond !== null && ratePerSecond !== null &&
    ratePerSecond > CEILING_SHARE * ceilingPerSecond;
  const usedCore = figures.cpuShare !== null && figures.cpuShare > CORE_SHARE;
  return { ...figures, ceilingPerSecond, limited: nearCeiling || usedCore };
}
