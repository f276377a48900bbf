import type { ServiceTime } from "./service_time.ts";
import type { StreamBehaviour } from "./streams/stream_behaviour.ts";

/** Everything that a calibration server does, as JSON: the same for the simulated one and for the real process. */
export interface ServerBehaviour {
  /** Time for one item of one request at a time. */
  readonly service: ServiceTime;
  /** Lag-1 autocorrelation of service times on the normal scale, 0 to below 1. @default {0} */
  readonly autocorrelation?: number;
  /** Runs of requests that take `factor` times as long, as many as of those that do not, of so many on the mean. @default {null} */
  readonly slowRuns?: { readonly factor: number; readonly requests: number } | null;
  /** Requests worked on at a time; the others wait in line. @default {null, any number} */
  readonly workers?: number | null;
  /** A batch of b takes (fixed + b) / (fixed + 1) of one item's time. @default {null, a batch costs as much as one item} */
  readonly batchFixedItems?: number | null;
  /** Batches above this size are split: a further one costs a whole one more. @default {null} */
  readonly largestBatch?: number | null;
  /** Contention and coherency of the Universal Scalability Law, lambda being 1000 / mean service time. @default {null} */
  readonly usl?: { readonly sigma: number; readonly kappa: number } | null;
  /** The first requests after a load take longer, falling linearly from `factor` to 1, or all `at-once`. @default {null} */
  readonly warmUp?: { readonly requests: number; readonly factor: number; readonly falls?: "at-once" } | null;
  /** From this request on, counted from 0, each takes `factor` times as long. @default {null} */
  readonly shift?: { readonly atRequest: number; readonly factor: number } | null;
  /** Replicas that take requests in turn, of which the first takes `factor` times as long. @default {null, one} */
  readonly replicas?: { readonly count: number; readonly factor: number } | null;
  /** Processes that take requests at random, each of which is slower by so much for its first. @default {null, one that is not} */
  readonly processes?: { readonly count: number; readonly firstMs: number } | null;
  /** How long a request takes whose bytes were seen before. @default {null, there is no cache} */
  readonly cacheHitMs?: number | null;
  /** What it tells of its own time, where that is not so: three times as much, always 5 ms, or of the request before. */
  readonly tells?: "too-much" | "constant" | "another" | null;
  /** Relative rise of service times per second since the start. @default {0} */
  readonly driftPerSecond?: number;
  /** From the arrival of a request on, counted from 0, nothing that arrives is worked on for a while. @default {null} */
  readonly stall?: { readonly atRequest: number; readonly durationMs: number } | null;
  /** Share of requests with a failed item. @default {0} */
  readonly failureRate?: number;
  /** A load and the first inference after it, on top of its service time. @default {null} */
  readonly cold?: {
    readonly loadMs: number;
    readonly firstMs: number;
    readonly variation: number;
    /** @default {"lognormal"} */
    readonly kind?: "lognormal" | "gamma";
    /** More time of the first load since the server's start, ms. @default {0} */
    readonly onceMs?: number;
  } | null;
  /** Whether an unload that was answered by success did happen. @default {true} */
  readonly honestUnload?: boolean;
  /** What the way to the server was seen to add to latencies, ms. The server ignores it; the truth counts it. @default {[0]} */
  readonly overheadsMs?: readonly number[];
  /** Requests under way as others came, these among them; ignored and counted alike. @default {all of a closed loop, always} */
  readonly outstandings?: readonly number[];
  /** Energy of its GPU; in virtual time alone. @default {null, there is none} */
  readonly energy?: EnergyBehaviour | null;
  /** Answers that stream, instead of those above; in virtual time alone. @default {null, they come whole} */
  readonly streams?: StreamBehaviour | null;
  /** Memory of the process. @default {null, not reported} */
  readonly memory?: MemoryBehaviour | null;
}

/** What the GPU of a calibration server takes. */
export interface EnergyBehaviour {
  /** Of each item, besides power at rest, J. */
  readonly joulesPerItem: number;
  /** Power at rest, W. */
  readonly idleWatts: number;
  /** Between two steps of its counter, ms; `null` if it has none. */
  readonly counterMs: number | null;
}

/** Memory of a calibration server, bytes. */
export interface MemoryBehaviour {
  /** Without the model. */
  readonly baseBytes: number;
  /** What the model takes. */
  readonly modelBytes: number;
  /** Never given back, per request. */
  readonly leakBytes: number;
  /** Taken from the system in steps of this size. @default {4096} */
  readonly stepBytes?: number;
  /** Garbage per request, collected when `garbageLimitBytes` have gathered. @default {0} */
  readonly garbageBytes?: number;
  /** See `garbageBytes`. @default {33554432} */
  readonly garbageLimitBytes?: number;
  /** A cache that fills up to `cacheBytes`, by 63 % after `cacheRequests`. @default {0} */
  readonly cacheBytes?: number;
  /** See `cacheBytes`. @default {1} */
  readonly cacheRequests?: number;
  /** Standard deviation of what pages come and go, as an autoregression of 0.8. @default {0} */
  readonly noiseBytes?: number;
  /** Memory of its GPU. @default {null, there is none} */
  readonly gpu?: GpuBehaviour | null;
  /** What a process that does so held in fact; ignored and counted alike. @default {what is meant} */
  readonly held?: readonly HeldMemory[];
}

/** What a process holds once its garbage was collected. */
export interface HeldMemory {
  /** When, ms of the clock of all processes. */
  readonly atMs: number;
  /** Requests answered until then. */
  readonly requests: number;
  /** Its memory, shared pages in proportion. */
  readonly bytes: number;
}

/** Memory that the process of a calibration server holds on a GPU, bytes. */
export interface GpuBehaviour {
  /** What the model takes. @default {137 MB} */
  readonly modelBytes?: number;
  /** Never given back, per request. @default {0} */
  readonly leakBytes?: number;
  /** What leaks and what fills is taken from the driver in segments of this size. @default {2 MB} */
  readonly segmentBytes?: number;
  /** A cache that takes so much, evenly over `cacheRequests`, and then no more. @default {0} */
  readonly cacheBytes?: number;
  /** See `cacheBytes`. @default {1} */
  readonly cacheRequests?: number;
  /** Most that a request holds while it is worked on. @default {10 MB} */
  readonly activationBytes?: number;
  /** Sizes in which requests come, at random; each holds its share of `activationBytes`. @default {1} */
  readonly shapes?: number;
  /** Share of requests that are of the largest size. @default {as many as of any other} */
  readonly rareShape?: number;
}
