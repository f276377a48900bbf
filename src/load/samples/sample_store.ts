import { type SampleRow, SampleTable } from "../../core/sample.ts";

/** A run keeps so many samples in full; what comes after is folded, where the plan says how. */
export const KEPT_SAMPLES = 2 ** 16;

/** Samples are folded so many at a time: some 0.3 ms of work. */
const BLOCK_SAMPLES = 1024;

/** Takes in samples that a run does not keep. */
export interface SampleFold {
  /**
   * Takes in samples of the window, in the order in which they ended.
   *
   * @param samples Are overwritten afterwards.
   * @param windowStartMs When the window began, ms since the run began.
   * @param inside Whether they ended inside the window, or after it.
   */
  fold(samples: SampleTable, windowStartMs: number, inside: boolean): void;
}

/** The samples of a run: the first ones in full, of later ones only what the fold makes of them. */
export class SampleStore {
  /** The first ones. */
  readonly kept: SampleTable = new SampleTable();
  /** How many were recorded. */
  recorded: number = 0;
  /** When the last one ended, ms since the run began. */
  lastEndedMs: number = 0;
  readonly #block = new SampleTable();
  readonly #fold: SampleFold | undefined;
  readonly #most: number;

  /**
   * @param fold What becomes of later samples; without it all are kept.
   * @param most Most samples that are kept then. @default {KEPT_SAMPLES}
   */
  constructor(fold: SampleFold | undefined, most: number = KEPT_SAMPLES) {
    this.#fold = fold;
    this.#most = fold === undefined ? Infinity : most;
  }

  /**
   * Records one attempt.
   *
   * @param row What is copied.
   * @returns Whether what is not kept must be folded before the next one.
   */
  record(row: SampleRow): boolean {
    this.recorded++;
    this.lastEndedMs = row.endedAt;
    if (this.kept.length < this.#most) {
      this.kept.record(row);
      return false;
    }
    this.#block.record(row);
    return this.#block.length === BLOCK_SAMPLES;
  }

  /**
   * Folds what is not kept.
   *
   * @param windowStartMs When the window began, ms since the run began; `null` if it has not: such samples are dropped.
   * @param inside Whether they ended inside the window.
   */
  fold(windowStartMs: number | null, inside: boolean): void {
    if (this.#block.length === 0) return;
    if (windowStartMs !== null) this.#fold!.fold(this.#block, windowStartMs, inside);
    this.#block.clear();
  }
}
