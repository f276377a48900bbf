import type { Estimate } from "../../../src/core/estimate.ts";
import { type Random, seededRandom } from "../../../src/core/random.ts";

/** Standard normal variable (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Exponential variable. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

/** `n` values of `draw`. */
export function times(n: number, draw: (i: number) => number): number[] {
  return Array.from({ length: n }, (_, i) => draw(i));
}

/** Stationary first-order autoregression with mean 0 and variance 1. */
export function autoregression(random: Random, n: number, phi: number): number[] {
  let state = normal(random);
  return times(n, () => state = phi * state + Math.sqrt(1 - phi * phi) * normal(random));
}

/** Completions within (0, windowMs] of clients that each send the next request when the last one is answered. */
export function closedLoop(random: Random, clients: number, windowMs: number, serviceMs: () => number): number[] {
  const completions: number[] = [];
  for (let client = 0; client < clients; client++) {
    for (let at = random() * serviceMs(); at <= windowMs; at += serviceMs()) completions.push(at);
  }
  return completions.sort((a, b) => a - b);
}

/** Share of seeded replications whose interval holds the truth; an unknown end rules nothing out. */
export function coverage(replications: number, truth: number, estimate: (random: Random) => Estimate | null): number {
  let covered = 0;
  for (let seed = 1; seed <= replications; seed++) {
    const { low, high } = estimate(seededRandom(seed * 7919)) ?? { low: null, high: null };
    if ((low ?? -Infinity) <= truth && truth <= (high ?? Infinity)) covered++;
  }
  return covered / replications;
}
