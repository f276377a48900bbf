/**
 * Predictions that have succeeded, at any moment: in between two answers part of the next one's has been done. Whole counts would
 * make energy a prediction look as if it jumped where a span of time holds few requests.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PredictionCount } from "./prediction_count.ts";
 * const count = new PredictionCount();
 * count.add(8, 1000);
 * const then = count.at(1100);
 * count.add(8, 1400);
 * assertEquals(then(), 10);
 * ```
 */
export class PredictionCount {
  #count = 0;
  #lastMs = Infinity;
  #open: { readonly atMs: number; readonly count: number; part: number }[] = [];

  /**
   * Takes an answer.
   *
   * @param predictions What it holds.
   * @param atMs When it ended.
   */
  add(predictions: number, atMs: number): void {
    for (const moment of this.#open) {
      const share = (moment.atMs - this.#lastMs) / (atMs - this.#lastMs);
      moment.part = share > 0 && share < 1 ? share * predictions : 0;
    }
    this.#open = [];
    this.#count += predictions;
    this.#lastMs = atMs;
  }

  /**
   * The count at a moment.
   *
   * @param atMs Not before the answers that were taken.
   * @returns Gives it; right once the next answer was taken.
   */
  at(atMs: number): () => number {
    const moment = { atMs, count: this.#count, part: 0 };
    this.#open.push(moment);
    return () => moment.count + moment.part;
  }
}
