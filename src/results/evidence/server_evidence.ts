import type { Estimate } from "../../core/estimate.ts";

/** The server's own time against the latency that the client saw, one request at a time. */
export interface ServerShareEvidence {
  /** Mean latency, ms. */
  readonly latencyMs: Estimate;
  /** Mean time that the server says it worked, ms. */
  readonly serverMs: Estimate;
  /** Server time as a share of latency, 0 to 1. */
  readonly serverShare: number;
  /** Items per request. */
  readonly batchSize: number;
}

/** Throughput that stays while latency grows with concurrency. */
export interface QueueingEvidence {
  /** Smallest concurrency that reaches the highest throughput. */
  readonly saturationConcurrency: number;
  /** Highest concurrency that was measured and usable. */
  readonly highestConcurrency: number;
  /** Throughput at saturation, requests per second. */
  readonly requestsPerSecond: Estimate;
  /** Throughput at saturation relative to the lowest concurrency measured. */
  readonly throughputGain: number;
  /** The lowest concurrency measured; left out in results of before it was told. */
  readonly lowestConcurrency?: number;
  /** Mean latency at the highest concurrency relative to that at saturation. */
  readonly latencyGrowth: number;
  /** Serial share by the Universal Scalability Law, or `null` where it was not fitted. */
  readonly sigma: Estimate | null;
  /** Mean time in the server's queue at the highest concurrency, ms; left out where the server does not count it. */
  readonly queueMs?: number;
}
