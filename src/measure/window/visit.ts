import type { ServerTimings } from "../../core/protocol.ts";
import type { GpuRecord } from "../../observe/gpu/gpu_record.ts";
import type { ResultKind } from "../../results/kinds.ts";
import type { CeilingRate } from "../ceiling_rate.ts";
import type { Objective } from "../../results/objective.ts";
import type { VisitUse } from "./client_use.ts";
import type { Load } from "../../results/window/load.ts";
import type { FirstTokenReading } from "../streams/first_token_watch.ts";
import type { FoldedRun } from "./sample_window.ts";

/** One visit to a load: a run, and what the client saw of itself. */
export interface Visit extends Pick<VisitUse, "use"> {
  /** The test that made it. */
  readonly by: ResultKind;
  /** What was offered. */
  readonly load: Load;
  /** When its run began, ms since the first test of the run began. */
  readonly atMs: number;
  /** Requests that the run had sent before it; left out by versions that did not count them. */
  readonly requestsBefore?: number;
  /** What each of its requests is held against; left out where nothing was asked for. */
  readonly limits?: readonly Objective[];
  /** What was recorded. */
  readonly run: FoldedRun;
  /** Mean CPU time of the client per finished request, warm-up included, ms; `null` where nothing was sent. */
  readonly cpuMsPerRequest: number | null;
  /** What the client can do at most with such requests; `null` where that cannot be known. */
  readonly ceiling: CeilingRate | null;
  /** What the server counted in the window, or why that is not known. */
  readonly server: ServerTimings | string;
  /** The server's counters of first tokens, moments in ms since the run began; left out where it counts none. */
  readonly firstTokens?: readonly FirstTokenReading[];
  /** What the server's GPUs did in the window, or why that is not known; left out where nobody looked. */
  readonly gpu?: GpuRecord | string;
}
