import * as v from "valibot";
import type { Distribution } from "../../core/estimate.ts";
import { nullableDistribution } from "../schema.ts";
import type { AlwaysField, LatencyOrigin, OpenField, PartField, RequestMetric, StreamField } from "./request_metric.ts";
import { isRefusedServerTime } from "./refused_server_times.ts";
import { STREAM_METRICS } from "./stream_metrics.ts";

export type { LatencyOrigin, RequestField, RequestMetric } from "./request_metric.ts";

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
  ...STREAM_METRICS,
];

/**
 * The metrics that a window of some origin holds.
 *
 * @param origin Where its latency begins.
 */
export function requestMetricsOf(origin: LatencyOrigin): readonly RequestMetric[] {
  return REQUEST_METRICS.filter(({ openLoopOnly }) => origin === "due" || !openLoopOnly);
}

/** The times of the successful requests of a window, ms, and the tokens of streamed answers; `null` where no request has one. */
export type RequestDistributions =
  & { readonly [Field in AlwaysField]: Distribution | null }
  & { readonly [Field in PartField | OpenField | StreamField]?: Distribution | null };

/** {@linkcode RequestDistributions} in a results file, as entries of the window's schema; older files lack newer metrics. */
export const requestDistributionEntries: v.ObjectEntries = Object.fromEntries(
  REQUEST_METRICS.map(({ field, openLoopOnly, streamedOnly, isNew }) => [
    field,
    openLoopOnly || streamedOnly || isNew
      ? v.exactOptional(nullableDistribution)
      : v.optional(nullableDistribution, null),
  ]),
);
