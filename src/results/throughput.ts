import type { Estimate } from "../core/estimate.ts";
import type { LevelMeasurement } from "./window.ts";
import type { ResultBase } from "./result_base.ts";

/** One batch size of a throughput test. */
export interface ThroughputLevel extends LevelMeasurement {
  /** Items per request. */
  readonly batchSize: number;
  /** Predictions per second for each second of mean latency; `null` if nothing succeeded. */
  readonly efficiency: Estimate | null;
  /** Predictions per second relative to batch 1; `null` if either is missing. */
  readonly speedup: Estimate | null;
}

/** Predictions per second over batch sizes. */
export interface ThroughputResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "throughput";
  /** Requests outstanding at any time; where the server makes batches, batches. */
  readonly concurrency: number;
  /** `server` where single requests were sent, as many at once, and the server made the batches; else left out. */
  readonly batching?: "server";
  /** Ascending by batch size. */
  readonly levels: readonly ThroughputLevel[];
  /** The smallest batch whose interval overlaps the best's; `null` if nothing succeeded. */
  readonly optimalBatchSize: number | null;
  /** All batches whose interval overlaps the best's, ascending. */
  readonly equivalentBatchSizes: readonly number[];
  /** Predictions per second of the best level. */
  readonly maxPredictionsPerSecond: Estimate | null;
  /** First size whose gain over the one before is under 5 %; `null` if there is none. */
  readonly plateauBatchSize: number | null;
}
