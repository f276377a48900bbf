/** A class and how much of the whole it got. */
export interface ClassScore {
  /** Number of the class. */
  readonly class: number;
  /** Its share by softmax, 0 to 1. */
  readonly score: number;
}

/**
 * The best classes of one item by softmax.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { topClasses } from "./scores.ts";
 * assertEquals(topClasses(Float32Array.of(0, 9, 3), 2).map((best) => best.class), [1, 2]);
 * ```
 *
 * @param logits Scores before softmax.
 * @param count How many classes to give.
 * @returns Best first.
 */
export function topClasses(logits: Float32Array, count: number): ClassScore[] {
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  const best: number[] = [];
  for (let i = 0; i < logits.length; i++) {
    if (best.length === count && logits[i]! <= logits[best[count - 1]!]!) continue;
    const place = best.findIndex((other) => logits[i]! > logits[other]!);
    best.splice(place < 0 ? best.length : place, 0, i);
    best.length = Math.min(best.length, count);
  }
  return best.map((index) => ({ class: index, score: Math.exp(logits[index]! - highest) / total }));
}
