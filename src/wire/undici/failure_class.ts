import type { FailureReason } from "../../core/outcome.ts";
import { AnswerTooLarge } from "../answer_budget.ts";
import { ownLimit } from "../own_limits.ts";

/** A failure of an exchange, classified. */
export interface ExchangeFailure {
  /** The class. */
  readonly reason: FailureReason;
  /** The detail, for people. */
  readonly message: string;
}

/**
 * Classifies what undici or the socket below it reports.
 *
 * - Nothing was sent yet: the connection could not be opened, `client` where this machine allowed no more, else `refused`.
 * - ECONNRESET, EPIPE, ECONNABORTED: `reset`.
 * - End of the stream before the end of the answer: `closed`. This shows as "other side closed", as fewer bytes than
 *   content-length says, or as a parser that misses the last chunk. Where the stream goes on, the length is what undici
 *   says of any fault behind a content-length.
 * - A body that is larger than is taken: `too-large`.
 * - Everything else is bytes that are not an HTTP answer: `malformed`.
 *
 * @param error What was reported.
 * @param started Whether the request was handed to an open connection.
 * @param ended Whether the server had said that it sends no more. @default {true}
 */
export function classifyFailure(error: unknown, started: boolean, ended = true): ExchangeFailure {
  if (error instanceof AnswerTooLarge) return { reason: "too-large", message: error.message };
  const codes = codesOf(error);
  const message = messageOf(error);
  const limit = codes.map(ownLimit).find((words) => words !== null);
  if (!started && limit !== undefined) {
    return { reason: "client", message: `connection not opened: ${codes[0]}, ${limit}` };
  }
  if (!started) return { reason: "refused", message: `connection not opened: ${codes[0] ?? message}` };
  if (codes.some((code) => RESET.has(code))) return { reason: "reset", message: `connection reset: ${codes[0]}` };
  if (codes.some((code) => TIMED_OUT.has(code))) return { reason: "closed", message: `connection lost: ${codes[0]}` };
  if (ended && codes.includes("UND_ERR_RES_CONTENT_LENGTH_MISMATCH")) {
    return { reason: "closed", message: "connection closed before the end of the body" };
  }
  // undici's parser errors carry no code that tells one from another.
  const endedEarly = message.includes("Invalid EOF state");
  if (endedEarly || codes.includes("UND_ERR_SOCKET") && !message.startsWith("bad ")) {
    return { reason: "closed", message: "connection closed before the end of the answer" };
  }
  return { reason: "malformed", message: `not a valid HTTP answer: ${message}` };
}

const RESET = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);
/** The kernel gave up on a peer that no longer answers. */
const TIMED_OUT = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"]);

/** Error codes, outermost first; a connection tried over several addresses fails with one for each. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const inner = error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause];
  return [...own, ...inner.flatMap(codesOf)];
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message !== "" ? error.message : error.name;
}
