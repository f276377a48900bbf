import type { Distribution, Estimate } from "../core/estimate.ts";
import type { Counts, ServerTime } from "./window.ts";
import type { ResultBase } from "./result_base.ts";

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
