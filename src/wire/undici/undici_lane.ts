import { clearTimeout, setTimeout } from "node:timers";
// @ts-types="./undici_types.ts"
import { Client, type Dispatcher } from "undici";
import { concatenate } from "../../core/concatenate.ts";
import type { FailureReason } from "../../core/outcome.ts";
import type { Lane, LaneObserver, WireBody, WireRequest, WireResponse } from "../../core/transport.ts";
import { bodyLength } from "../../core/wire_body.ts";
import { mergedHeaders } from "../headers.ts";
import { withQuery } from "../query.ts";
import { ReusedConnection } from "../reused_connection.ts";
import { throwLater } from "../throw_later.ts";
import { classifyFailure } from "./failure_class.ts";
import { IncomingAnswer, type UndiciHeaders } from "./incoming_answer.ts";
import type { LaneSettings } from "./lane_settings.ts";
import { SocketWatch } from "./socket_watch.ts";

/** The longest delay that a timer takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Every part is a write of its own, which costs as much as copying so many bytes: smaller ones are put together. */
const LEAST_PART_BYTES = 8 * 1024;

/** undici takes any sequence of byte arrays for a body; its types do not say so. */
interface MutableDispatch {
  method: WireRequest["method"];
  path: string;
  headers: string[];
  body: WireBody | null;
}

/**
 * A lane over one undici `Client`. Everything that a request needs is reused: the handler, the dispatch options, the
 * merged headers and the timer.
 *
 * - **Deadlines**: undici's are off. The timer is left running when a request ends and moved only when it fires, so a
 *   closed loop sets one timer per deadline's length, not one per request.
 * - **Failures are told from a microtask**, never from undici's own stack, which does not bear a new request there.
 * - **Stale connections**: a request that met a connection which the server had closed, idle or right behind an answer,
 *   is sent once more on a new one; the time lost counts. {@linkcode ReusedConnection} tells when. undici does not show
 *   whether RST follows FIN, so what it leaves unknown is a failure here, unless it stands right behind one.
 */
export class UndiciLane implements Lane {
  readonly #settings: LaneSettings;
  readonly #onClosed: () => void;
  #client: Client | null = null;
  #dropped = new AbortController();
  #closing: Promise<void>[] = [];
  #closed = false;

  #observer: LaneObserver | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #dispatchError: Error | null = null;
  readonly #reused = new ReusedConnection();
  /** How long the connection took to open: a round trip at least. */
  #openMs = 0;

  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Infinity;
  #deadlineAt = 0;
  #timeoutMs = 0;

  #sawByte = false;
  readonly #answer: IncomingAnswer;
  readonly #watch = new SocketWatch();

  #ownHeaders: readonly string[] | null = null;
  readonly #options: MutableDispatch = { method: "GET", path: "/", headers: [], body: null };
  readonly #handler: Dispatcher.DispatchHandler = {
    onRequestStart: (controller) => {
      this.#controller = controller;
    },
    onResponseStarted: () => {
      if (this.#sawByte || this.#observer === null) return;
      this.#sawByte = true;
      this.#observer.onFirstByte();
    },
    // What these throw, undici takes for the failure of the request.
    onResponseStart: (_, status, headers) => {
      if (status < 200) return;
      this.#watch.progressed();
      this.#answer.head(status, headers);
    },
    onResponseData: (_, chunk) => {
      this.#watch.progressed();
      this.#answer.body.add(chunk, 0, chunk.length);
      if (this.#observer?.onChunk !== undefined) this.#tellChunk(this.#observer, chunk);
    },
    // By then undici has read what came behind the answer.
    onResponseEnd: (_, trailers) => queueMicrotask(() => this.#respond(trailers)),
    // Null means that dispatch itself refused the request.
    onResponseError: (controller: Dispatcher.DispatchController | null, error) => {
      if (controller === null) this.#dispatchError = error;
      else this.#onError(error);
    },
  };

  /**
   * Opens nothing yet.
   *
   * @param settings What it shares with the other lanes of its transport.
   * @param onClosed Called when it is closed.
   */
  constructor(settings: LaneSettings, onClosed: () => void) {
    this.#settings = settings;
    this.#onClosed = onClosed;
    this.#answer = new IncomingAnswer(settings.budget);
  }

  send(request: WireRequest, timeoutMs: number, observer: LaneObserver): void {
    if (this.#closed) throw new TypeError("Cannot send a request as the lane must be open: it is closed");
    if (this.#observer !== null) {
      throw new TypeError("Cannot send a request as the lane must be idle: a request is outstanding");
    }
    const now = performance.now();
    this.#options.method = request.method;
    const { basePath, query } = this.#settings;
    this.#options.path = withQuery(basePath === "" ? request.path : basePath + request.path, query);
    if (request.headers !== this.#ownHeaders) {
      this.#ownHeaders = request.headers;
      this.#options.headers = mergedHeaders(request.headers, this.#settings.headers);
    }
    if (request.body === null || request.body instanceof Uint8Array) this.#options.body = request.body;
    else this.#setParts(request.body);
    this.#observer = observer;
    this.#reused.reused();
    this.#timeoutMs = timeoutMs;
    this.#deadlineAt = now + timeoutMs;
    if (this.#timerAt > this.#deadlineAt) this.#arm(timeoutMs, now);
    this.#dispatch();
    if (this.#dispatchError !== null) {
      const cause = this.#dispatchError;
      this.#dispatchError = null;
      this.#observer = null;
      throw new TypeError(`Cannot send a request as it must be valid HTTP: ${cause.message}`, { cause });
    }
  }

  cancel(): void {
    const observer = this.#observer;
    if (observer === null) return;
    this.#giveUp();
    this.#dropConnection();
    observer.onCancelled();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#onClosed();
    this.cancel();
    this.#dropConnection();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await Promise.all(this.#closing);
  }

  #setParts(parts: readonly Uint8Array[]): void {
    const bytes = bodyLength(parts);
    if (bytes <= LEAST_PART_BYTES * parts.length) {
      this.#options.body = concatenate(parts);
      return;
    }
    this.#options.body = parts;
    // Without their length the parts would be sent in chunks, each with a frame of its own.
    this.#options.headers.push("content-length", String(bytes));
    this.#ownHeaders = null;
  }

  #dispatch(): void {
    this.#controller = null;
    this.#sawByte = false;
    this.#watch.begin();
    this.#answer.body.begin(this.#observer?.collectsBody ?? true, this.#observer?.borrowsBody ?? false);
    this.#client ??= this.#newClient();
    this.#client.dispatch(this.#options as Dispatcher.DispatchOptions, this.#handler);
  }

  #newClient(): Client {
    const { signal } = this.#dropped = new AbortController();
    // undici sets TCP_NODELAY on every socket by itself.
    const client = new Client(this.#settings.origin, {
      // None has every connection closed behind its answer.
      pipelining: this.#settings.keepsAlive ? 1 : 0,
      connect: (options, callback) => {
        const startMs = Date.now();
        this.#settings.connect(options, (...[error, socket]) => {
          if (error !== null) return callback(error, null);
          this.#openMs = Math.max(0, Date.now() - startMs); // the clock may be set back
          this.#watch.watch(socket, (endless) => this.#controller?.abort(endless));
          callback(null, socket);
        }, signal);
      },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    client.on("connect", () => this.#reused.fresh());
    return client;
  }

  #tellChunk(observer: LaneObserver, chunk: Uint8Array): void {
    try {
      observer.onChunk!(chunk);
    } catch (error) {
      // undici would take it for the server's fault.
      throwLater(error);
    }
  }

  #respond(trailers: UndiciHeaders): void {
    const observer = this.#observer;
    if (observer === null) return;
    if (this.#watch.hasSurplus) {
      return this.#failLater("malformed", "not a valid HTTP answer: bytes come behind its end");
    }
    let response: WireResponse;
    try {
      response = this.#answer.complete(trailers);
    } catch (error) {
      return this.#failLater("malformed", `body cannot be decoded: ${error instanceof Error ? error.message : error}`);
    }
    this.#observer = null;
    this.#reused.answered(response.status);
    try {
      observer.onResponse(response);
    } catch (error) {
      // undici would swallow it.
      throwLater(error);
    }
    if (this.#observer === null) this.#reused.rests();
  }

  #onError(error: Error): void {
    if (this.#observer === null) return;
    const { reason, message } = classifyFailure(error, this.#controller !== null, this.#watch.hasEnded);
    const verdict = this.#sawByte ? "failed" : this.#reused.broke(reason, this.#openMs);
    if (verdict === "unhandled" || verdict === "unknown" && this.#reused.isBehindFailure) {
      this.#reused.fresh();
      this.#settings.onResent();
      const observer = this.#observer;
      queueMicrotask(() => {
        if (this.#observer === observer) this.#dispatch();
      });
    } else this.#failLater(reason, message);
  }

  #failLater(reason: FailureReason, message: string): void {
    const observer = this.#observer;
    this.#answer.body.drop();
    queueMicrotask(() => {
      if (observer === null || this.#observer !== observer) return;
      this.#observer = null;
      observer.onFailure(reason, message);
    });
  }

  #giveUp(): void {
    this.#observer = null;
    this.#answer.body.drop();
  }

  #dropConnection(): void {
    this.#controller?.abort(new Error("dropped"));
    this.#controller = null;
    if (this.#client === null) return;
    const closing = this.#client.destroy().finally(() => {
      this.#closing = this.#closing.filter((other) => other !== closing);
    });
    this.#closing.push(closing);
    this.#client = null;
    this.#dropped.abort();
  }

  #arm(afterMs: number, now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const delayMs = Math.min(Math.max(Math.ceil(afterMs), 1), LONGEST_TIMER_MS);
    this.#timerAt = now + delayMs;
    this.#timer = setTimeout(() => this.#onTimer(), delayMs);
    // The socket of an outstanding request keeps the process alive; an idle lane must not.
    this.#timer.unref();
  }

  #onTimer(): void {
    this.#timer = null;
    this.#timerAt = Infinity;
    const observer = this.#observer;
    if (observer === null) return;
    const now = performance.now();
    if (now < this.#deadlineAt) return this.#arm(this.#deadlineAt - now, now);
    const missing = this.#controller === null ? "a connection" : this.#sawByte ? "the whole answer" : "an answer";
    this.#giveUp();
    this.#dropConnection();
    observer.onFailure("timeout", `${missing} did not come within ${this.#timeoutMs} ms`);
  }
}
