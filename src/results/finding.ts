import type { Estimate } from "../core/estimate.ts";
import type { FailureReason } from "../core/outcome.ts";
import type { ClientCpuEvidence, ClientLimitEvidence, TransferEvidence } from "./evidence/client_evidence.ts";
import type { DriftEvidence } from "./evidence/drift_evidence.ts";
import type { GpuClocksEvidence, GpuThrottledEvidence } from "./evidence/gpu_evidence.ts";
import type { GpuGrowthEvidence } from "./evidence/gpu_growth_evidence.ts";
import type {
  GpuComputeEvidence,
  GpuLoadEvidence,
  HostEvidence,
  ThrottledEvidence,
} from "./evidence/gpu_limit_evidence.ts";
import type { LevelShiftEvidence, WarmingUpEvidence } from "./evidence/level_shift_evidence.ts";
import type { QueueingEvidence, ServerShareEvidence } from "./evidence/server_evidence.ts";
import type { RateLimitEvidence } from "./evidence/rate_limit_evidence.ts";
import type { ResultKind } from "./kinds.ts";
import type { CacheCheck } from "./kinds/cache_check.ts";
import type { Severity } from "../core/severity.ts";
export type { GpuClock, GpuClocksEvidence, GpuThrottledEvidence } from "./evidence/gpu_evidence.ts";
export type { ClientCpuEvidence, ClientLimitEvidence, TransferEvidence } from "./evidence/client_evidence.ts";
export type { Efficiency, EfficiencyPoint } from "./evidence/efficiency.ts";
export type { LevelShiftEvidence, WarmingUpEvidence } from "./evidence/level_shift_evidence.ts";
export type { DriftEvidence, RepeatedMeasurement } from "./evidence/drift_evidence.ts";
export type {
  GpuComputeEvidence,
  GpuLoadEvidence,
  HostEvidence,
  IdleGpusEvidence,
  ThrottledEvidence,
} from "./evidence/gpu_limit_evidence.ts";
export type { RateLimitEvidence } from "./evidence/rate_limit_evidence.ts";
export type { LoadPoint } from "./evidence/load_point.ts";
export type { QueueingEvidence, ServerShareEvidence } from "./evidence/server_evidence.ts";
export type { GpuGrowthEvidence } from "./evidence/gpu_growth_evidence.ts";

/** What limits the server, as far as the results show; `unknown` means that they do not show it. */
export type BottleneckKind = Bottleneck["bottleneck"];

/** What is missing to tell the bottleneck. */
export type MissingEvidence =
  /** No request of any load test succeeded. */
  | "success"
  /** The server does not report its own time, or the basic test was not run. */
  | "server-time"
  /** The basic test ran with several requests outstanding, so that its latency holds waiting. */
  | "single-request-latency"
  /** Neither the scalability test nor the throughput test gave levels to compare. */
  | "sweep"
  /** Throughput still grew at the highest level of every sweep. */
  | "saturation"
  /** The server computes on a GPU, or is likely to, and nobody saw what that did. */
  | "gpu"
  /** Whether the server computes on a GPU is not known. */
  | "device";

/** What limits the server; a union on `bottleneck`. The first one found is the main one. */
export type Bottleneck =
  /** The generator of the load, not the server, set the numbers. */
  | { readonly code: "bottleneck"; readonly bottleneck: "client"; readonly evidence: ClientLimitEvidence }
  /** The server ran out of memory. */
  | {
    readonly code: "bottleneck";
    readonly bottleneck: "memory";
    readonly evidence: {
      readonly test: ResultKind;
      /** First level that failed for want of memory; `null` for a test without levels. */
      readonly level: number | string | null;
      /** The server's own words. */
      readonly message: string;
    };
  }
  /** Most of the latency passes in being moved, or, where that is not known, outside the server's own work. */
  | {
    readonly code: "bottleneck";
    readonly bottleneck: "transfer";
    readonly evidence: TransferEvidence | ServerShareEvidence;
  }
  /** A GPU is nearly always busy; of a server without one, it works for most of the latency and more load brings no more. */
  | {
    readonly code: "bottleneck";
    readonly bottleneck: "compute";
    readonly evidence: ServerShareEvidence | GpuComputeEvidence;
  }
  /** The GPU waits for the server's own work: Python, launches of kernels, copies. */
  | { readonly code: "bottleneck"; readonly bottleneck: "host"; readonly evidence: HostEvidence }
  /** The GPU runs below its clock for want of power or cooling. */
  | { readonly code: "bottleneck"; readonly bottleneck: "throttled"; readonly evidence: ThrottledEvidence }
  /** Past a concurrency, requests only wait. */
  | { readonly code: "bottleneck"; readonly bottleneck: "queueing"; readonly evidence: QueueingEvidence }
  /** Loading, not serving, is what costs. */
  | {
    readonly code: "bottleneck";
    readonly bottleneck: "cold-start";
    readonly evidence: { readonly overheadMs: Estimate; readonly coldMs: Estimate; readonly warmMs: Estimate };
  }
  /** The results do not show it. */
  | {
    readonly code: "bottleneck";
    readonly bottleneck: "unknown";
    readonly evidence: {
      /** What would have to be known; empty where the figures lie between the rules. */
      readonly missing: readonly MissingEvidence[];
      /** Server time as a share of latency, 0 to 1, or `null` if unknown. */
      readonly serverShare: number | null;
      /** What the GPUs did; left out where nobody saw it. */
      readonly gpu?: GpuLoadEvidence;
      /** Why nobody saw it, for people; left out where it was seen, or no reason is known. */
      readonly gpuAbsence?: string;
    };
  };

/** What a finding rests on; a union on `code`. Times ms, memory bytes, rates per second. */
export type Finding =
  & { readonly severity: Severity }
  & (
    | Bottleneck
    | {
      readonly code: "cold-start-overhead";
      readonly evidence: {
        readonly overheadMs: Estimate;
        readonly overheadPercent: Estimate | null;
        readonly thresholdMs: number;
      };
    }
    | {
      readonly code: "batch-plateau";
      readonly evidence: {
        readonly plateauBatchSize: number;
        readonly optimalBatchSize: number;
        /** Throughput at the optimum relative to batch 1. */
        readonly speedup: Estimate | null;
      };
    }
    | {
      readonly code: "rapid-degradation";
      readonly evidence: {
        readonly degradationPercent: Estimate;
        readonly thresholdPercent: number;
        /** Smallest concurrency that reaches the highest throughput. */
        readonly bestConcurrency: number;
        /** The fastest concurrency, which the degradation is measured against; left out where it is that. */
        readonly fastestConcurrency?: number;
        /** Highest concurrency measured. */
        readonly highestConcurrency: number;
        /** Cost of each pair by the Universal Scalability Law, or `null` where it was not fitted. */
        readonly kappa: Estimate | null;
      };
    }
    | {
      readonly code: "memory-growth";
      readonly evidence: {
        readonly bytesPerRequest: Estimate;
        readonly verdict: "growing" | "stable" | "cannot tell";
        readonly pValue: number | null;
        /** Requests that it was observed over. */
        readonly requests: number;
        /** Left out where the server uses no GPU, so that it goes without saying. */
        readonly of?: "host";
        /** Why the slope says nothing of the server; left out where it does. */
        readonly because?: string;
      };
    }
    | { readonly code: "gpu-memory-growth"; readonly evidence: GpuGrowthEvidence }
    | {
      readonly code: "fragmentation";
      readonly evidence: {
        readonly verdict: "detected" | "not detected" | "not observable";
        readonly counters: Readonly<Record<string, number>>;
      };
    }
    | {
      readonly code: "errors";
      readonly evidence: {
        readonly test: ResultKind;
        /** Requests of the levels that had failures. */
        readonly requests: number;
        readonly failed: number;
        /** Levels that had failures; empty for a test without levels. */
        readonly levels: readonly (number | string)[];
        readonly failuresByReason: Readonly<Partial<Record<FailureReason, number>>>;
        readonly failureExamples: Readonly<Partial<Record<FailureReason, string>>>;
      };
    }
    | { readonly code: "rate-limited"; readonly evidence: RateLimitEvidence }
    | {
      readonly code: "not-converged";
      readonly evidence: {
        readonly test: ResultKind;
        /** Levels that did not converge; empty for a test without levels. */
        readonly levels: readonly (number | string)[];
      };
    }
    | { readonly code: "client-limited"; readonly evidence: ClientLimitEvidence }
    | { readonly code: "client-cpu"; readonly evidence: ClientCpuEvidence }
    | {
      readonly code: "saturation";
      readonly evidence: {
        readonly test: ResultKind;
        /** Highest offered rate that the server kept up with, requests per second; `null` if there was none. */
        readonly sustainedPerSecond: number | null;
        /** Lowest offered rate that it did not keep up with, requests per second. */
        readonly saturatedPerSecond: number;
        /** True where the client was the limit at that rate: the server may keep up with it. Left out where it was not. */
        readonly clientLimited?: true;
      };
    }
    | { readonly code: "gpu-throttled"; readonly evidence: GpuThrottledEvidence }
    | { readonly code: "gpu-clocks"; readonly evidence: GpuClocksEvidence }
    | { readonly code: "warming-up"; readonly evidence: WarmingUpEvidence }
    | { readonly code: "level-shift"; readonly evidence: LevelShiftEvidence }
    | { readonly code: "drift"; readonly evidence: DriftEvidence }
    | { readonly code: "response-cache"; readonly evidence: CacheCheck }
    | {
      readonly code: "littles-law";
      readonly evidence: { readonly levels: readonly { readonly concurrency: number; readonly ratio: number }[] };
    }
  );
