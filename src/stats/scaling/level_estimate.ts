import type { Estimate } from "../../core/estimate.ts";

/** What was measured at one level of a sweep. */
export interface LevelEstimate {
  /** Batch size or concurrency. */
  readonly level: number;
  /** The rate at it; more is better. */
  readonly estimate: Estimate;
}
