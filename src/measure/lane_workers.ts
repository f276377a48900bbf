import type { EncodeOptions } from "../core/protocol.ts";
import type { AnyRun, Issue } from "../load/run_load.ts";
import type { RunPlan } from "../load/run_plan.ts";
import type { ClientFigures } from "../observe/client_monitor.ts";
import type { Load } from "../results/window/load.ts";

/** A run that threads shared. */
export interface WorkersRun {
  /** What was recorded, of all threads. */
  readonly run: AnyRun;
  /** What each of them saw of itself. */
  readonly clients: readonly ClientFigures[];
  /** Requests that they sent once more; none where this thread sent. */
  readonly resentRequests: number;
  /** What stood out to them so far, one sentence each. */
  readonly notes: readonly string[];
}

/** What threads need to know of a load besides what can be handed to them. */
export interface WorkersLoad {
  readonly load: Load;
  readonly issue: Issue;
  /** Longest window, ms: a ramp takes so long. */
  readonly durationMs: number;
  readonly seed: number;
  /** Whether the same requests are sent again and again. */
  readonly repeat: boolean;
  /** Whether nothing is sent while the server asks for that. */
  readonly respectRetryAfter: boolean;
  /** What is written into the first item of the run. */
  readonly origin: number;
  /** How each batch is encoded. */
  readonly encodeOptions: EncodeOptions;
  /** Moments of a recorded trace, ms. */
  readonly traceMs?: readonly number[];
}

/** Threads that send requests beside this one. */
export interface LaneWorkers {
  /** How many send; where it is 1, this thread does. */
  readonly count: number;
  /** How many may come to send: who numbers requests leaves room for so many beside this thread. */
  readonly most: number;
  /**
   * Has more of them send, where they may be as many as it takes and one was found to be busy.
   *
   * @returns Whether more send from now on.
   * @throws {TargetError} If one of them cannot connect: none of them sends, and no more are tried.
   */
  widen(): Promise<boolean>;
  /**
   * Runs a load, spread over the threads.
   *
   * @param what What is offered.
   * @param plan What to send and when to stop.
   */
  run(what: WorkersLoad, plan: RunPlan): Promise<WorkersRun>;
}
