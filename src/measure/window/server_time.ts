import type { ServerTimings } from "../../core/protocol.ts";
import type { LoadRun } from "../../load/load_run.ts";
import type { ServerTime } from "../../results/window/window.ts";
import type { Session } from "../session.ts";
import { type FirstTokenReading, FirstTokenWatch } from "../streams/first_token_watch.ts";
import { settledTimings } from "./settled_timings.ts";

/** How long the server may take to tell its counters, ms. */
const TIMEOUT_MS = 2000;

/** What a run says of the requests that it sent. */
export type SentRequests = Pick<LoadRun, "recorded" | "warmUpRequests" | "failureExamples">;

/** Reads the server's counters at both ends of one window. */
export interface ServerWatch {
  /** So many requests of the window have ended, and so many are outstanding; the first call says that it has begun. */
  counted(requests: number, outstanding: number): void;
  /** The window is over. Answers what was counted in it, or why that is not known. */
  ended(run: SentRequests): Promise<ServerTimings | string>;
  /** Its counters of first tokens, from the begin of the window to its end; left out where it counts none. */
  readonly firstTokens?: readonly FirstTokenReading[];
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
    return { counted() {}, ended: () => Promise.resolve(reason) };
  }
  const watch = new FirstTokenWatch(
    () => protocol.serverTimings!(model, { timeoutMs: TIMEOUT_MS }).catch((error: Error) => error.message),
    clock,
  );
  const read = () => watch.read();
  let first: Promise<ServerTimings | string> | null = null;
  let arrivedBefore = 0;
  let ended = 0;
  /** Requests that ended while the counters were read: nobody knows on which side they are. */
  let meanwhile = 0;
  return {
    firstTokens: watch.readings,
    counted(requests, outstanding) {
      ended = requests;
      watch.counted(requests);
      if (first !== null) return;
      arrivedBefore = outstanding;
      first = read().finally(() => meanwhile = ended - requests);
    },
    async ended(run) {
      const before = await first;
      if (before === null) return "no request ended in the window";
      if (typeof before === "string") return before;
      await watch.settled();
      const after = await settledTimings(read, clock);
      if (typeof after === "string") return after;
      const counted = difference(after, before);
      if (counted.requests < 0) return wentBack(after);
      if (counted.requests === 0) return "the server counted no request in the window";
      const others = after.source === undefined ? null : whyOfOthers(counted.requests, run, arrivedBefore, meanwhile);
      if (others !== null) return others;
      // Those that had arrived before the window began were answered in it.
      return after.countedAt === "arrival" ? { ...counted, requests: counted.requests + arrivedBefore } : counted;
    },
  };
}

function wentBack({ source }: ServerTimings): string {
  return source === undefined
    ? "the server's counters went back: it was started anew"
    : "the server's counters went back: it was started anew, or its metrics are of one of several processes at a time";
}

/** How far the server's count may be from the requests that were sent. */
const MOST_OFF = 0.02;

/**
 * Why the server's counters are not of the requests that were sent.
 *
 * @returns `null` where they are, but for those at the window's edges.
 */
function whyOfOthers(counted: number, run: SentRequests, outstanding: number, meanwhile: number): string | null {
  const sent = run.recorded - run.warmUpRequests;
  const edges = 2 + 2 * outstanding + meanwhile;
  const most = sent * (1 + MOST_OFF) + edges;
  // Those that failed may have got nowhere.
  const least = Object.keys(run.failureExamples).length > 0 ? 0 : sent * (1 - MOST_OFF) - edges;
  if (counted > most) return `the server counted ${counted} requests where ${sent} were sent: others ask the model too`;
  if (counted >= least) return null;
  return `the server counted ${counted} of ${sent} requests: its metrics are of one of several processes`;
}

const COUNTERS = [
  "executions",
  "predictions",
  "queueMs",
  "computeMs",
  "inputMs",
  "outputMs",
  "queued",
  "computed",
] as const;

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
    ...(a.source === undefined ? {} : { source: a.source }),
    requests: combine(a.requests, b.requests),
    ...Object.fromEntries(known.filter(([, value]) => value !== null)),
  };
}

/** Mean times of a request by the server's counters, ms: a counter of its own says how many one is of. */
function meansOf(
  { source, requests, queueMs, queued = requests, computeMs, computed = requests, inputMs, outputMs }: ServerTimings,
) {
  const each = (ms: number | null, of = requests) => ms === null || (of === 0 && ms === 0) ? null : ms / of;
  const means = {
    queueMs: each(queueMs, queued),
    computeMs: each(computeMs, computed),
    ...(inputMs === undefined ? {} : { inputMs: inputMs / requests }),
    ...(outputMs === undefined ? {} : { outputMs: outputMs / requests }),
  };
  // Metrics may not tell the queue apart: it is then in what is not counted.
  const queue = source === undefined ? means.queueMs : means.queueMs ?? 0;
  const { computeMs: compute } = means;
  const inServerMs = queue === null || compute === null
    ? null
    : queue + compute + (means.inputMs ?? 0) + (means.outputMs ?? 0);
  return { means, inServerMs };
}

function totalOf([first, ...more]: readonly ServerTimings[]): ServerTimings | null {
  return first === undefined ? null : more.reduce((sum, next) => combined(sum, next, (a, b) => a + b), first);
}

/** Of a few requests at the window's edges the counters may know more than the latencies. */
const MOST_BEYOND = 1.1;

/**
 * Why the server's time cannot be that of the requests.
 *
 * @param windows What was counted in each.
 * @param latencyMs Mean latency that the client saw, ms; `null` if nothing succeeded.
 * @returns `null` where it can.
 */
export function whyNoServerTime(windows: readonly ServerTimings[], latencyMs: number | null): string | null {
  if (windows.length === 0) return null;
  const requests = windows.reduce((sum, { requests }) => sum + requests, 0);
  const times = windows.flatMap(({ queueMs, computeMs, inputMs, outputMs }) =>
    [queueMs, computeMs, inputMs, outputMs].map((ms) => ms ?? 0)
  );
  const { means } = meansOf(totalOf(windows)!);
  const eachMs = Object.values(means).reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  if (times.some((ms) => ms < 0)) return "the server's counters of times went back";
  if (Number.isFinite(eachMs) && (latencyMs === null || eachMs <= MOST_BEYOND * latencyMs)) return null;
  if (latencyMs === null || requests === 0) return "the server's counters of times are no times";
  return "the server's counters tell a longer time of a request than its whole latency";
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
  const total = totalOf(windows);
  if (total === null) return null;
  const { source, requests, executions } = total;
  const { means, inServerMs } = meansOf(total);
  const restMs = latencyMs === null || inServerMs === null ? null : latencyMs - inServerMs;
  return {
    ...(source === undefined ? {} : { source }),
    requests,
    ...means,
    executions,
    meanBatch: executions === null || executions === 0
      ? null
      : (total.predictions ?? requests * batchSize) / executions,
    // Less than nothing shows only that the counters are of other requests than the latencies.
    restMs: restMs !== null && restMs >= 0 ? restMs : null,
  };
}
