import type { ServerTimings } from "../../core/protocol.ts";
import type { FirstTokenCounters } from "../../core/stream/first_token_counters.ts";
import type { Clock } from "../../core/clock.ts";

/** The server's counters at one moment, ms on the clock of the test. */
export interface FirstTokenReading extends FirstTokenCounters {
  readonly atMs: number;
  /** What told them, for people. */
  readonly source?: string;
}

/** Between two readings inside of a window lie so many requests and so long, ms, at least. */
const REQUESTS = 8;
const PAUSE_MS = 250;

/** Reads a server's counters of first tokens again and again over one window: what they differ by from ours then has an interval. */
export class FirstTokenWatch {
  /** In the order of time; empty where the server counts no first tokens. */
  readonly readings: FirstTokenReading[] = [];
  readonly #read: () => Promise<ServerTimings | string>;
  readonly #clock: Clock;
  #pending: Promise<void> | null = null;
  #readAt = 0;
  #countedAt = 0;

  /** @param read Reads the counters once. @param clock Tells when. */
  constructor(read: () => Promise<ServerTimings | string>, clock: Clock) {
    this.#clock = clock;
    this.#read = async () => {
      const beforeMs = clock.now(), told = await read();
      if (typeof told !== "string") this.#keep(told, (beforeMs + clock.now()) / 2);
      return told;
    };
  }

  /** Reads the counters. */
  read(): Promise<ServerTimings | string> {
    return this.#read();
  }

  /**
   * Reads them once more, beside the load, where it is time for that.
   *
   * @param requests How many have ended in the window.
   */
  counted(requests: number): void {
    const nowMs = this.#clock.now();
    const isTime = requests - this.#countedAt >= REQUESTS && nowMs - this.#readAt >= PAUSE_MS;
    if (this.readings.length === 0 || this.#pending !== null || !isTime) return;
    this.#countedAt = requests;
    this.#readAt = nowMs;
    this.#pending = this.#read().then(() => {}).finally(() => this.#pending = null);
  }

  /** Waits for a reading under way. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  #keep({ source, firstTokens, firstTokenMs = 0, ...told }: ServerTimings, atMs: number): void {
    if (firstTokens === undefined) return;
    const { queued = 0, queuedMs = 0, prefilled = 0, prefilledMs = 0 } = told;
    const counters = { firstTokens, firstTokenMs, queued, queuedMs, prefilled, prefilledMs };
    this.readings.push({ atMs, ...counters, ...source === undefined ? {} : { source } });
  }
}
