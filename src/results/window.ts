import type { Distribution, Estimate } from "../core/estimate.ts";
import type { FailureReason } from "../core/outcome.ts";

/** Counts of a measured window. */
export interface Counts {
  /** Requests that ended inside the window, cancelled ones apart. */
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
  /** Requests cut from the window's front by MSER-5. */
  readonly cutRequests: number;
}

/** What the server counted in a window: differences of its counters between the ends. Times are means per request. */
export interface ServerTime {
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

/** Rates and latencies of one closed-loop window. */
export interface LevelMeasurement extends Counts, WarmUpCut {
  /** Length of the measured window, ms. */
  readonly durationMs: number;
  /** Requests answered successfully per second; `null` if none was. */
  readonly requestsPerSecond: Estimate | null;
  /** Predictions per second: successful requests times batch size; `null` if none was. */
  readonly predictionsPerSecond: Estimate | null;
  /** Latency of successes, ms; `null` if none was. */
  readonly latencyMs: Distribution | null;
  /** Failed share of requests, 0 to 1, with a Wilson interval; `null` if no request ended. */
  readonly errorRate: Estimate | null;
  /** Whether the intervals reached the wanted precision. */
  readonly converged: boolean;
  /** True if the client may have set the numbers. */
  readonly clientLimited: boolean;
  /** The server's own time; `null` where it is not known, with the reason in the result's `absences.server`. */
  readonly server?: ServerTime | null;
}
