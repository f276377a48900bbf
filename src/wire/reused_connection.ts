import type { FailureReason } from "../core/outcome.ts";

/**
 * A connection that was idle for this long may have been closed by the server while the next request was on its way.
 * Servers give up idle connections after 1 s or more; a closed loop reuses its within microseconds.
 */
const STALE_AFTER_IDLE_MS = 500;
/**
 * That shows within a round trip, and the client may take so long to see it. A connection that breaks later carried the
 * request to the server, which worked on it.
 */
const SHOWS_WITHIN_MS = 100;
/**
 * So long after an answer that is an error a close still belongs to it: uvicorn writes the traceback in between, which
 * took 2 ms to 12 ms.
 */
const CLOSES_BEHIND_ERROR_MS = 100;
/** So long after any other answer. */
const CLOSES_BEHIND_ANSWER_MS = 10;
const LEAST_ERROR_STATUS = 400;
/** Servers close behind these without having said so. */
const LEAST_FAILURE_STATUS = 500;

/**
 * What a break says of a request of whose answer not one byte came:
 *
 * - `unhandled`: the server had closed before it could take the request, which may be sent once more.
 * - `unknown`: it had, if the server takes nothing more either; else it read the request, and closed.
 * - `failed`: the server failed.
 */
export type Break = "unhandled" | "unknown" | "failed";

/**
 * Tells whether the break of a connection belongs to the answer before. A server that closes behind an answer without
 * having said so makes the next request meet a dead connection; one that drops connections while it works on a request
 * fails, also under load.
 *
 * The system answers with RST what comes to a closed socket, and closes with RST a socket with bytes that nobody read. So
 * RST right behind an answer is a request that was not read; where FIN came first, RST has to follow it.
 *
 * The clock that is read is the cheap one, as it is read for every request.
 */
export class ReusedConnection {
  #idleSince = NaN;
  #sentAt = NaN;
  #wasIdle = false;
  #status = 0;

  /** A request goes over a new connection: nothing speaks for it. */
  fresh(): void {
    this.#idleSince = NaN;
    this.#sentAt = NaN;
    this.#wasIdle = false;
  }

  /** Whether the last request went over a new connection. */
  get isFresh(): boolean {
    return Number.isNaN(this.#sentAt);
  }

  /** A request goes over the connection that carried the answer before. */
  reused(): void {
    this.#sentAt = Date.now();
    this.#wasIdle = this.#sentAt - this.#idleSince >= STALE_AFTER_IDLE_MS;
    this.#idleSince = NaN;
  }

  /** An answer of this status came whole. */
  answered(status: number): void {
    this.#status = status;
  }

  /**
   * Whether the answer before was a failure of the server: what is `unknown` right behind it counts as unhandled where
   * nothing tells more.
   */
  get isBehindFailure(): boolean {
    return this.#status >= LEAST_FAILURE_STATUS;
  }

  /** No request follows at once. */
  rests(): void {
    this.#idleSince = Date.now();
  }

  /**
   * The connection broke before the first byte of the answer.
   *
   * @param reason How.
   * @param openMs How long it took to open: a round trip at least.
   */
  broke(reason: FailureReason, openMs: number): Break {
    if (this.isFresh || (reason !== "closed" && reason !== "reset")) return "failed";
    const afterMs = Date.now() - this.#sentAt;
    if (this.#wasIdle) return afterMs <= SHOWS_WITHIN_MS + openMs ? "unhandled" : "failed";
    if (afterMs > CLOSES_BEHIND_ERROR_MS) return "failed";
    if (reason === "closed") return "unknown";
    const isError = this.#status >= LEAST_ERROR_STATUS;
    return isError || afterMs <= CLOSES_BEHIND_ANSWER_MS ? "unhandled" : "failed";
  }
}
