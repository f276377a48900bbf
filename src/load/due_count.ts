import type { Arrivals } from "./arrivals.ts";

/**
 * How many moments lie in `[fromMs, toMs)`.
 *
 * @param moments Ms, in any order.
 * @param fromMs When it begins.
 * @param toMs When it ends.
 */
export function countWithin(moments: readonly number[], fromMs: number, toMs: number): number {
  return moments.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
}

/**
 * How many arrivals are due in `[fromMs, toMs)`.
 *
 * @param arrivals The arrivals.
 * @param fromMs When it begins.
 * @param toMs When it ends.
 */
export function dueWithin(arrivals: Arrivals, fromMs: number, toMs: number): number {
  const due = arrivals.dueAtMs();
  let count = 0;
  for (let next = due.next(); !next.done && next.value < toMs; next = due.next()) if (next.value >= fromMs) count++;
  return count;
}

/** How many requests were due in a window whose begin is known only once it has begun, and its end only afterwards. */
export class DueCount {
  #beforeMs: number[] = [];
  #since = 0;
  #latest = { dueAtMs: -Infinity, requests: 0 };

  /**
   * Counts a request.
   *
   * @param dueAtMs When it was due: not before the last one.
   * @param windowStartMs When the window began; `null` if it has not.
   */
  add(dueAtMs: number, windowStartMs: number | null): void {
    if (windowStartMs === null) {
      this.#beforeMs.push(dueAtMs);
      return;
    }
    this.#settle(windowStartMs);
    if (dueAtMs < windowStartMs) return;
    this.#since++;
    if (dueAtMs > this.#latest.dueAtMs) this.#latest = { dueAtMs, requests: 0 };
    this.#latest.requests++;
  }

  /**
   * How many were due in `[fromMs, toMs)`.
   *
   * @param fromMs When the window began.
   * @param toMs When it ended: none was due later.
   */
  within(fromMs: number, toMs: number): number {
    const before = countWithin(this.#beforeMs, fromMs, toMs);
    return before + this.#since - (this.#latest.dueAtMs >= toMs ? this.#latest.requests : 0);
  }

  /** Of those before, at most the ones that were due at the very moment at which the window began are in it. */
  #settle(windowStartMs: number): void {
    if (this.#beforeMs.length > 0) this.#beforeMs = this.#beforeMs.filter((dueMs) => dueMs >= windowStartMs);
  }
}
