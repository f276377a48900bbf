import type { WorkerMemory } from "../core/protocol.ts";
import type { Estimate } from "../core/estimate.ts";
import type { ResultBase } from "./result_base.ts";

/** Memory of the server at one moment; GPU `null` where not measured. */
export interface MemoryPoint {
  /** Host memory, bytes. */
  readonly cpuBytes: number;
  /** Accelerator memory, bytes. */
  readonly gpuBytes: number | null;
}

/** Phases of a memory test in their order. */
export const MEMORY_PHASES = ["absent", "loaded", "single", "batches", "concurrent", "soak", "unloaded"] as const;

/** One member of {@linkcode MEMORY_PHASES}. */
export type MemoryPhaseName = typeof MEMORY_PHASES[number];

/** Memory of one phase: the median of its settled samples. */
export interface MemoryPhase extends MemoryPoint {
  /** Which phase. */
  readonly name: MemoryPhaseName;
  /** Highest sample of the phase, bytes. */
  readonly peakCpuBytes: number;
  /** When it began, ms since the test began. */
  readonly startMs: number;
  /** When it ended, ms since the test began. */
  readonly endMs: number;
  /** Samples that it rests on. */
  readonly n: number;
}

/** Where the memory figures come from. */
export interface MemoryScope {
  /**
   * `process-tree-pss` or `process-tree-rss`: the server's processes on this host; `server-metrics`: what it reports.
   */
  readonly source: "process-tree-pss" | "process-tree-rss" | "server-metrics";
  /** Process ids seen; empty for `server-metrics`. */
  readonly pids: readonly number[];
  /** Where the GPU figures come from: `per-process`, `per-device`, `server-metrics`; `null` without. */
  readonly gpuSource: "per-process" | "per-device" | "server-metrics" | null;
}

/** Memory of the server through the life of a model. */
export interface MemoryResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "memory";
  /** `null` where the server's memory is not observable; `absences.scope` says why. */
  readonly scope: MemoryScope | null;
  /** With the model absent; `null` if it could not be unloaded. */
  readonly baseline: MemoryPoint | null;
  /** Highest of the whole test. */
  readonly peak: MemoryPoint | null;
  /** Loaded less absent, bytes of host memory; `null` if either is missing. */
  readonly modelFootprintBytes: number | null;
  /** In their order; those that did not run are missing. */
  readonly phases: readonly MemoryPhase[];
  /** Of each worker process after the soak, bytes; left out where the server names none. */
  readonly workers?: readonly WorkerMemory[];
  /** Over the steady soak; `null` if it did not run. */
  readonly growth: {
    /** Theil-Sen slope, bytes per completed request. */
    readonly bytesPerRequest: Estimate;
    /** By the Mann-Kendall test. */
    readonly verdict: "growing" | "stable" | "cannot tell";
    /** Two-sided p-value of the Mann-Kendall test; `null` if too short. */
    readonly pValue: number | null;
    /** Requests of the soak. */
    readonly requests: number;
    /** About how many requests would tell, where this soak cannot; `null` where it can, or nobody knows. */
    readonly requestsNeeded?: number | null;
  } | null;
  /** What repeated loads and unloads leave behind; `null` where they did not run. */
  readonly cycles?: {
    /** Theil-Sen slope, bytes for each cycle of load, inferences and unload. */
    readonly bytesPerCycle: Estimate;
    /** By the Mann-Kendall test and a floor for what allocators keep. */
    readonly verdict: "growing" | "stable" | "cannot tell";
    /** Two-sided p-value of the Mann-Kendall test; `null` if too short. */
    readonly pValue: number | null;
    /** Memory after each unload, bytes, in order. */
    readonly afterUnloadBytes: readonly number[];
  } | null;
  /** Only from allocator counters. */
  readonly fragmentation: {
    /** What the counters show. */
    readonly verdict: "detected" | "not detected" | "not observable";
    /** Counters in bytes by name; empty where not observable. */
    readonly evidence: Readonly<Record<string, number>>;
  };
  /** Requests per second of the soak for each MB (2^20 bytes) of footprint; `null` without a footprint. */
  readonly requestsPerMb: number | null;
  /** Every sample: ms since the test began, completed requests of the soak at that moment (`null` outside it). */
  readonly timeline: readonly (MemoryPoint & { readonly atMs: number; readonly completedRequests: number | null })[];
}
