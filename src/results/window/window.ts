import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import type { FailureReason } from "../../core/outcome.ts";
import { failureCounts, failureTexts, nullableEstimate, nullableNumber, number } from "../schema.ts";
import { type Load, loadSchema } from "./load.ts";
import { type LatencyOrigin, requestDistributionEntries, type RequestDistributions } from "./request_metrics.ts";
import { type ClientUse, clientUseSchema } from "./client_use.ts";
import { type GoodputAccount, goodputAccountSchema } from "./goodput/goodput_account.ts";
import { type FirstTokenParts, firstTokenPartsSchema } from "./streams/first_token_parts.ts";
import { type GpuUse, gpuUseSchema } from "./gpu_use.ts";
import { type LostServer, lostServerSchema } from "./lost_server.ts";
import { type RefusedServerTimes, refusedServerTimesSchema } from "./refused_server_times.ts";
import { type StreamAccount, streamAccountSchema } from "./stream_account.ts";
import { type VisitSlices, visitSlicesSchema } from "./visit_slices.ts";
import { windowEstimateEntries, type WindowEstimates } from "./window_metrics.ts";

/** Counts of a measured window. */
export interface Counts {
  /** Requests that ended inside the window, in an open loop that were due inside it; cancelled ones apart. */
  readonly requests: number;
  /** Those that passed the protocol's check. */
  readonly succeeded: number;
  /** Those that did not. */
  readonly failed: number;
  /** Requests cut off by us at the end of the run. */
  readonly cancelled: number;
  /** Failures by reason; reasons that did not occur are left out. */
  readonly failuresByReason: Readonly<Partial<Record<FailureReason, number>>>;
  /** One example of each reason in the server's or the socket's own words. */
  readonly failureExamples: Readonly<Partial<Record<FailureReason, string>>>;
}

/** What warm-up took from a level before it was measured. */
export interface WarmUpCut {
  /** Requests sent before the window began. */
  readonly warmUpRequests: number;
  /** Requests cut from the window's front by MSER-5; an open loop cuts none, since a queue that fills is no warm-up. */
  readonly cutRequests: number;
}

/** What the server counted in a window: differences of its counters between the ends. Times are means per request. */
export interface ServerTime {
  /** What told it, for people, where that is metrics of the whole server; left out where the server counts by itself. */
  readonly source?: string;
  /** Requests that the server counted; more than were sent where others use it too. */
  readonly requests: number;
  /** Waiting for an execution, ms; `null` if it is not counted. */
  readonly queueMs: number | null;
  /** Execution of the model, ms; `null` if it is not counted. */
  readonly computeMs: number | null;
  /** Preparing inputs, ms; left out where it is not told apart from computation. */
  readonly inputMs?: number;
  /** Preparing outputs, ms; left out where it is not told apart from computation. */
  readonly outputMs?: number;
  /** Executions of the model; `null` if they are not counted. */
  readonly executions: number | null;
  /** Items in an execution: the batch size that really ran; `null` if executions are not counted. */
  readonly meanBatch: number | null;
  /** Mean latency less all of these, ms: network, client, and what the server does not count; `null` if unknown. */
  readonly restMs: number | null;
}

/** One visit to a load: loads that several tests need are visited by each of them, and measured over all visits. */
export interface WindowVisit {
  /** The test that made it, by its kind. */
  readonly by: string;
  /** When its window began, what was cut from its front apart, ms since the run began. */
  readonly atMs: number;
  /** Length of its window, ms. */
  readonly durationMs: number;
  /** Successes per second in it; `null` if there was none. */
  readonly requestsPerSecond: Estimate | null;
  /** Rate, failures and latency over its time; left out where nothing counted, and by versions that did not keep it. */
  readonly slices?: VisitSlices;
}

/** What an open loop has to say besides. Requests count by the moment at which they were due. */
export interface OfferedFigures {
  /** Rate that was offered, requests per second: those due in the window by its length. */
  readonly offeredPerSecond: number;
  /** Requests that were due in the window. */
  readonly due: number;
  /** Those that were given up: not answered some seconds after the window. None of a window that the user cut short. */
  readonly unanswered: number;
  /** Most requests that were outstanding or waiting at one time; left out by versions before 0.2. */
  readonly mostOutstanding?: number;
  /**
   * True if the server did not keep up: latencies then grow with the length of the window; `null` where that cannot be told.
   * Versions before 0.2 told it always.
   */
  readonly saturated: boolean | null;
}

/** One measured load: rates, latencies and counts, whichever test measured it and however requests arrived. */
export interface Window extends Counts, WarmUpCut, WindowEstimates, RequestDistributions, Partial<OfferedFigures> {
  /** What was offered, as it was asked for. */
  readonly load: Load;
  /** Where the latency of a request begins. */
  readonly latencyFrom: LatencyOrigin;
  /** Length of the measured window, ms. */
  readonly durationMs: number;
  /** How long nothing was sent as the server asked for that, ms; left out where it did not, or was not heeded. */
  readonly heldMs?: number;
  /** Whether the intervals reached the wanted precision. */
  readonly converged: boolean;
  /** True if the client may have set the numbers: rates are then "at least". */
  readonly clientLimited: boolean;
  /** What the client saw of itself, and why it was the limit where it was; left out by versions before 0.2. */
  readonly clientUse?: ClientUse;
  /** When and how the server was lost in it: its time ends there. Left out where it was not. */
  readonly lost?: LostServer;
  /** True where the user's signal cut it short; left out where it did not. */
  readonly cutShort?: true;
  /** Server times that answers told and that were refused; left out where there were none. */
  readonly refusedServerTimes?: RefusedServerTimes;
  /** What the figures of streamed answers rest on; left out where none were. */
  readonly streams?: StreamAccount;
  /** What the goodput rests on; left out where it was not asked for. */
  readonly goodput?: GoodputAccount;
  /** The server's own time; `null` where it is not known, with the reason in the result's `absences.server`. */
  readonly server?: ServerTime | null;
  /** The time to first token by the server's own counters; left out where it does not tell, or others used it too. */
  readonly firstTokenParts?: FirstTokenParts;
  /** What the server's GPUs did; `null` where it is not known, with the reason in the result's `absences.gpu`. */
  readonly gpu?: GpuUse | null;
  /** The visits that it is measured over, in the order in which they ran; left out by versions before 0.2. */
  readonly visits?: readonly WindowVisit[];
}

/** A window of an open loop. */
export type OpenWindow = Window & OfferedFigures;

/**
 * Whether a window is one of an open loop.
 *
 * @param window The window.
 */
export function isOpen(window: Window): window is OpenWindow {
  return window.latencyFrom === "due";
}

const counts = {
  requests: number,
  succeeded: number,
  failed: number,
  cancelled: number,
  failuresByReason: failureCounts,
  failureExamples: failureTexts,
};

const server = v.looseObject({
  source: v.exactOptional(v.string()),
  requests: number,
  queueMs: nullableNumber,
  computeMs: nullableNumber,
  inputMs: v.exactOptional(number),
  outputMs: v.exactOptional(number),
  executions: nullableNumber,
  meanBatch: nullableNumber,
  restMs: nullableNumber,
});

const visit = v.looseObject({
  by: v.string(),
  atMs: number,
  durationMs: number,
  heldMs: v.exactOptional(number),
  requestsPerSecond: nullableEstimate,
  slices: v.exactOptional(visitSlicesSchema),
});

/** {@linkcode Window} in a results file, as entries of the schema of what holds one. */
export const windowEntries: v.ObjectEntries = {
  load: loadSchema,
  latencyFrom: v.picklist(["sent", "due"]),
  offeredPerSecond: v.exactOptional(number),
  ...windowEstimateEntries,
  ...requestDistributionEntries,
  saturated: v.exactOptional(v.nullable(v.boolean())),
  converged: v.boolean(),
  lost: v.exactOptional(lostServerSchema),
  cutShort: v.exactOptional(v.literal(true)),
  clientLimited: v.boolean(),
  clientUse: v.exactOptional(clientUseSchema),
  due: v.exactOptional(number),
  unanswered: v.exactOptional(number),
  mostOutstanding: v.exactOptional(number),
  ...counts,
  durationMs: number,
  warmUpRequests: number,
  cutRequests: number,
  refusedServerTimes: v.exactOptional(refusedServerTimesSchema),
  streams: v.exactOptional(streamAccountSchema),
  goodput: v.exactOptional(goodputAccountSchema),
  server: v.exactOptional(v.nullable(server)),
  firstTokenParts: v.exactOptional(firstTokenPartsSchema),
  gpu: v.exactOptional(v.nullable(gpuUseSchema)),
  visits: v.exactOptional(v.array(visit)),
};
