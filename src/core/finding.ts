import type { Estimate } from "./estimate.ts";
import type { FailureReason } from "./outcome.ts";
import type { TestKind } from "./result.ts";

/** How much it matters. */
export type Severity = "info" | "warning" | "critical";

/** What limits the server, as far as the results show. */
export type BottleneckKind =
  | "client"
  | "queueing"
  | "compute"
  | "transfer"
  | "memory"
  | "cold-start"
  | "unknown";

/** What a finding rests on; a union on `code`. Times ms, memory bytes, rates per second. */
export type Finding =
  & { readonly severity: Severity }
  & (
    | {
      readonly code: "bottleneck";
      readonly bottleneck: BottleneckKind;
      /** Figures by name that led to it, units in the names. */
      readonly evidence: Readonly<Record<string, number>>;
    }
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
      readonly evidence: { readonly plateauBatchSize: number; readonly optimalBatchSize: number };
    }
    | {
      readonly code: "rapid-degradation";
      readonly evidence: {
        readonly degradationPercent: Estimate;
        readonly thresholdPercent: number;
        readonly sigma: Estimate | null;
        readonly kappa: Estimate | null;
      };
    }
    | {
      readonly code: "memory-growth";
      readonly evidence: {
        readonly bytesPerRequest: Estimate;
        readonly verdict: "growing" | "stable" | "cannot tell";
        readonly pValue: number | null;
      };
    }
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
        readonly test: TestKind;
        readonly errorRate: Estimate;
        readonly failuresByReason: Readonly<Partial<Record<FailureReason, number>>>;
      };
    }
    | {
      readonly code: "not-converged";
      readonly evidence: { readonly test: TestKind; readonly levels: readonly number[] };
    }
    | {
      readonly code: "client-limited";
      readonly evidence: { readonly test: TestKind; readonly levels: readonly number[] };
    }
    | {
      readonly code: "littles-law";
      readonly evidence: { readonly levels: readonly { readonly concurrency: number; readonly ratio: number }[] };
    }
  );

/** What to do, with what it rests on; a union on `code`. */
export type Recommendation =
  & {
    /** Runners-up within noise: the same field at other levels. Empty where there are none. */
    readonly runnersUp: readonly number[];
  }
  & (
    | {
      readonly code: "batch-size";
      readonly batchSize: number;
      readonly evidence: { readonly predictionsPerSecond: Estimate; readonly speedup: Estimate | null };
    }
    | {
      readonly code: "concurrency";
      readonly concurrency: number;
      readonly evidence: { readonly requestsPerSecond: Estimate; readonly p95Ms: Estimate };
    }
    | {
      readonly code: "operating-point";
      readonly batchSize: number;
      readonly concurrency: number;
      readonly evidence: { readonly predictionsPerSecond: Estimate; readonly p95Ms: Estimate };
    }
    | { readonly code: "preload"; readonly evidence: { readonly overheadMs: Estimate } }
    | { readonly code: "no-preload-needed"; readonly evidence: { readonly overheadMs: Estimate } }
    | { readonly code: "batch-plateau"; readonly evidence: { readonly plateauBatchSize: number } }
    | { readonly code: "reduce-contention"; readonly evidence: { readonly degradationPercent: Estimate } }
    | { readonly code: "watch-leak"; readonly evidence: { readonly bytesPerRequest: Estimate } }
    | { readonly code: "reduce-fragmentation"; readonly evidence: Readonly<Record<string, number>> }
    | { readonly code: "no-fragmentation"; readonly evidence: Readonly<Record<string, number>> }
    | {
      readonly code: "fix-errors";
      readonly evidence: { readonly errorRate: Estimate; readonly test: TestKind };
    }
    | { readonly code: "stronger-client"; readonly evidence: Readonly<Record<string, number>> }
  );
