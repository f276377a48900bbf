import { Worker } from "node:worker_threads";

/** What an alarm and its thread share: Int32 words, then the time to wait. */
export const ASKED = 0, RUNG = 1, WAIT_MS_AT = 8, SHARED_BYTES = 16;

/**
 * Wakes this thread some 0.1 ms after a moment, at a tenth of the price of waiting in turns of the event loop: timers of
 * the event loop have steps of 1 ms and fire up to 2 ms late, while a thread of its own that sleeps in `Atomics.wait` is
 * woken by the kernel's timer.
 */
export class Alarm {
  readonly #words: Int32Array;
  readonly #waitMs: Float64Array;
  #asked = 0;
  #ready = false;
  #busy = false;

  /** Starts the thread, which does not keep the process alive. */
  constructor() {
    const shared = new SharedArrayBuffer(SHARED_BYTES);
    this.#words = new Int32Array(shared, 0, 2);
    this.#waitMs = new Float64Array(shared, WAIT_MS_AT, 1);
    try {
      const thread = new Worker(new URL("./alarm_thread.ts", import.meta.url), { workerData: shared });
      thread.once("message", () => this.#ready = true);
      thread.on("error", () => this.#ready = false);
      thread.unref();
    } catch {
      // Without permission to read its module it is never free.
    }
  }

  /** Whether it can be set: its thread runs, and nobody else waits for it. */
  get free(): boolean {
    return this.#ready && !this.#busy;
  }

  /**
   * Resolves after `ms` milliseconds, or when the signal is aborted. A timer must keep the process alive meanwhile.
   *
   * @param ms Time to wait, ms.
   * @param signal Ends the wait.
   */
  async rung(ms: number, signal?: AbortSignal): Promise<void> {
    const words = this.#words;
    const asked = this.#asked = (this.#asked + 1) | 0;
    const onAbort = () => {
      Atomics.store(words, RUNG, asked);
      Atomics.notify(words, RUNG);
    };
    this.#busy = true;
    this.#waitMs[0] = ms;
    Atomics.store(words, ASKED, asked);
    Atomics.notify(words, ASKED);
    signal?.addEventListener("abort", onAbort, { once: true });
    for (let rung = words[RUNG]!; rung !== asked; rung = Atomics.load(words, RUNG)) {
      const woken = Atomics.waitAsync(words, RUNG, rung);
      if (woken.async) await woken.value;
    }
    signal?.removeEventListener("abort", onAbort);
    this.#busy = false;
  }
}
