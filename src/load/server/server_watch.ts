import type { Clock } from "../../core/clock.ts";
import { CONNECTION_FAILURES } from "../../core/outcome.ts";
import type { SampleRow } from "../../core/sample.ts";
import { type AskServer, whyGone } from "./why_gone.ts";

/** After so many failures of any kind in a row the server is asked; after one that is lost or late, at once. */
const MANY_IN_A_ROW = 5;
/** Least time between an answer that it is there and the next question, ms; the same where a success has answered it. */
const ASK_AGAIN_MS = 1000;
const ASK_AGAIN_AFTER_SUCCESS_MS = 100;

/** A time in which no request succeeded. Moments are ms since the run began. */
export interface Doubt {
  /** When the last success before it ended, or the first request that failed was sent, whichever is later. */
  readonly sinceMs: number;
  /** Requests that have failed since then. */
  readonly failed: number;
  /** Longest time that a request before it has taken, ms. */
  readonly longestMs: number;
  /** Where it did not answer for its health either when it was asked last. */
  readonly isSilent?: true;
}

/** A server that was lost. Moments are ms since the run began. */
export interface LostRun extends Pick<Doubt, "sinceMs" | "failed"> {
  /** What showed it, for people. */
  readonly reason: string;
}

/** A time in which the server did not answer, and after which it did. Moments are ms since the run began. */
export interface RunOutage {
  /** When it last answered before. */
  readonly fromMs: number;
  /** When it answered again. */
  readonly toMs: number;
  /** Requests that failed meanwhile. */
  readonly failed: number;
}

/** What {@linkcode ServerWatch} needs. */
export interface ServerWatchOptions {
  /** Asks whether it is there; left out, nobody asks. */
  readonly ask?: AskServer | undefined;
  readonly clock: Clock;
  /** Now, ms since the run began. */
  readonly now: () => number;
  /** Told once that the server was lost. */
  readonly onLost: (lost: LostRun) => void;
}

/**
 * Watches over a run whether the server is there. Failures alone do not show it: the server is asked, and it is lost only
 * where it does not answer for it and no request has succeeded meanwhile.
 */
export class ServerWatch {
  /** Times in which it did not answer, and after which it did. */
  readonly outages: RunOutage[] = [];
  /** When it last answered: a request, or the question whether it is there. */
  lastThereMs = 0;
  readonly #options: ServerWatchOptions;
  #closed = new AbortController();
  #lastAnswerMs = 0;
  #longestMs = 0;
  #sinceMs = 0;
  #failed = 0;
  #last: SampleRow["result"] = "success";
  #nextAskMs = 0;
  #asking: AbortController | null = null;
  #isSilent = false;

  /** Begins with a server that is there. */
  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  /** Whether the server is being asked. */
  get isAsking(): boolean {
    return this.#asking !== null;
  }

  /** What makes it doubtful that the server is there; `null` where nothing does. */
  get doubt(): Doubt | null {
    return this.#isDoubtful ? this.doubtNow : null;
  }

  /** The same whatever has failed. */
  get doubtNow(): Doubt {
    const sinceMs = this.#failed === 0 ? this.#lastAnswerMs : this.#sinceMs;
    const silent = this.#isSilent ? { isSilent: true as const } : {};
    return { sinceMs, failed: this.#failed, longestMs: this.#longestMs, ...silent };
  }

  /** Takes note of an attempt that ended. */
  ended({ sentAt, endedAt, result }: Pick<SampleRow, "sentAt" | "endedAt" | "result">): void {
    if (result === "cancelled" || result === "client") return;
    this.#last = result;
    if (result === "success") {
      this.#longestMs = Math.max(this.#longestMs, endedAt - sentAt);
      return this.#answered(endedAt);
    }
    this.#sinceMs = Math.max(this.#lastAnswerMs, this.#failed === 0 ? sentAt : Math.min(this.#sinceMs, sentAt));
    this.#failed++;
    if (this.#isDoubtful && this.#asking === null && endedAt >= this.#nextAskMs) void this.#ask();
  }

  /** Ends what is being asked. */
  close(): void {
    this.#closed.abort();
    this.#asking?.abort();
  }

  get #isDoubtful(): boolean {
    return this.#failed >= MANY_IN_A_ROW ||
      (this.#failed > 0 && (CONNECTION_FAILURES.has(this.#last) || this.#last === "timeout"));
  }

  #answered(atMs: number): void {
    this.#isThere(atMs);
    this.#lastAnswerMs = atMs;
    this.#failed = 0;
    this.#asking?.abort();
  }

  /** It is there. Where it was silent before, that is over. */
  #isThere(atMs: number): void {
    if (this.#isSilent) this.outages.push({ fromMs: this.#sinceMs, toMs: atMs, failed: this.#failed });
    this.#isSilent = false;
    this.lastThereMs = atMs;
  }

  async #ask(): Promise<void> {
    const { ask, clock, now, onLost } = this.#options;
    if (ask === undefined || this.#closed.signal.aborted) return;
    const asking = this.#asking = new AbortController();
    const { signal } = asking;
    const onSilent = () => this.#isSilent = true;
    const reason = await whyGone({ ask, clock, longestMs: this.#longestMs, signal, onSilent });
    this.#asking = null;
    this.#nextAskMs = now() + (signal.aborted ? ASK_AGAIN_AFTER_SUCCESS_MS : ASK_AGAIN_MS);
    if (signal.aborted) return;
    if (reason === null) this.#isThere(now());
    else onLost({ sinceMs: this.#sinceMs, failed: this.#failed, reason });
  }
}
