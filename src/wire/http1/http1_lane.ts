import type { Lane, LaneObserver, WireRequest, WireResponse } from "../../core/transport.ts";
import { bodyLength } from "../../core/wire_body.ts";
import { type AnswerHead, isInterim } from "./answer_head.ts";
import { AnswerReader, type AnswerSink } from "./answer_reader.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import type { Timed } from "./deadlines.ts";
import { IncomingAnswer } from "./incoming_answer.ts";
import type { LaneSettings } from "./lane_settings.ts";
import { headOfWhole, wholeAnswer } from "./whole_answer.ts";
import { ReusedConnection } from "../reused_connection.ts";
import { tell, throwLater } from "../throw_later.ts";
import { brokenConnection, type ExchangeFailure, malformed, openFailure, refusedAnswer } from "./socket_failure.ts";

/** A body of which more is missing is read to where it stays. */
const COPIED_AT_MOST_BYTES = 32 * 1024;

/**
 * A lane over one socket. Everything that a request needs is reused.
 *
 * **Stale connections**: a request that met a connection which the server had closed, idle or right behind an answer, is
 * sent once more on a new one; the time lost counts. {@linkcode ReusedConnection} tells when.
 */
export class Http1Lane implements Lane, Timed, ConnectionOwner, AnswerSink {
  /** Part of {@linkcode Timed}. */
  timeoutMs = NaN;
  /** Part of {@linkcode Timed}. */
  deadlineAt = 0;
  readonly #settings: LaneSettings;
  readonly #onClosed: () => void;
  readonly #reader: AnswerReader;
  readonly #answer: IncomingAnswer;
  #observer: LaneObserver | null = null;
  #request: WireRequest | null = null;
  #bodyBytes = 0;
  #connection: Connection | null = null;
  #connecting: AbortController | null = null;
  readonly #closing = new Set<Promise<unknown>>();
  #closed = false;
  #sawByte = false;
  /** Whether only interim answers have come. */
  #owesFirstByte = false;
  #keepsAlive = false;
  /** Whether the answer has to be read, as not all of it came at once or its head is not known. */
  #reading = false;
  readonly #reused = new ReusedConnection();
  /** How long the connection took to open: a round trip at least. */
  #openMs = 0;

  /**
   * Opens nothing yet.
   *
   * @param settings What it shares with the other lanes of its transport.
   * @param onClosed Called when it is closed.
   */
  constructor(settings: LaneSettings, onClosed: () => void) {
    this.#settings = settings;
    this.#onClosed = onClosed;
    this.#reader = new AnswerReader(this, settings.budget, settings.knownHeads);
    this.#answer = new IncomingAnswer(settings.budget, settings.pool);
    settings.deadlines.add(this);
  }

  send(request: WireRequest, timeoutMs: number, observer: LaneObserver): void {
    if (this.#closed) throw new TypeError("Cannot send a request as the lane must be open: it is closed");
    if (this.#observer !== null) {
      throw new TypeError("Cannot send a request as the lane must be idle: a request is outstanding");
    }
    const bodyBytes = bodyLength(request.body);
    const head = this.#settings.heads.of(request, bodyBytes);
    this.#observer = observer;
    this.#request = request;
    this.#bodyBytes = bodyBytes;
    this.#sawByte = false;
    this.#settings.deadlines.began(this, timeoutMs);
    if (this.#connection === null) return this.#connect();
    this.#reused.reused();
    this.#connection.hold();
    this.#connection.send(head, request, bodyBytes);
  }

  cancel(): void {
    const observer = this.#ended();
    if (observer === null) return;
    this.#drop();
    tell(() => observer.onCancelled());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#onClosed();
    this.cancel();
    this.#drop();
    this.#settings.deadlines.delete(this);
    await Promise.all(this.#closing);
  }

  /** Part of {@linkcode Timed}. */
  expire(): void {
    if (this.#observer === null) return;
    const missing = this.#connection === null ? "a connection" : this.#sawByte ? "the whole answer" : "an answer";
    this.#fail({ reason: "timeout", message: `${missing} did not come within ${this.timeoutMs} ms` });
  }

  /** Part of {@linkcode ConnectionOwner}. */
  roomForBytes(): Uint8Array | null {
    return this.#reading && this.#reader.bodyLeft > COPIED_AT_MOST_BYTES ? this.#answer.body.rest : null;
  }

  /** Part of {@linkcode ConnectionOwner}. */
  onBytes(bytes: Uint8Array, end: number): void {
    const observer = this.#observer, connection = this.#connection;
    // Bytes that nobody asked for belong to no request, also to none that is yet to come.
    if (observer === null) return this.#drop();
    observer.onRead?.();
    if (!this.#sawByte) {
      this.#sawByte = true;
      this.#owesFirstByte = isInterim(bytes);
      if (!this.#owesFirstByte) this.#tellFirstByte(observer);
      if (this.#connection !== connection) return;
      if (this.#tookWhole(observer, bytes, end)) return;
    }
    let at: number;
    try {
      at = this.#reader.push(bytes, 0, end);
    } catch (error) {
      return this.#fail(refusedAnswer(error));
    }
    if (this.#connection !== connection || !this.#reader.isDone) return;
    if (at < end) return this.#fail(malformed(`${end - at} bytes come behind its end`));
    this.#complete();
  }

  /** Part of {@linkcode ConnectionOwner}. */
  onEnd(error: unknown, writeError: unknown): void {
    if (this.#observer === null) return this.#drop();
    this.#observer.onRead?.();
    const missing = !this.#reading ? "the answer" : error === null ? this.#reader.end() : "the end of the answer";
    if (missing === null) return this.#complete();
    const cause = writeError ?? error;
    if (cause !== null) this.#lost(brokenConnection(cause, this.#sawByte));
    else this.#lost({ reason: "closed", message: `connection closed before ${missing}` });
  }

  /** Part of {@linkcode ConnectionOwner}. */
  onSending(): void {
    if (!this.#reused.isFresh) this.#observer?.onSending?.();
  }

  /** Part of {@linkcode ConnectionOwner}. */
  onWritten(): void {
    const observer = this.#observer;
    if (observer?.onSent !== undefined) tell(() => observer.onSent!());
  }

  /** Part of {@linkcode AnswerSink}. */
  onHead(head: AnswerHead): void {
    if (this.#owesFirstByte) this.#tellFirstByte(this.#observer!);
    this.#owesFirstByte = false;
    this.#keepsAlive = head.keepsAlive;
    this.#answer.head(head);
  }

  /** Part of {@linkcode AnswerSink}. */
  onBody(bytes: Uint8Array, from: number, to: number): void {
    this.#answer.body.add(bytes, from, to);
    const observer = this.#observer!;
    if (observer.onChunk === undefined) return;
    const piece = observer.borrowsBody === true ? bytes.subarray(from, to) : this.#answer.body.copyOf(bytes, from, to);
    try {
      observer.onChunk(piece);
    } catch (error) {
      throwLater(error);
    }
  }

  #tellFirstByte(observer: LaneObserver): void {
    try {
      observer.onFirstByte();
    } catch (error) {
      throwLater(error);
    }
  }

  /** Ends the exchange at once if the whole answer came; else makes ready to read it. */
  #tookWhole(observer: LaneObserver, bytes: Uint8Array, end: number): boolean {
    const { knownHeads, pool, budget } = this.#settings, collects = observer.collectsBody ?? true;
    // Pieces that were told stay as they are.
    const streams = observer.onChunk !== undefined, lends = !streams && observer.borrowsBody === true;
    const head = streams ? null : headOfWhole(knownHeads, bytes, end, budget.answerBytes);
    if (head === null) {
      this.#reading = true;
      this.#reader.begin();
      this.#answer.body.begin(collects, lends);
      return false;
    }
    this.#keepsAlive = head.keepsAlive;
    this.#respond(wholeAnswer(head, bytes, end, !collects ? null : lends ? "lent" : pool));
    return true;
  }

  #connect(): void {
    this.#reused.fresh();
    const startMs = Date.now();
    const connecting = this.#connecting = new AbortController();
    const done = this.#settings.openSocket(connecting.signal).then((socket) => {
      if (this.#connecting !== connecting) return socket.close();
      this.#connecting = null;
      this.#openMs = Math.max(0, Date.now() - startMs); // the clock may be set back
      const request = this.#request!;
      const connection = this.#connection = new Connection(socket, this, this.#settings.outgoing);
      this.#closes(connection.closed);
      connection.send(this.#settings.heads.of(request, this.#bodyBytes), request, this.#bodyBytes);
    }, (error) => {
      if (this.#connecting !== connecting) return;
      this.#connecting = null;
      this.#fail(openFailure(error));
    });
    this.#closes(done);
  }

  #closes(closed: Promise<unknown>): void {
    this.#closing.add(closed);
    closed.finally(() => this.#closing.delete(closed));
  }

  #complete(): void {
    let response: WireResponse;
    try {
      response = this.#answer.complete(this.#reader.trailers);
    } catch (error) {
      const message = `body cannot be decoded: ${error instanceof Error ? error.message : error}`;
      return this.#fail({ reason: "malformed", message });
    }
    this.#respond(response);
  }

  #respond(response: WireResponse): void {
    const observer = this.#ended()!, connection = this.#connection!;
    this.#reused.answered(response.status);
    // A request whose end was not sent when its answer was complete cannot be followed by another.
    if (!this.#keepsAlive || !this.#settings.keepsAlive || connection.isWriting) this.#drop();
    try {
      observer.onResponse(response);
    } catch (error) {
      throwLater(error);
    }
    if (this.#observer !== null || this.#connection !== connection) return;
    this.#reused.rests();
    connection.release();
  }

  /** The connection broke before the answer was complete. */
  #lost(failure: ExchangeFailure): void {
    const verdict = this.#sawByte ? "failed" : this.#reused.broke(failure.reason, this.#openMs);
    if (verdict === "unhandled") return this.#resend();
    if (verdict === "failed") return this.#fail(failure);
    const connection = this.#connection!;
    this.#closes(
      connection.takesNothing(this.#openMs, this.#reused.isBehindFailure).then((takesNothing) => {
        if (this.#connection !== connection) return;
        if (takesNothing) this.#resend();
        else this.#fail(failure);
      }),
    );
  }

  #resend(): void {
    this.#settings.onResent();
    this.#drop();
    this.#connect();
  }

  #fail({ reason, message }: ExchangeFailure): void {
    const observer = this.#ended()!;
    this.#drop();
    tell(() => observer.onFailure(reason, message));
  }

  /** Nothing is outstanding any more; answers with who waited. */
  #ended(): LaneObserver | null {
    const observer = this.#observer;
    this.#observer = null;
    this.#request = null;
    this.timeoutMs = NaN;
    if (!this.#reading) return observer;
    this.#reading = false;
    this.#reader.stop();
    this.#answer.body.drop();
    return observer;
  }

  #drop(): void {
    this.#connecting?.abort();
    this.#connecting = null;
    this.#connection?.drop();
    this.#connection = null;
  }
}
