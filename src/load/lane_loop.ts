import type { FailureReason } from "../core/outcome.ts";
import type { Verdict } from "../core/protocol.ts";
import type { Lane, LaneObserver, WireRequest, WireResponse } from "../core/transport.ts";

/** What became of an attempt, as it is recorded. */
export type AttemptResult = "success" | "cancelled" | FailureReason;

/** What a lane needs of the run that it belongs to. Moments are ms since the run began. */
export interface LaneHost {
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Whether requests shall still be sent. */
  readonly goesOn: boolean;
  /** Now, ms since the run began. */
  now(): number;
  /** What to send next. */
  nextRequest(): WireRequest;
  /** What an answer is worth. */
  judge(response: WireResponse): Verdict;
  /**
   * Records an attempt; absent moments and times are `NaN`.
   *
   * @returns How many ms to rest before the next request, or `null` if there shall be none.
   */
  attemptEnded(
    sentAt: number,
    firstByteAt: number,
    endedAt: number,
    serverMs: number,
    result: AttemptResult,
    message: string,
  ): number | null;
  /** Calls `then` after `ms` milliseconds. */
  rest(ms: number, then: () => void): void;
  /** The lane will send no more. Called once. */
  laneEnded(): void;
}

/** Sends one request after another over one lane, for as long as its host wants. */
export class LaneLoop implements LaneObserver {
  readonly #host: LaneHost;
  readonly #lane: Lane;
  #sentAt = 0;
  #firstByteAt = NaN;
  #state: "sending" | "resting" | "ended" = "resting";

  /** @param host The run. @param lane The connection, used by this loop alone. */
  constructor(host: LaneHost, lane: Lane) {
    this.#host = host;
    this.#lane = lane;
  }

  /** Sends the first request. */
  start(): void {
    this.#send();
  }

  /** Ends the loop: an outstanding request is cut off. */
  close(): void {
    if (this.#state === "sending") this.#lane.cancel();
    else this.#finish();
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

  #send(): void {
    // The request is fetched, and perhaps encoded, before the clock is read.
    const request = this.#host.nextRequest();
    this.#state = "sending";
    this.#firstByteAt = NaN;
    this.#sentAt = this.#host.now();
    this.#lane.send(request, this.#host.timeoutMs, this);
  }

  #ended(endedAt: number, serverMs: number, result: AttemptResult, message: string): void {
    this.#state = "resting";
    const restMs = this.#host.attemptEnded(this.#sentAt, this.#firstByteAt, endedAt, serverMs, result, message);
    if (restMs === null) this.#finish();
    else if (restMs === 0) this.#send();
    else {
      this.#host.rest(restMs, () => {
        if (this.#host.goesOn) this.#send();
        else this.#finish();
      });
    }
  }

  #finish(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#host.laneEnded();
  }
}
