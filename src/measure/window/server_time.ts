import type { ServerTimings } from "../../core/protocol.ts";
import type { ServerTime } from "../../results/window/window.ts";
import type { Session } from "../session.ts";
import { settledTimings } from "./settled_timings.ts";

/** How long the server may take to tell its counters, ms. */
const TIMEOUT_MS = 2000;

/** Reads the server's counters at both ends of one window. */
export interface ServerWatch {
  /** The window has begun with so many requests outstanding; only the first call counts. */
  began(outstanding: number): void;
  /** The window is over. Answers what was counted in it, or why that is not known. */
  ended(): Promise<ServerTimings | string>;
}

/**
 * Watches the server's counters over one window. They are read when the window begins, not before the warm-up, and
 * beside the load: one small request more. After the window they are read until they have settled
 * ({@linkcode settledTimings}); the reading at its begin is one only, and may be within the counting of one execution.
 *
 * @param session The test.
 */
export function watchServerTime({ target: { protocol, model }, clock }: Session): ServerWatch {
  if (protocol.serverTimings === undefined) {
    const reason = protocol.lacks?.serverTimings ?? "the server does not count its own time";
    return { began() {}, ended: () => Promise.resolve(reason) };
  }
  const read = () => protocol.serverTimings!(model, { timeoutMs: TIMEOUT_MS }).catch((error: Error) => error.message);
  let first: Promise<ServerTimings | string> | null = null;
  let arrivedBefore = 0;
  return {
    began(outstanding) {
      if (first === null) arrivedBefore = outstanding;
      first ??= read();
    },
    async ended() {
      const before = await first;
      if (before === null) return "no request ended in the window";
      if (typeof before === "string") return before;
      const after = await settledTimings(read, clock);
      if (typeof after === "string") return after;
      const counted = difference(after, before);
      if (counted.requests < 0) return "the server's counters went back: it was started anew";
      if (counted.requests === 0) return "the server counted no request in the window";
      // Those that had arrived before the window began were answered in it.
      return after.countedAt === "arrival" ? { ...counted, requests: counted.requests + arrivedBefore } : counted;
    },
  };
}

const COUNTERS = ["executions", "predictions", "queueMs", "computeMs", "inputMs", "outputMs"] as const;

function difference(after: ServerTimings, before: ServerTimings): ServerTimings {
  return combined(after, before, (a, b) => a - b);
}

/** Counters of both together; what either lacks is lacking. */
function combined(a: ServerTimings, b: ServerTimings, combine: (a: number, b: number) => number): ServerTimings {
  const of = (name: typeof COUNTERS[number]) => {
    const [x, y] = [a[name] ?? null, b[name] ?? null];
    return x === null || y === null ? null : combine(x, y);
  };
  const known = COUNTERS.map((name) => [name, of(name)] as const);
  const always = { executions: null, predictions: null, queueMs: null, computeMs: null };
  return {
    ...always,
    requests: combine(a.requests, b.requests),
    ...Object.fromEntries(known.filter(([, value]) => value !== null)),
  };
}

/**
 * The server's own time per request over the windows of a level.
 *
 * @param windows What was counted in each.
 * @param batchSize Items in a request.
 * @param latencyMs Mean latency that the client saw, ms; `null` if nothing succeeded.
 * @returns `null` if nothing was counted.
 */
export function serverTimeOf(
  windows: readonly ServerTimings[],
  batchSize: number,
  latencyMs: number | null,
): ServerTime | null {
  const [first, ...more] = windows;
  if (first === undefined) return null;
  const total = more.reduce((sum, next) => combined(sum, next, (a, b) => a + b), first);
  const { requests, executions, inputMs, outputMs } = total;
  const each = (ms: number | null) => ms === null ? null : ms / requests;
  const parts = [total.queueMs, total.computeMs, inputMs ?? 0, outputMs ?? 0];
  const inServerMs = parts.some((part) => part === null) ? null : parts.reduce<number>((sum, part) => sum + part!, 0);
  const restMs = latencyMs === null || inServerMs === null ? null : latencyMs - inServerMs / requests;
  return {
    requests,
    queueMs: each(total.queueMs),
    computeMs: each(total.computeMs),
    ...(inputMs === undefined ? {} : { inputMs: inputMs / requests }),
    ...(outputMs === undefined ? {} : { outputMs: outputMs / requests }),
    executions,
    meanBatch: executions === null || executions === 0
      ? null
      : (total.predictions ?? requests * batchSize) / executions,
    // Less than nothing shows only that the counters are of other requests than the latencies.
    restMs: restMs !== null && restMs >= 0 ? restMs : null,
  };
}
