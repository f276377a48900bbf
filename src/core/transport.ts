import type { FailureReason } from "./outcome.ts";

/** One HTTP request, encoded before it is needed. The same object may be sent many times. */
export interface WireRequest {
  /** HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with query, relative to the transport's origin: `/resnet18/predict`. */
  readonly path: string;
  /** Header names and values in turn: `["content-type", "application/json"]`. */
  readonly headers: readonly string[];
  /** Encoded body, or `null` for none. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** One complete HTTP response. */
export interface WireResponse {
  /** HTTP status code. */
  readonly status: number;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body. */
  readonly body: Uint8Array;
}

/**
 * What a lane tells about the request that it carries. After `send`, exactly one of `onResponse`, `onFailure` and
 * `onCancelled` is called, once, never before `send` returned. One observer may be used for any number of requests.
 */
export interface LaneObserver {
  /** The first byte of the answer's head came. Called at most once, before `onResponse`. */
  onFirstByte(): void;
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
}

/**
 * One request and its answer, for everything outside the hot path.
 * Rejects with {@linkcode ExchangeError} where no complete answer came; any HTTP status is an answer.
 */
export type Call = (request: WireRequest, options?: CallOptions) => Promise<WireResponse>;
