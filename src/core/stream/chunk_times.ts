/** Most moments that are kept of one answer: as many as a chart can show apart. */
export const MOST_TIMES = 256;

/** When the chunks of one answer came. Where there were too many, neighbours are one: that after the longest gap stands for them. */
export interface ChunkTimes {
  /** How many moments there are. */
  readonly length: number;
  /** Moments, ms since the run began, ascending; behind `length` they mean nothing. */
  readonly atMs: Float64Array;
  /** The gap before each, ms; 0 before the first. */
  readonly gapMs: Float64Array;
}

/** Takes down when chunks come, answer after answer, in memory that does not grow. */
export class ChunkClock implements ChunkTimes {
  /** Part of {@linkcode ChunkTimes}. */
  length: number = 0;
  /** Part of {@linkcode ChunkTimes}. */
  readonly atMs: Float64Array = new Float64Array(MOST_TIMES);
  /** Part of {@linkcode ChunkTimes}. */
  readonly gapMs: Float64Array = new Float64Array(MOST_TIMES);
  #lastMs = NaN;
  #together = 1;
  #inLast = 0;

  /** Another answer begins. */
  begin(): void {
    this.length = 0;
    this.#lastMs = NaN;
    this.#together = 1;
    this.#inLast = 0;
  }

  /**
   * A chunk came; several at one moment are one.
   *
   * @param atMs When, ms since the run began; not before the last.
   */
  add(atMs: number): void {
    if (atMs === this.#lastMs) return;
    const gapMs = this.length === 0 ? 0 : atMs - this.#lastMs;
    this.#lastMs = atMs;
    if (this.#inLast > 0 && this.#inLast < this.#together) {
      this.#inLast++;
      this.#join(this.length - 1, atMs, gapMs);
      return;
    }
    if (this.length === MOST_TIMES) this.#halve();
    this.atMs[this.length] = atMs;
    this.gapMs[this.length] = gapMs;
    this.length++;
    this.#inLast = 1;
  }

  #join(place: number, atMs: number, gapMs: number): void {
    if (gapMs <= this.gapMs[place]!) return;
    this.atMs[place] = atMs;
    this.gapMs[place] = gapMs;
  }

  #halve(): void {
    for (let k = 0; k < MOST_TIMES / 2; k++) {
      this.atMs[k] = this.atMs[2 * k]!;
      this.gapMs[k] = this.gapMs[2 * k]!;
      this.#join(k, this.atMs[2 * k + 1]!, this.gapMs[2 * k + 1]!);
    }
    this.length = MOST_TIMES / 2;
    this.#together *= 2;
  }
}
