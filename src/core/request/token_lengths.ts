import type { Random } from "../random.ts";

/**
 * How many tokens a prompt or an answer has: always as many, or drawn for each of them.
 *
 * - `uniform`: any whole number from `least` to `most`, each as likely
 * - `normal`: by a normal distribution, rounded; what falls below 1 is drawn again
 */
export type TokenLengths =
  | number
  | { readonly kind: "uniform"; readonly least: number; readonly most: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number };

/** Draws before one that falls below 1 is taken to be 1. */
const MOST_DRAWS = 100;

/**
 * Draws a length.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const half = () => 0.5;
 * assertEquals(drawLength(64, half), 64);
 * assertEquals(drawLength({ kind: "uniform", least: 10, most: 20 }, half), 15);
 * ```
 *
 * @param lengths How they are distributed.
 * @param random Numbers from 0 to under 1; nothing is drawn of a length that is always the same.
 * @returns Tokens, at least 1.
 */
export function drawLength(lengths: TokenLengths, random: Random): number {
  if (typeof lengths === "number") return lengths;
  if (lengths.kind === "uniform") return lengths.least + Math.floor(random() * (lengths.most - lengths.least + 1));
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    // Box-Muller; 1 - u is never 0.
    const z = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const length = Math.round(lengths.mean + lengths.deviation * z);
    if (length >= 1) return length;
  }
  return 1;
}

/**
 * A length that hardly any is above.
 *
 * @param lengths How they are distributed.
 */
export function mostLength(lengths: TokenLengths): number {
  if (typeof lengths === "number") return lengths;
  return lengths.kind === "uniform" ? lengths.most : Math.ceil(lengths.mean + 4 * lengths.deviation);
}

/**
 * Tokens on the mean, a whole number.
 *
 * @param lengths How they are distributed.
 */
export function meanLength(lengths: TokenLengths): number {
  if (typeof lengths === "number") return lengths;
  return Math.round(lengths.kind === "uniform" ? (lengths.least + lengths.most) / 2 : lengths.mean);
}
