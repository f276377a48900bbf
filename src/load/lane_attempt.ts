import type { FailureReason } from "../core/outcome.ts";
import type { Verdict } from "../core/protocol.ts";
import type { Lane, LaneObserver, WireRequest, WireResponse } from "../core/transport.ts";

/** What became of an attempt, as it is recorded. */
export type AttemptResult = "success" | "cancelled" | FailureReason;

/** What an attempt needs of the run that it belongs to. Moments are ms since the run began. */
export interface AttemptHost {
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Now, ms since the run began. */
  now(): number;
  /** What to send next. */
  nextRequest(): WireRequest;
  /** What an answer is worth. */
  judge(response: WireResponse): Verdict;
  /**
   * Records an attempt; absent moments and times are `NaN`.
   *
   * @returns Whether it found no connection.
   */
  attemptEnded(
    scheduledAt: number,
    sentAt: number,
    firstByteAt: number,
    endedAt: number,
    serverMs: number,
    result: AttemptResult,
    message: string,
  ): boolean;
}

/** The attempts of one lane, one after another. The same object serves them all, so that sending allocates nothing. */
export class LaneAttempt implements LaneObserver {
  readonly #host: AttemptHost;
  readonly #lane: Lane;
  readonly #onIdle: (disconnected: boolean) => void;
  #scheduledAt = 0;
  #sentAt = 0;
  #firstByteAt = NaN;

  /**
   * Makes the attempts of a lane that nobody else uses.
   *
   * @param host The run.
   * @param lane The connection.
   * @param onIdle Called when an attempt was recorded: the lane may send again.
   */
  constructor(host: AttemptHost, lane: Lane, onIdle: (disconnected: boolean) => void) {
    this.#host = host;
    this.#lane = lane;
    this.#onIdle = onIdle;
  }

  /**
   * Sends a request. The lane must be idle.
   *
   * @param scheduledAt When it was due; without it, now.
   */
  send(scheduledAt?: number): void {
    // The request is fetched, and perhaps encoded, before the clock is read.
    const request = this.#host.nextRequest();
    this.#firstByteAt = NaN;
    this.#sentAt = this.#host.now();
    this.#scheduledAt = scheduledAt ?? this.#sentAt;
    this.#lane.send(request, this.#host.timeoutMs, this);
  }

  /** Cuts the outstanding request off. */
  cancel(): void {
    this.#lane.cancel();
  }

  /** Part of {@linkcode LaneObserver}. */
  onFirstByte(): void {
    this.#firstByteAt = this.#host.now();
  }

  /** Part of {@linkcode LaneObserver}. The clock is read before the answer is judged. */
  onResponse(response: WireResponse): void {
    const endedAt = this.#host.now();
    const verdict = this.#host.judge(response);
    if (verdict.kind === "success") this.#ended(endedAt, verdict.serverMs ?? NaN, "success", "");
    else this.#ended(endedAt, NaN, verdict.reason, verdict.message);
  }

  /** Part of {@linkcode LaneObserver}. */
  onFailure(reason: FailureReason, message: string): void {
    this.#ended(this.#host.now(), NaN, reason, message);
  }

  /** Part of {@linkcode LaneObserver}. */
  onCancelled(): void {
    this.#ended(this.#host.now(), NaN, "cancelled", "");
  }

  #ended(endedAt: number, serverMs: number, result: AttemptResult, message: string): void {
    this.#onIdle(
      this.#host.attemptEnded(
        this.#scheduledAt,
        this.#sentAt,
        this.#firstByteAt,
        endedAt,
        serverMs,
        result,
        message,
      ),
    );
  }
}
