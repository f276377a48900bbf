import type { Distribution, Estimate } from "./estimate.ts";
import type { FailureReason } from "./outcome.ts";
import type { WorkerMemory } from "./protocol.ts";

/** The tests that give a result each; `comprehensive` is all of them. */
export const TEST_KINDS = ["basic", "latency", "throughput", "scalability", "memory"] as const;

/** One member of {@linkcode TEST_KINDS}. */
export type TestKind = typeof TEST_KINDS[number];

/**
 * Why a result holds less than it was asked for.
 *
 * - `interrupted`: the caller's signal ended it
 * - `target-lost`: the server stopped answering
 */
export type PartialReason = "interrupted" | "target-lost";

/** Why a field is `null`: its name (with `.` for nesting) and the reason, for people. */
export type Absences = Readonly<Record<string, string>>;

/** What every result has. */
export interface ResultBase {
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** How long it took in all, warm-up and drain included, ms. */
  readonly elapsedMs: number;
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  /** Why fields of this result are `null`. */
  readonly absences: Absences;
  /** How the client fared while it measured. */
  readonly client: ClientCheck;
  /** What stopping at the wanted precision saved; left out where nothing was stopped by precision. */
  readonly stopping?: {
    /** Length of the windows that ended by precision or at their bound, ms. */
    readonly windowsMs: number;
    /** Length that they would have had at their bounds, as a tool with fixed durations measures, ms. */
    readonly fixedMs: number;
  };
}

/** What the client saw of itself while it measured. */
export interface ClientCheck {
  /** Mean CPU time of this process per finished request, ms, or `null` where nothing was sent. */
  readonly cpuMsPerRequest: number | null;
  /** Share of one core that this process used, 0 to 1 and above; `null` where it could not be read. */
  readonly cpuShare: number | null;
  /** 99th percentile of how late a timer fired, ms; `null` where nothing ran long enough. */
  readonly eventLoopLagP99Ms: number | null;
  /**
   * Requests per second that this client reaches against a null server, the lowest of the batch sizes that were sent;
   * `null` if not measured.
   */
  readonly ceilingPerSecond: number | null;
  /** True if the client, not the server, may have set the numbers: over half of the ceiling, or one core in use. */
  readonly limited: boolean;
}

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

/** One cold cycle: unload, verified absence, load, first inference. */
export interface ColdSample {
  /** Time to unload and to see that the model is gone, ms. */
  readonly unloadMs: number;
  /** Time of the load call, ms; `null` where the server loads on the first request. */
  readonly loadMs: number | null;
  /** Latency of the first inference after the load, ms. */
  readonly firstInferenceMs: number;
  /** Load and first inference, ms. */
  readonly totalMs: number;
  /** What showed that the model was gone, for people. */
  readonly evidence: string;
}

/** Cold starts against warm ones. */
export interface LatencyResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "latency";
  /** `null` if no cold start could be had; `absences.cold` says why. */
  readonly cold: {
    /** Cold cycles in the order in which they ran. */
    readonly samples: readonly ColdSample[];
    /** Load and first inference, ms, bootstrap intervals. */
    readonly totalMs: Distribution;
  } | null;
  /** Requests to the loaded model, one at a time. */
  readonly warm: {
    /** Latency of single requests one at a time, ms; `null` if none succeeded. */
    readonly latencyMs: Distribution | null;
    /** Counts of the warm window. */
    readonly counts: Counts;
    /** Whether the intervals reached the wanted precision. */
    readonly converged: boolean;
    /** The server's own time; `null` where it is not known, with the reason in `absences.server`. */
    readonly server?: ServerTime | null;
  };
  /** Cold mean less warm mean, ms. */
  readonly overheadMs: Estimate | null;
  /** The same in percent of the warm mean. */
  readonly overheadPercent: Estimate | null;
  /** Latency of the k-th inference after a load, ms, median over the cold cycles; [0] is the first inference. */
  readonly warmUpCurveMs: readonly number[] | null;
}

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

/** One concurrency of a scalability test. */
export interface ScalabilityLevel extends LevelMeasurement {
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** X(n) / (n X(1)); `null` if either is missing. */
  readonly efficiency: Estimate | null;
  /** n / (X times mean latency): 1 by Little's law; `null` if nothing succeeded. */
  readonly littlesLawRatio: number | null;
}

/** Universal Scalability Law (N. Gunther): X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)). */
export interface UslFit {
  /** Throughput of one client, requests per second. */
  readonly lambda: Estimate;
  /** Contention: the serial share. */
  readonly sigma: Estimate;
  /** Coherency: the cost of each pair. */
  readonly kappa: Estimate;
  /** Concurrency of the highest throughput, sqrt((1 - sigma) / kappa); `null` where it grows without end. */
  readonly peakConcurrency: number | null;
  /** Coefficient of determination, 0 to 1. */
  readonly rSquared: number;
}

/** What a figure of a curve is, in a 95 % interval. */
export interface CurveInterval {
  /** Lower end, concurrency. */
  readonly low: number;
  /** Upper end, concurrency; `null` where the curve may have none. */
  readonly high: number | null;
}

/** Requests per second over concurrency. */
export interface ScalabilityResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "scalability";
  /** Items per request. */
  readonly batchSize: number;
  /** Ascending by concurrency. */
  readonly levels: readonly ScalabilityLevel[];
  /** The smallest concurrency whose interval overlaps the best's, errors under 1 %; `null` if there is none. */
  readonly optimalConcurrency: number | null;
  /** All levels whose interval overlaps the best's, ascending. */
  readonly equivalentConcurrencies: readonly number[];
  /** 100 (1 - X(highest level) / max X). */
  readonly degradationPercent: Estimate | null;
  /** `null` where it was refused; `absences.usl` says why. */
  readonly usl: UslFit | null;
  /** Knee of the curve (Kneedle); `null` if there is none. */
  readonly kneeConcurrency: number | null;
  /** Interval of `usl.peakConcurrency` (parametric bootstrap); `null` where it cannot be given. */
  readonly peakInterval?: CurveInterval | null;
  /** Interval of the knee (parametric bootstrap); `null` where it cannot be given. */
  readonly kneeInterval?: CurveInterval | null;
}

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

/** Recommended batch size and concurrency, measured together. */
export interface OperatingPoint extends LevelMeasurement {
  /** Items per request. */
  readonly batchSize: number;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
}

/** One offered rate of a load test. Requests count by the moment at which they were due. */
export interface OfferedLevel extends Counts {
  /** Rate that was offered, requests per second: those due in the window by its length. */
  readonly offeredPerSecond: number;
  /** Requests that were due in the window. */
  readonly due: number;
  /** Those that were given up: not answered some seconds after the window. */
  readonly unanswered: number;
  /** Length of the window, ms. */
  readonly durationMs: number;
  /** Successes per second that ended inside the window; `null` if none did. */
  readonly achievedPerSecond: Estimate | null;
  /** Latency of successes from the moment they were due, ms; `null` if none succeeded. */
  readonly latencyMs: Distribution | null;
  /** The same from the moment they were sent, ms: what the server took. */
  readonly serviceMs: Distribution | null;
  /** How late requests were sent, ms. */
  readonly latenessMs: Distribution | null;
  /** Failed share of requests, unanswered ones among them, 0 to 1; `null` if none was due. */
  readonly errorRate: Estimate | null;
  /** How fast the number of unanswered requests grew, per second; `null` where the window was too short. */
  readonly backlogGrowthPerSecond: Estimate | null;
  /** True if the server did not keep up: latencies then grow with the length of the window. */
  readonly saturated: boolean;
  /** Whether the interval of the p95 latency is within 10 %. */
  readonly converged: boolean;
  /** True if the client may have set the numbers. */
  readonly clientLimited: boolean;
}

/** One trial of a capacity search. */
export interface CapacityProbe {
  /** What was tried: requests per second, or requests outstanding. */
  readonly level: number;
  /** Whether the objectives held; `unclear` where an interval straddles a limit even after a second run. */
  readonly verdict: "met" | "missed" | "unclear";
  /** Each objective with what was found, for people. */
  readonly evidence: readonly string[];
  /** Runs that it rests on. */
  readonly runs: number;
}

/** The highest level that holds the objectives. */
export interface CapacitySearch {
  /** Highest level that met them; `null` if none did. */
  readonly highest: number | null;
  /** Lowest level above it that did not; `null` if every level met them. */
  readonly lowestMissed: number | null;
  /** Why the search ended: it closed in, no level met the objectives, or all did up to the bound of the client. */
  readonly ended: "found" | "never met" | "always met" | "stopped early";
  /** Trials in the order in which they ran. */
  readonly probes: readonly CapacityProbe[];
}

/** How the server does at given arrival rates (open loop). */
export interface LoadResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "load";
  /** How requests arrive: `constant`, `poisson`, `bursts of 10`, ... */
  readonly arrivals: string;
  /** Items per request. */
  readonly batchSize: number;
  /** Ascending by offered rate. */
  readonly levels: readonly OfferedLevel[];
  /** Highest offered rate that the server kept up with; `null` if there was none. */
  readonly sustainedPerSecond: number | null;
  /** Lowest offered rate that it did not keep up with; `null` if there was none. */
  readonly saturatedPerSecond: number | null;
  /** With objectives: the capacity under them. */
  readonly capacity: {
    /** As given: `p99<100ms,errors<1%`. */
    readonly objectives: string;
    /** Highest arrival rate, requests per second. */
    readonly rate: CapacitySearch;
    /** Highest concurrency of a closed loop. */
    readonly concurrency: CapacitySearch;
    /** Successes per second that met the latency objectives at the highest rate (goodput); `null` if none did. */
    readonly goodputPerSecond: number | null;
  } | null;
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
