import type { FailureReason } from "./outcome.ts";
import type { RequestTokens } from "./request/request_tokens.ts";

/**
 * An encoded body: its bytes, or parts of them that are sent one behind the other. Parts have no meaning of their own;
 * several requests may share them, so that a large tensor stands in memory once. `src/core/wire_body.ts` reads both forms.
 */
export type WireBody = Uint8Array<ArrayBuffer> | readonly Uint8Array[];

/**
 * One request, encoded before it is needed. The same object may be sent many times.
 *
 * It is what all versions of HTTP have in common (RFC 9110), and with them gRPC, which is `POST /package.Service/Method`
 * with messages for a body, each behind its five bytes of prefix, and its status in the answer's trailers.
 */
export interface WireRequest {
  /** Method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with query, relative to the transport's origin: `/resnet18/predict`. */
  readonly path: string;
  /** Header names and values in turn: `["content-type", "application/json"]`. The transport adds the body's length. */
  readonly headers: readonly string[];
  /** Encoded body, or `null` for none. */
  readonly body: WireBody | null;
  /**
   * So many bytes of memory right in front of a body in one piece are there for a transport to write the request's head to, so that
   * both are one piece. Such a request is sent by one lane at a time. @default {0}
   */
  readonly headRoom?: number;
  /** What is known of its tokens, of a language model; nothing of it is sent. */
  readonly tokens?: RequestTokens;
}

/** One complete response. */
export interface WireResponse {
  /** HTTP status code. */
  readonly status: number;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; empty if the observer did not want it collected. */
  readonly body: Uint8Array;
  /** What came behind the body, by lower-case name; left out where nothing did. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/**
 * What a lane tells about the request that it carries. After `send`, exactly one of `onResponse`, `onFailure` and
 * `onCancelled` is called, once, never before `send` returned. One observer may be used for any number of requests.
 */
export interface LaneObserver {
  /**
   * The request is ready, and its first byte is about to be handed to the system. Called inside of `send`, at most once; not
   * where a connection has to be opened first, and never by transports that cannot know it.
   */
  onSending?(): void;
  /**
   * The last byte of the request was handed to the system. Called at most once, and never after `onResponse`; a server that
   * answers before it has read everything makes it come after `onFirstByte`. Transports that cannot know it never call it.
   */
  onSent?(): void;
  /**
   * The socket was read: all that is told of the answer until the next call came at this moment. Never called by transports that
   * cannot know it.
   */
  onRead?(): void;
  /** The first byte of the answer's head came. Called at most once, before all that follows. */
  onFirstByte(): void;
  /**
   * A piece of the body came: called in order, as pieces come, before `onResponse`. Where they are cut is chance. The bytes
   * are as they were sent, compressed if the server compressed them, and stay as they are unless {@linkcode borrowsBody} says
   * otherwise. Left out, answers are taken whole.
   */
  onChunk?(bytes: Uint8Array): void;
  /** Whether `onResponse` is given the body. Without it a long stream takes no memory. @default {true} */
  readonly collectsBody?: boolean;
  /**
   * Whether the body is read inside `onResponse`, and each piece inside `onChunk`, and never afterwards. A transport may then show its own memory, which the
   * next answer overwrites, instead of a copy. @default {false}
   */
  readonly borrowsBody?: boolean;
  /** The answer is complete. */
  onResponse(response: WireResponse): void;
  /** No complete answer came. `message` is for people. */
  onFailure(reason: FailureReason, message: string): void;
  /** `cancel()` ended the request. */
  onCancelled(): void;
}

/** One connection with at most one request outstanding. It reconnects by itself when the next request needs it. */
export interface Lane {
  /**
   * Sends a request.
   *
   * @param request What to send.
   * @param timeoutMs Deadline of the whole exchange in ms; passing it is a failure with reason `timeout`.
   * @param observer Is told what becomes of it.
   * @throws {TypeError} If a request is outstanding on this lane.
   */
  send(request: WireRequest, timeoutMs: number, observer: LaneObserver): void;
  /** Ends the outstanding request, if there is one; the connection is dropped, since its answer may still come. */
  cancel(): void;
  /** Cancels what is outstanding and frees the connection. Resolves when it is closed; closing again does nothing. */
  close(): Promise<void>;
}

/** Bytes over sockets to one origin. */
export interface Transport extends AsyncDisposable {
  /** Scheme, host and port that it talks to: `http://127.0.0.1:8000`. */
  readonly origin: string;
  /**
   * Requests that were sent once more, since they met a connection that the server had closed while it was idle or right
   * behind an answer. Left out by transports that do not count them.
   */
  readonly resentRequests?: number;
  /** Opens one more lane. No bytes flow before its first request. */
  openLane(): Lane;
  /** Cancels what is outstanding and closes every lane that is still open. */
  close(): Promise<void>;
}

/** Options of one call outside the hot path. */
export interface CallOptions {
  /** Deadline of the exchange in ms. @default {10000} */
  readonly timeoutMs?: number;
  /** Cancels the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Whether it is never made again, also where its connection was lost: twice may be once too often. @default {false} */
  readonly once?: boolean;
}

/**
 * One request and its answer, for everything outside the hot path.
 * Rejects with {@linkcode ExchangeError} where no complete answer came; any HTTP status is an answer.
 */
export type Call = (request: WireRequest, options?: CallOptions) => Promise<WireResponse>;
