import type { ServerTimings } from "../../core/protocol.ts";
import type { ResultKind } from "../../results/kinds.ts";
import type { ClientCheck } from "../../results/result_base.ts";
import type { Load } from "../../results/window/load.ts";
import type { FoldedRun } from "./window_series.ts";

/** One visit to a load: a run, and whether the client kept up. */
export interface Visit {
  /** The test that made it. */
  readonly by: ResultKind;
  /** What was offered. */
  readonly load: Load;
  /** When its run began, ms since the first test of the run began. */
  readonly atMs: number;
  /** What was recorded. */
  readonly run: FoldedRun;
  /** How the client fared in it. */
  readonly client: ClientCheck;
  /** What the server counted in the window, or why that is not known. */
  readonly server: ServerTimings | string;
}
