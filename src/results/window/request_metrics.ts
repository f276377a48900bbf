import * as v from "valibot";
import type { Distribution } from "../../core/estimate.ts";
import type { SampleTable } from "../../core/sample.ts";
import { nullableDistribution } from "../schema.ts";
import { isRefusedServerTime } from "./refused_server_times.ts";

/** Where a latency begins: when the request was sent (closed loop), or when it was due (open loop). */
export type LatencyOrigin = "sent" | "due";

/** One time of each successful request. A window holds its distribution under `field`. */
export interface RequestMetric {
  /** Name of the distribution in a window. */
  readonly field: RequestField;
  /** Name in tables of figures, in snake case. */
  readonly id: string;
  /** Name for people, as in `p95 latency`. */
  readonly label: string;
  /** What objectives write before `-p95`; empty where they write `p95` alone; left out where they cannot ask for it. */
  readonly gatePrefix?: "" | `${string}-`;
  /** Left out of closed loops, where it says nothing. */
  readonly openLoopOnly?: true;
  /** Left out by versions before 0.2. */
  readonly isNew?: true;
  /** Why a window with successes may have none, for people. */
  readonly absence: string;
  /**
   * Reads it from a sample.
   *
   * @param samples Where the sample stands.
   * @param i Which.
   * @param origin Where the latency of the window begins.
   * @returns ms; `NaN` where this request has none.
   */
  readonly read: (samples: SampleTable, i: number, origin: LatencyOrigin) => number;
}

/** Distributions that every window has. */
export type AlwaysField = "latencyMs" | "firstByteMs" | "serverMs";
/** Parts of a request's time, in their order; versions before 0.2 did not tell them apart. */
export type PartField = "sendingMs" | "waitingMs" | "readingMs" | "judgingMs";
/** Distributions of open loops. */
export type OpenField = "serviceMs" | "latenessMs";
/** Names of the distributions of a window. */
export type RequestField = AlwaysField | PartField | OpenField;

/** Why a window has no time of sending and waiting. */
const NOT_HANDED_OVER = "this transport does not tell when a request was handed over";

/**
 * Every metric of a request. A new one is a row here.
 *
 * A request is handed over (`sendingMs`), waits (`waitingMs`), is read (`readingMs`) and, past its latency, is judged
 * (`judgingMs`). Handed over means to the system: what still stands in the buffer of a socket is on its way while the
 * request already waits, so sending is the least that the transfer took.
 */
export const REQUEST_METRICS: readonly RequestMetric[] = [
  {
    field: "latencyMs",
    id: "latency",
    label: "latency",
    gatePrefix: "",
    absence: "no request succeeded",
    read: (samples, i, origin) => samples.endedAt(i) - (origin === "due" ? samples.scheduledAt(i) : samples.sentAt(i)),
  },
  {
    field: "firstByteMs",
    id: "first_byte",
    label: "time to first byte",
    gatePrefix: "ttfb-",
    absence: "no first byte was timed",
    read: (samples, i) => samples.firstByteAt(i) - samples.sentAt(i),
  },
  {
    field: "serverMs",
    id: "server_time",
    label: "server time",
    absence: "the server's answers do not tell it",
    read: (samples, i) => isRefusedServerTime(samples, i) ? NaN : samples.serverMs(i),
  },
  {
    field: "sendingMs",
    id: "sending",
    label: "time of handing over",
    isNew: true,
    absence: NOT_HANDED_OVER,
    read: (samples, i) => samples.writtenAt(i) - samples.sentAt(i),
  },
  {
    field: "waitingMs",
    id: "waiting",
    label: "time of waiting",
    isNew: true,
    absence: NOT_HANDED_OVER,
    // A server may answer before it has read everything.
    read: (samples, i) => Math.max(0, samples.firstByteAt(i) - samples.writtenAt(i)),
  },
  {
    field: "readingMs",
    id: "reading",
    label: "time of reading",
    isNew: true,
    absence: "no first byte was timed",
    read: (samples, i) => samples.endedAt(i) - samples.firstByteAt(i),
  },
  {
    field: "judgingMs",
    id: "judging",
    label: "time of judging",
    isNew: true,
    absence: "no answer was judged",
    read: (samples, i) => samples.judgingMs(i),
  },
  {
    field: "serviceMs",
    id: "service_time",
    label: "latency from sending",
    openLoopOnly: true,
    absence: "it is told of open loops",
    read: (samples, i) => samples.endedAt(i) - samples.sentAt(i),
  },
  {
    field: "latenessMs",
    id: "lateness",
    label: "send lateness",
    openLoopOnly: true,
    absence: "it is told of open loops",
    read: (samples, i) => samples.sentAt(i) - samples.scheduledAt(i),
  },
];

/**
 * The metrics that a window of some origin holds.
 *
 * @param origin Where its latency begins.
 */
export function requestMetricsOf(origin: LatencyOrigin): readonly RequestMetric[] {
  return REQUEST_METRICS.filter(({ openLoopOnly }) => origin === "due" || !openLoopOnly);
}

/** The times of the successful requests of a window, ms; `null` where no request has one. */
export type RequestDistributions =
  & { readonly [Field in AlwaysField]: Distribution | null }
  & { readonly [Field in PartField | OpenField]?: Distribution | null };

/** {@linkcode RequestDistributions} in a results file, as entries of the window's schema; older files lack newer metrics. */
export const requestDistributionEntries: v.ObjectEntries = Object.fromEntries(
  REQUEST_METRICS.map(({ field, openLoopOnly, isNew }) => [
    field,
    openLoopOnly || isNew ? v.exactOptional(nullableDistribution) : v.optional(nullableDistribution, null),
  ]),
);
