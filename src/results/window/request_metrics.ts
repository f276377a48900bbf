import * as v from "valibot";
import type { Distribution } from "../../core/estimate.ts";
import type { SampleTable } from "../../core/sample.ts";
import { nullableDistribution } from "../schema.ts";

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
/** Distributions of open loops. */
export type OpenField = "serviceMs" | "latenessMs";
/** Names of the distributions of a window. */
export type RequestField = AlwaysField | OpenField;

/** Every metric of a request. A new one is a row here. */
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
    absence: "the server does not report its own time",
    read: (samples, i) => samples.serverMs(i),
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
  & { readonly [Field in OpenField]?: Distribution | null };

/** {@linkcode RequestDistributions} in a results file, as entries of the window's schema; older files lack newer metrics. */
export const requestDistributionEntries: v.ObjectEntries = Object.fromEntries(
  REQUEST_METRICS.map(({ field, openLoopOnly }) => [
    field,
    openLoopOnly ? v.exactOptional(nullableDistribution) : v.optional(nullableDistribution, null),
  ]),
);
