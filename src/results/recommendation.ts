import type { Estimate } from "../core/estimate.ts";
import type { BusyMachine } from "./evidence/busy_machine.ts";
import type { ClientLimitEvidence } from "./evidence/client_evidence.ts";
import type { DriftEvidence } from "./evidence/drift_evidence.ts";
import type { Efficiency } from "./evidence/efficiency.ts";
import type { GpuGrowthEvidence } from "./evidence/gpu_growth_evidence.ts";
import type { HostEvidence, IdleGpusEvidence, ThrottledEvidence } from "./evidence/gpu_limit_evidence.ts";
import type { QueueingEvidence } from "./evidence/server_evidence.ts";
import type { RateLimitEvidence } from "./evidence/rate_limit_evidence.ts";
import type { StreamedEvidence } from "./evidence/streamed_evidence.ts";
import type { ResultKind } from "./kinds.ts";
import type { CacheCheck } from "./kinds/cache_check.ts";

export type { StreamedEvidence };

/** What to do, with what it rests on; a union on `code`. */
export type Recommendation =
  | {
    readonly code: "operating-point";
    readonly batchSize: number;
    readonly concurrency: number;
    /** Points within noise of it, measured together as well. */
    readonly runnersUp: readonly { readonly batchSize: number; readonly concurrency: number }[];
    readonly evidence: StreamedEvidence & {
      readonly predictionsPerSecond: Estimate;
      readonly requestsPerSecond: Estimate;
      readonly p95Ms: Estimate;
      /** `server` where it made the batches of single requests; else left out. */
      readonly batching?: "server";
      /** True where the client limited it: the server can do at least that. */
      readonly atLeast?: true;
    };
  }
  | {
    readonly code: "batch-size";
    readonly batchSize: number;
    /** Batch sizes within noise of it. */
    readonly runnersUp: readonly number[];
    readonly evidence: {
      readonly predictionsPerSecond: Estimate;
      readonly speedup: Estimate | null;
      /** Requests outstanding when it was measured. */
      readonly concurrency: number;
      /** True if no larger batch was measured. */
      readonly largestTried: boolean;
      /** `server` where it made the batches of single requests; else left out. */
      readonly batching?: "server";
      /** True where the client limited it: the server can do at least that. */
      readonly atLeast?: true;
    };
  }
  | {
    readonly code: "concurrency";
    readonly concurrency: number;
    /** Concurrencies within noise of it. */
    readonly runnersUp: readonly number[];
    readonly evidence: StreamedEvidence & {
      readonly requestsPerSecond: Estimate;
      readonly p95Ms: Estimate;
      /** Items per request when it was measured. */
      readonly batchSize: number;
      /** True if no higher concurrency was measured. */
      readonly highestTried: boolean;
      /** True where the client limited it: the server can do at least that. */
      readonly atLeast?: true;
    };
  }
  | { readonly code: "heed-limit"; readonly evidence: RateLimitEvidence }
  | { readonly code: "preload"; readonly evidence: { readonly overheadMs: Estimate; readonly thresholdMs: number } }
  | {
    readonly code: "no-preload-needed";
    readonly evidence: { readonly overheadMs: Estimate; readonly thresholdMs: number };
  }
  | {
    readonly code: "batch-plateau";
    readonly evidence: { readonly plateauBatchSize: number; readonly optimalBatchSize: number };
  }
  | {
    readonly code: "reduce-contention";
    readonly evidence: {
      readonly degradationPercent: Estimate;
      readonly bestConcurrency: number;
      /** The fastest, where that is another. */
      readonly fastestConcurrency?: number;
      readonly highestConcurrency: number;
      /** True where another concurrency is recommended, with batches; left out where none is. */
      readonly otherPoint?: boolean;
    };
  }
  | { readonly code: "scale-out"; readonly evidence: QueueingEvidence }
  /** The load with the least energy a prediction, where it is another than the fastest. */
  | { readonly code: "efficient-point"; readonly evidence: Efficiency }
  | { readonly code: "relieve-host"; readonly evidence: HostEvidence }
  | { readonly code: "unthrottle"; readonly evidence: ThrottledEvidence }
  | { readonly code: "use-idle-gpus"; readonly evidence: IdleGpusEvidence }
  | {
    readonly code: "watch-leak";
    readonly evidence: { readonly bytesPerRequest: Estimate; readonly requests: number };
  }
  | { readonly code: "watch-gpu-leak"; readonly evidence: GpuGrowthEvidence }
  | { readonly code: "reduce-fragmentation"; readonly evidence: Readonly<Record<string, number>> }
  | { readonly code: "no-fragmentation"; readonly evidence: Readonly<Record<string, number>> }
  | {
    readonly code: "fix-errors";
    readonly evidence: {
      readonly test: ResultKind;
      readonly requests: number;
      readonly failed: number;
      /** Levels whose requests these are; left out for a test without levels, and by versions that counted all. */
      readonly levels?: readonly (number | string)[];
      /** Those that a limit of the machine that measures kept from being sent, where there were any. */
      readonly byClient?: number;
    };
  }
  | { readonly code: "stronger-client"; readonly evidence: ClientLimitEvidence }
  /** Where other programs had more than all cores of the machine that measures: it may be strong enough without them. */
  | { readonly code: "quiet-client"; readonly evidence: ClientLimitEvidence & { readonly busy: BusyMachine } }
  | { readonly code: "repeat-run"; readonly evidence: DriftEvidence }
  /** What to make of a response cache, where there is one. */
  | { readonly code: "size-without-cache"; readonly evidence: CacheCheck };
