import type { BasicResult } from "./basic.ts";
import type { LatencyResult } from "./latency.ts";
import type { LevelMeasurement } from "./window.ts";
import type { LoadResult } from "./load.ts";
import type { MemoryResult } from "./memory.ts";
import type { ScalabilityResult } from "./scalability.ts";
import type { ThroughputResult } from "./throughput.ts";

export type * from "./result_base.ts";
export { TEST_KINDS } from "./result_base.ts";
export type * from "./window.ts";
export type * from "./basic.ts";
export type * from "./latency.ts";
export type * from "./throughput.ts";
export type * from "./scalability.ts";
export type * from "./memory.ts";
export { MEMORY_PHASES } from "./memory.ts";
export type * from "./load.ts";

/** Recommended batch size and concurrency, measured together. */
export interface OperatingPoint extends LevelMeasurement {
  /** Items per request. */
  readonly batchSize: number;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
}

/** Results by test; one that was not asked for is absent. */
export interface TestResults {
  /** One closed-loop run. */
  readonly basic?: BasicResult;
  /** Cold starts against warm ones. */
  readonly latency?: LatencyResult;
  /** Predictions per second over batch sizes. */
  readonly throughput?: ThroughputResult;
  /** Requests per second over concurrency. */
  readonly scalability?: ScalabilityResult;
  /** The server's memory through the life of a model. */
  readonly memory?: MemoryResult;
  /** How the server does at given arrival rates. */
  readonly load?: LoadResult;
  /** Points measured to confirm the joint recommendation, best first. */
  readonly operatingPoints?: readonly OperatingPoint[];
}

/** The result of any one test, by `kind`. */
export type TestResult =
  | BasicResult
  | LatencyResult
  | ThroughputResult
  | ScalabilityResult
  | MemoryResult
  | LoadResult;
