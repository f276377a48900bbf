import { setImmediate } from "node:timers";
import type { Clock } from "../../src/core/clock.ts";

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Time that passes only when everything waits: a run of hours takes no time and always the same way. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  #timers: Timer[] = [];
  readonly #isFair: boolean;

  /** @param isFair Whether real asynchronous work goes on while timers are set, as where something sleeps again and again. */
  constructor(isFair = false) {
    this.#isFair = isFair;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        cancel();
        reject(signal!.reason);
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  sleepPrecisely(ms: number, signal?: AbortSignal): Promise<void> {
    return this.sleep(ms, signal);
  }

  /** A thread that works: time passes, and whatever becomes due meanwhile comes late. */
  work(ms: number): void {
    this.#nowMs += ms;
  }

  /** Calls `fire` in `ms` virtual milliseconds; the returned function takes that back. */
  after(ms: number, fire: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, order: this.#order++, fire };
    let low = 0, high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#timers[middle]!;
      if (other.atMs < timer.atMs || (other.atMs === timer.atMs && other.order < timer.order)) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return () => {
      const i = this.#timers.indexOf(timer);
      if (i >= 0) this.#timers.splice(i, 1);
    };
  }

  /** Lets virtual time pass until `work` settles. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = work.finally(() => settled = true);
    done.catch(() => {});
    while (!settled) {
      for (let i = 0; i < 40; i++) await Promise.resolve();
      if (this.#isFair) await new Promise((resolve) => setImmediate(resolve));
      const next = settled ? undefined : this.#timers.shift();
      if (next === undefined) {
        // Real asynchronous work (imports, files) may be under way.
        await new Promise((resolve) => setTimeout(resolve, 0));
        continue;
      }
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fire();
    }
    return await done;
  }
}
