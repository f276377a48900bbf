import type { ResultKind } from "../kinds.ts";
import type { LevelShift } from "../window/level_shift.ts";

/** A load whose latency changed for good, and the cause is not known. */
export interface LevelShiftEvidence extends LevelShift {
  /** The test that saw it. */
  readonly test: ResultKind;
}

/** The server was still warming up when a run began to measure. */
export interface WarmingUpEvidence extends LevelShiftEvidence {
  /** Warm-up requests that are enough. */
  readonly warmUpRequests: number;
  /** Tests with figures from that time; empty where all of it was left out and measured again. */
  readonly within: readonly ResultKind[];
}
