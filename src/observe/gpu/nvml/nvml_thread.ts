import type { Absent } from "../../absent.ts";
import type { GpuDevice, GpuProcess, GpuReading } from "../gpu_source.ts";

/** What the thread answers to each question. */
export interface NvmlAnswers {
  /** Loads the library. */
  readonly open: readonly GpuDevice[];
  readonly readings: readonly GpuReading[];
  readonly energy: readonly (number | null)[];
  readonly processes: readonly GpuProcess[];
  /** Gives the library back. */
  readonly close: null;
}

/** A question with its number. */
export interface NvmlQuestion {
  readonly number: number;
  readonly kind: keyof NvmlAnswers;
  /** Path of the library, with `open`. */
  readonly library?: string;
}

/** The answer to the question of the same number. */
export interface NvmlReply {
  readonly number: number;
  readonly answer: NvmlAnswers[keyof NvmlAnswers] | Absent;
}

/** NVML in a thread of its own, where a call that hangs holds up nobody who measures. */
export class NvmlThread {
  readonly #worker = new Worker(new URL("./nvml_worker.ts", import.meta.url), { type: "module" });
  readonly #timeoutMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;
  #answered = 0;
  #isClosed = false;
  #receive: (answer: NvmlReply["answer"]) => void = () => {};

  /** @param timeoutMs Deadline of one answer, ms. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#worker.onmessage = ({ data: { number, answer } }: MessageEvent<NvmlReply>) => {
      this.#answered = number;
      // Nobody waits any more for the answer that came too late, and no other question was sent since.
      this.#receive(answer);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#receive({ absent: `NVML's thread failed: ${event.message}` });
    };
  }

  /**
   * Asks one question, after those that were asked before.
   *
   * @param kind Which.
   * @param library Path of the library, with `open`.
   * @returns The answer; why there is none where the call failed, hung beyond its deadline, or one before it still hangs.
   */
  ask<K extends keyof NvmlAnswers>(kind: K, library?: string): Promise<NvmlAnswers[K] | Absent> {
    const answer = this.#last.then(() => this.#askNow(kind, library)) as Promise<NvmlAnswers[K] | Absent>;
    this.#last = answer;
    return answer;
  }

  async #askNow(kind: keyof NvmlAnswers, library?: string): Promise<NvmlReply["answer"]> {
    if (this.#isClosed) return { absent: "NVML was closed" };
    const late = { absent: `NVML did not answer within ${this.#timeoutMs} ms` };
    if (this.#answered < this.#asked) return late;
    const { promise, resolve } = Promise.withResolvers<NvmlReply["answer"]>();
    this.#receive = resolve;
    const question: NvmlQuestion = { number: ++this.#asked, kind, ...(library === undefined ? {} : { library }) };
    this.#worker.postMessage(question);
    const timer = setTimeout(() => resolve(late), this.#timeoutMs);
    const answer = await promise;
    clearTimeout(timer);
    return answer;
  }

  /** Ends the thread. One that hangs in a call is left behind until the call ends; only `Deno.exit` does not wait for it. */
  async close(): Promise<void> {
    await this.ask("close");
    this.#isClosed = true;
    this.#worker.terminate();
  }
}
