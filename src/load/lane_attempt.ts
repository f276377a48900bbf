import type { FailureReason } from "../core/outcome.ts";
import type { Verdict } from "../core/protocol.ts";
import type { SampleRow } from "../core/sample.ts";
import type { AnswerStream } from "../core/stream/answer_stream.ts";
import type { ChunkTimes } from "../core/stream/chunk_times.ts";
import type { SequenceStep } from "../core/request/sequence.ts";
import type { Lane, LaneObserver, WireRequest, WireResponse } from "../core/transport.ts";
import { ExchangeTimes } from "./exchange_times.ts";
import { LaneSequence, type SequenceIds, type SequenceLane } from "./sequences.ts";

/** An attempt, with its failure in words. */
export interface Attempt extends SampleRow {
  /** Why it failed, for people; empty if it did not. */
  readonly message: string;
  /** When the chunks of its answer came; left out, or `null`, where that is not known. */
  readonly times?: ChunkTimes | null;
}

/** What an attempt needs of the run that it belongs to. Moments are ms since the run began. */
export interface AttemptHost {
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Now, ms since the run began. */
  now(): number;
  /** Names the sequences of its requests; left out where each request stands for itself. */
  readonly sequenceIds?: SequenceIds | undefined;
  /**
   * What to send next.
   *
   * @param step Its place in a sequence, where there are sequences.
   */
  nextRequest(step?: SequenceStep): WireRequest;
  /** Takes a request back whose attempt has ended. */
  requestEnded?(request: WireRequest): void;
  /** What an answer is worth. Its body is overwritten afterwards. */
  judge(response: WireResponse): Verdict;
  /** What reads the lane's answers as they come; left out, or `null`, where they are taken whole. */
  openStream?(): AnswerStream | null;
  /** What an answer is worth that was read as it came. */
  judgeStream?(stream: AnswerStream, response: WireResponse): Verdict;
  /**
   * Records an attempt. The object is the lane's own and serves the next attempt as well: what is to stay is copied.
   *
   * @returns Whether it found no connection.
   */
  attemptEnded(attempt: Attempt): boolean;
}

/** The attempts of one lane, one after another. The same object serves them all, so that sending allocates nothing. */
export class LaneAttempt implements LaneObserver, SequenceLane {
  /** The connection. */
  readonly lane: Lane;
  /** The sequences that its requests belong to; `null` where each stands for itself. */
  readonly sequence: LaneSequence | null;
  /** Part of {@linkcode LaneObserver}: an answer is judged at once, and nothing of it is kept. */
  readonly borrowsBody = true;
  /** Part of {@linkcode LaneObserver}: there only where answers stream. */
  readonly onChunk?: (bytes: Uint8Array) => void;
  /** Part of {@linkcode LaneObserver}: a stream is read as it comes, and takes no memory. */
  readonly collectsBody: boolean;
  readonly #stream: AnswerStream | null;
  readonly #host: AttemptHost;
  readonly #onIdle: (disconnected: boolean) => void;
  readonly #times: ExchangeTimes;
  #request: WireRequest | undefined;
  readonly #attempt: { -readonly [K in keyof Attempt]: Attempt[K] } = {
    scheduledAt: 0,
    sentAt: 0,
    writtenAt: NaN,
    firstByteAt: NaN,
    endedAt: NaN,
    serverMs: NaN,
    judgingMs: 0,
    result: "cancelled",
    message: "",
    stream: null,
    times: null,
    text: "",
  };

  /**
   * Makes the attempts of a lane that nobody else uses.
   *
   * @param host The run.
   * @param lane The connection.
   * @param onIdle Called when an attempt was recorded: the lane may send again.
   */
  constructor(host: AttemptHost, lane: Lane, onIdle: (disconnected: boolean) => void) {
    this.#host = host;
    this.lane = lane;
    this.sequence = host.sequenceIds === undefined ? null : new LaneSequence(host.sequenceIds);
    this.#onIdle = onIdle;
    this.#times = new ExchangeTimes(host);
    const stream = this.#stream = host.openStream?.() ?? null;
    this.collectsBody = stream === null;
    if (stream !== null) this.onChunk = (bytes) => stream.push(bytes, this.#times.cameAt);
  }

  /**
   * Sends a request. The lane must be idle.
   *
   * @param scheduledAt When it was due; without it, now.
   */
  send(scheduledAt?: number): void {
    const request = this.#request = this.#host.nextRequest(this.sequence?.next(this.#host.now()));
    const attempt = this.#attempt;
    attempt.writtenAt = NaN;
    attempt.firstByteAt = NaN;
    attempt.judgingMs = 0;
    this.#stream?.begin(request.tokens);
    this.#times.begin();
    this.lane.send(request, this.#host.timeoutMs, this);
    attempt.sentAt = this.#times.sentAt;
    attempt.scheduledAt = scheduledAt ?? attempt.sentAt;
  }

  /** Cuts the outstanding request off. */
  cancel(): void {
    this.lane.cancel();
  }

  /** Part of {@linkcode LaneObserver}. */
  onSending(): void {
    this.#times.sending();
  }

  /** Part of {@linkcode LaneObserver}. */
  onRead(): void {
    this.#times.read();
  }

  /** Part of {@linkcode LaneObserver}. */
  onSent(): void {
    this.#attempt.writtenAt = this.#host.now();
  }

  /** Part of {@linkcode LaneObserver}. */
  onFirstByte(): void {
    this.#attempt.firstByteAt = this.#times.cameAt;
  }

  /** Part of {@linkcode LaneObserver}. Judging is no part of the latency. */
  onResponse(response: WireResponse): void {
    const endedAt = this.#times.cameAt;
    const stream = this.#stream;
    const verdict = stream === null ? this.#host.judge(response) : this.#host.judgeStream!(stream, response);
    this.#attempt.judgingMs = this.#host.now() - endedAt;
    if (verdict.kind === "success") this.#ended(endedAt, verdict.serverMs ?? NaN, "success", "");
    else this.#ended(endedAt, NaN, verdict.reason, verdict.message);
  }

  /** Part of {@linkcode LaneObserver}. */
  onFailure(reason: FailureReason, message: string): void {
    const soFar = this.#stream?.soFar() ?? "";
    this.#ended(this.#host.now(), NaN, reason, soFar === "" ? message : `${message}: ${soFar}`);
  }

  /** Part of {@linkcode LaneObserver}. */
  onCancelled(): void {
    this.#ended(this.#host.now(), NaN, "cancelled", "");
  }

  #ended(endedAt: number, serverMs: number, result: SampleRow["result"], message: string): void {
    const attempt = this.#attempt;
    attempt.endedAt = endedAt;
    attempt.serverMs = serverMs;
    attempt.result = result;
    attempt.message = message;
    attempt.stream = this.#stream?.row() ?? null;
    attempt.times = this.#stream?.times ?? null;
    attempt.text = this.#stream?.text() ?? "";
    this.sequence?.ended(result, endedAt);
    const disconnected = this.#host.attemptEnded(attempt);
    this.#host.requestEnded?.(this.#request!);
    this.#onIdle(disconnected);
  }
}

/**
 * Closes the connections of a run: the next one opens its own, and idle ones are load to some servers.
 *
 * @param attempts Of lanes that send nothing any more.
 */
export async function closeLanes(attempts: readonly LaneAttempt[]): Promise<void> {
  await Promise.all(attempts.map(({ lane }) => lane.close()));
}
