import type { ResultKind } from "./kinds.ts";

/** One figure as soon as it is measured; a later one of the same label replaces it. */
export interface ProgressFigure {
  /** What it belongs to: `batch 8`. */
  readonly label: string;
  /** Its value so far. */
  readonly value: number;
  /** Unit of the value, for people: `predictions/s`. */
  readonly unit: string;
}

/** One step of a long call, for a progress bar or a live chart. */
export interface Progress {
  /** The test that is running. */
  readonly test: ResultKind;
  /** What it does now, a few words: `batch 8, pass 1`. */
  readonly stage: string;
  /** Part of this test that is done, 0 to 1, never falling. */
  readonly fraction: number;
  /** Says that the test waits for the server, and `stage` for how long; left out while it measures. */
  readonly waits?: true;
  /** What has just been measured; left out where nothing was. */
  readonly figure?: ProgressFigure;
}

/** Receives progress; called at most a few times a second. */
export type OnProgress = (progress: Progress) => void;
