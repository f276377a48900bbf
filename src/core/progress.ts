import type { TestKind } from "./result.ts";

/** One step of a long call, for a progress bar or a live chart. */
export interface Progress {
  /** The test that is running. */
  readonly test: TestKind | "operating-points";
  /** What it does now, a few words: `batch 8, pass 1`. */
  readonly stage: string;
  /** Part of this test that is done, 0 to 1, never falling. */
  readonly fraction: number;
}

/** Receives progress; called at most a few times a second. */
export type OnProgress = (progress: Progress) => void;
