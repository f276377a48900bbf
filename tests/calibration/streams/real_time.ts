import { systemClock } from "../../../src/core/clock.ts";
import type { EngineTime } from "./stream_engine.ts";

/**
 * Real time, kept to some tenths of a millisecond. What follows from a moment is planned from where that was planned: lateness
 * does not add up. It sleeps until a moment: who turns the event loop until then reads what comes some milliseconds late.
 */
export class RealTime implements EngineTime {
  readonly #due: { readonly atMs: number; readonly fire: () => void }[] = [];
  #plannedMs: number | null = null;
  #asleep: AbortController | null = null;
  #running = false;

  /** Part of {@linkcode EngineTime}. */
  now(): number {
    return this.#plannedMs ?? performance.now();
  }

  /** Part of {@linkcode EngineTime}. */
  after(ms: number, fire: () => void): () => void {
    const event = { atMs: this.now() + ms, fire };
    let at = this.#due.length;
    while (at > 0 && this.#due[at - 1]!.atMs <= event.atMs) at--;
    this.#due.splice(at, 0, event);
    if (!this.#running) this.#run();
    else if (at === this.#due.length - 1) this.#asleep?.abort();
    return () => {
      const at = this.#due.indexOf(event);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#due.at(-1); next !== undefined; next = this.#due.at(-1)) {
      const leftMs = next.atMs - performance.now();
      if (leftMs > 0) await this.#sleep(leftMs);
      else {
        this.#due.pop();
        this.#plannedMs = next.atMs;
        next.fire();
        this.#plannedMs = null;
      }
    }
    this.#running = false;
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#asleep = new AbortController();
    await systemClock.sleepPrecisely(ms, signal).catch(() => "as something sooner is planned");
    this.#asleep = null;
  }
}
