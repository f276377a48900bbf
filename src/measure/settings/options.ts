import type { InputSpec } from "../../core/model_input.ts";
import type { RequestParameters } from "../../core/request/parameters.ts";
import type { TokenCounter } from "../../core/stream/token_counter.ts";
import type { OnProgress } from "../../results/progress.ts";
import type { Target } from "../../core/target.ts";
import type { Absent } from "../../observe/absent.ts";
import type { ServerGpus } from "../../observe/gpu/server_gpus.ts";
import type { Clock } from "../../core/clock.ts";
import type { LaneWorkers } from "../lane_workers.ts";
import type { SampleLog } from "../sample_log.ts";

/** Options of every test. */
export interface TestOptions {
  /** Ends the test early; what was measured is returned with `partial: "interrupted"`. */
  readonly signal?: AbortSignal;
  /** Is told how far the test is. */
  readonly onProgress?: OnProgress;
  /** Seed of everything random: inputs, order of levels, resampling. @default {1} */
  readonly seed?: number;
  /**
   * Ends also what goes on after `signal`: what puts the server back as it was found.
   * @default {it is put back, within seconds or as long as its loads took}
   */
  readonly haltSignal?: AbortSignal;
  /** Deadline of one request, and of each question to the server, ms. @default {30000} */
  readonly timeoutMs?: number;
  /** Longest time to wait for a model to load, to be registered or to be gone, ms. @default {120000; a download 600 s} */
  readonly loadTimeoutMs?: number;
  /** Shorter minimum times, fewer levels and cold starts: a first look. @default {false} */
  readonly quick?: boolean;
  /** Items to send. @default {made from what the server says of the model} */
  readonly inputs?: InputSpec;
  /**
   * Whether the same requests are sent again and again. Without it every request differs from every other of the run in a few
   * elements or words, so that no cache answers for the model. @default {false}
   */
  readonly repeatInputs?: boolean;
  /** Scheduling priority for servers that have one. */
  readonly priority?: number;
  /** Parameters of every request, for protocols that have them (KServe v2). */
  readonly parameters?: RequestParameters;
  /** Requests in a sequence of a stateful model: each connection sends one sequence after another. @default {20} */
  readonly sequenceLength?: number;
  /** Whether the model is stateful where its server does not say so. @default {what the model's configuration says} */
  readonly sequence?: boolean;
  /**
   * Where the metrics of the server's GPUs are: of a DCGM exporter, or of Triton. Name and password in it are sent there alone.
   * In an A/B test they are the GPUs of both servers. @default {this machine's GPUs, where the server runs on it}
   */
  readonly gpuMetricsUrl?: string;
  /**
   * GPUs of the server, by number or by UUID or its beginning.
   * @default {those that its processes use; from elsewhere all}
   */
  readonly gpuDevices?: readonly (number | string)[];
  /** Whether more is sent than the caps allow: of connections, of requests per second, of bytes on their way. @default {false} */
  readonly heavyLoad?: boolean;
  /** Whether nothing is sent for as long as a 429 or 503 asks for (Retry-After), at most a minute at a time. @default {false} */
  readonly respectRetryAfter?: boolean;
  /** Whether null results count as predictions. @default {false} */
  readonly allowNullResults?: boolean;
  /** Requests before each level's window. @default {the concurrency, at least 10; for basic at a rate those of a second, at least 10; load those of a second, at least 10, none before a ramp or a trace; ab the concurrency} */
  readonly warmUpRequests?: number;
  /** Is told every attempt of a window. @default {nobody is} */
  readonly sampleLog?: SampleLog;
  /** Counts tokens where the server counts none, after each window. @default {they are not counted then} */
  readonly tokenCounter?: TokenCounter;
  /**
   * Threads that send instead of this one; the command starts them. @default {this one sends}
   *
   * @internal
   */
  readonly workers?: LaneWorkers;
  /**
   * Opens a way to read the GPUs of the target's server, once a run. @default {those of this machine, in real time}
   *
   * @internal
   */
  readonly openGpus?: (target: Target) => Promise<ServerGpus | Absent>;
  /** Source of time. @default {systemClock} */
  readonly clock?: Clock;
}

/** Options that bound a level. */
export interface LevelOptions extends TestOptions {
  /**
   * Longest time of one level, ms.
   * @default {8000, 1200 with quick; load 5000, 1500 with quick; prompts 8000, 5000 with quick; comprehensive 4000; for basic at a rate as for load; ab half a second a visit}
   */
  readonly durationMs?: number;
  /** What each request must keep to count for goodput: `ttft<300ms,tpot<40ms`. @default {no goodput is told} */
  readonly goodput?: string;
  /** End a level after this many requests instead of by precision; at a rate when so many are due on the mean. */
  readonly requests?: number;
}

/** How requests arrive in an open loop. */
export interface ArrivalOptions {
  /** `constant`: one every 1/rate; `poisson`: independently, as from many users. @default {"poisson"} */
  readonly arrivals?: "constant" | "poisson";
  /** Requests that arrive at once, the mean rate kept; only with constant arrivals. @default {1} */
  readonly burst?: number;
  /** Most connections; requests that are due beyond wait in the client, and their latency counts on. @default {512} */
  readonly maxConnections?: number;
}

/** Options of the basic test. */
export interface BasicOptions extends LevelOptions, ArrivalOptions {
  /** Requests per second of an open loop, instead of a closed loop at `concurrency`. @default {a closed loop} */
  readonly ratePerSecond?: number;
  /** Requests outstanding at any time. @default {1} */
  readonly concurrency?: number;
  /** Items per request. @default {1} */
  readonly batchSize?: number;
  /** Whether repeated requests are compared with new ones, to tell a response cache. @default {comprehensive does} */
  readonly cacheCheck?: boolean;
}

/** Options of the latency test. */
export interface LatencyOptions extends LevelOptions {
  /** Cold cycles after a first one that stands apart, and starts of a server that is started. @default {5, 3 with quick} */
  readonly coldStarts?: number;
  /** Items per request. @default {1} */
  readonly batchSize?: number;
  /** Inferences timed after each first one, for the warm-up curve. @default {10} */
  readonly followUps?: number;
  /** Never unload the model: no cold cycles, and no memory without it. @default {false} */
  readonly noUnload?: boolean;
}

/** Options of the throughput test. */
export interface ThroughputOptions extends LevelOptions {
  /** Batch sizes. @default {[1, 2, 4, 8, 16, 32], [1, 4, 16] with quick} */
  readonly batchSizes?: readonly number[];
  /** Requests outstanding at any time; of a server that makes batches itself, batches. @default {1} */
  readonly concurrency?: number;
  /**
   * Longest that a server which makes batches itself may wait for one to fill, ms.
   * @default {what the model is registered with}
   */
  readonly maxBatchDelayMs?: number;
  /** Never have the server take the model up anew: it then makes no batches itself. @default {false} */
  readonly noUnload?: boolean;
  /** Visit every level twice, also one that can no longer be the optimum. @default {a sweep alone does} */
  readonly full?: boolean;
}

/** Options of the scalability test. */
export interface ScalabilityOptions extends LevelOptions {
  /** Concurrency levels. @default {[1, 2, 4, 8, 16, 32], [1, 2, 4, 8] with quick} */
  readonly levels?: readonly number[];
  /** Items per request. @default {1} */
  readonly batchSize?: number;
  /** Visit every level twice, also one that can no longer be the optimum. @default {a sweep alone does} */
  readonly full?: boolean;
}

/** Options of the prompts test. */
export interface PromptsOptions extends LevelOptions {
  /** Words of the prompts to compare. @default {[32, 64, 128, 256, 512], [32, 128, 512] with quick} */
  readonly promptLengths?: readonly number[];
  /** Answers that are written at any time. @default {1} */
  readonly concurrency?: number;
}

/** Options of the memory test. */
export interface MemoryOptions extends Omit<LevelOptions, "durationMs" | "requests"> {
  /** Process id of the server on this host, or of each of its trees. @default {the one that listens on the server's port} */
  readonly pid?: number | readonly number[];
  /** Items per request of all other phases. @default {1} */
  readonly batchSize?: number;
  /** Batch sizes of the phase `batches`. @default {[1, 4, 16]} */
  readonly batchSizes?: readonly number[];
  /** Concurrency of the phases `concurrent` and `soak`. @default {4} */
  readonly concurrency?: number;
  /** Length of the steady soak, ms. @default {8000, 2000 with quick} */
  readonly soakMs?: number;
  /** Cycles of load, inferences and unload that are looked at for what they leave behind. @default {5, 0 with quick} */
  readonly cycles?: number;
  /** Never unload the model: no cold cycles, and no memory without it. @default {false} */
  readonly noUnload?: boolean;
}

/** Options of the load test. */
export interface LoadOptions extends LevelOptions, ArrivalOptions {
  /** Arrival rates to offer, requests per second. @default {steps up to saturation} */
  readonly rates?: readonly number[];
  /** Rates between which one window ramps linearly, instead of `rates`. */
  readonly ramp?: { readonly fromPerSecond: number; readonly toPerSecond: number };
  /** Moments of a recorded trace, ascending, ms, instead of `rates`. */
  readonly traceMs?: readonly number[];
  /** Objectives to find the capacity under: `p99<100ms,errors<1%`. */
  readonly objectives?: string;
  /** Items per request. @default {1} */
  readonly batchSize?: number;
}

/** Options of the A/B test. */
export interface AbOptions extends LevelOptions {
  /** Requests outstanding at any time. @default {1} */
  readonly concurrency?: number;
  /** Items per request. @default {1} */
  readonly batchSize?: number;
  /** Blocks of four visits, each server twice. @default {10, 6 with quick} */
  readonly blocks?: number;
}

/** Options of the comprehensive test: those of all tests. */
export interface ComprehensiveOptions
  extends BasicOptions, LatencyOptions, ThroughputOptions, ScalabilityOptions, PromptsOptions, MemoryOptions {}
