import type { Distribution } from "../core/estimate.ts";
import type { LevelMeasurement } from "./window.ts";
import type { OfferedLevel } from "./load.ts";
import type { ResultBase } from "./result_base.ts";

/** One closed-loop run at one concurrency and batch size. */
export interface BasicResult extends ResultBase, LevelMeasurement {
  /** Tells the results apart. */
  readonly kind: "basic";
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** Items per request. */
  readonly batchSize: number;
  /** Time to the first byte of the answer, ms; `null` if none came. */
  readonly firstByteMs: Distribution | null;
  /** Time that the server says it worked, ms; `null` if it does not say. */
  readonly serverMs: Distribution | null;
  /** What was offered, in an open loop; latencies then count from the moment due. Left out in a closed loop. */
  readonly offered?: OfferedLevel;
  /** Latency over time for a chart: moments and latencies in ms, at most 2,000 points. */
  readonly timeline: readonly { readonly atMs: number; readonly latencyMs: number }[];
  /** The same for the warm-up, what MSER-5 cut included: moments up to 0, at most 500 points. */
  readonly warmUpTimeline?: readonly { readonly atMs: number; readonly latencyMs: number }[];
  /**
   * Quantiles of the latency by their share, 0 to 1: every half percent and 20 to each decade of the tail. Left out where
   * `timeline` holds every latency.
   */
  readonly latencyQuantiles?: readonly { readonly share: number; readonly latencyMs: number }[];
}
