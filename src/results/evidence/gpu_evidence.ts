import type { ResultKind } from "../kinds.ts";
import type { ThrottleReason } from "../window/gpu_use.ts";

/** Windows of a test in which a GPU ran slower than it could have. */
export interface GpuThrottledEvidence {
  /** The test. */
  readonly test: ResultKind;
  /** Levels in which it did; empty for a test without levels. */
  readonly levels: readonly (number | string)[];
  /** Share of time in the window in which it did most, 0 to 1. */
  readonly share: number;
  /** Every reason that held for much of the time in one of them. */
  readonly reasons: readonly ThrottleReason[];
}

/** Levels of a test whose GPUs ran at different clocks. */
export interface GpuClocksEvidence {
  /** The test. */
  readonly test: ResultKind;
  /** The level at the lowest mean clock of the multiprocessors. */
  readonly slowest: GpuClock;
  /** The level at the highest. */
  readonly fastest: GpuClock;
}

/** The clock at one level. */
export interface GpuClock {
  /** The level; `null` for a test without levels. */
  readonly level: number | string | null;
  /** Mean clock of the multiprocessors, MHz. */
  readonly smClockMhz: number;
}
