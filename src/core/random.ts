/** A seeded source of numbers, uniform in [0, 1). */
export type Random = () => number;

/**
 * Seeded uniform generator (mulberry32, T. Ettinger, 2017): the same seed gives the same sequence on every machine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seededRandom } from "./random.ts";
 * const a = seededRandom(7), b = seededRandom(7);
 * assertEquals([a(), a()], [b(), b()]);
 * ```
 *
 * @param seed Any integer; its low 32 bits are used.
 * @returns Numbers in [0, 1).
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0, 1) that no seed repeats: for what two runs, or two clients at once, may not have in common. */
export function trulyRandom(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high! * 2 ** 21 + (low! >>> 11)) / 2 ** 53;
}

/**
 * The items in a random order (Fisher and Yates); the argument is unchanged.
 *
 * @param items What to shuffle.
 * @param random Source of numbers in [0, 1).
 */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
