import type { FailureReason } from "../../core/outcome.ts";
import { AnswerTooLarge } from "../answer_budget.ts";
import { ownLimit } from "../own_limits.ts";
import { MalformedAnswer } from "./answer_head.ts";

/** A failure of an exchange, classified. */
export interface ExchangeFailure {
  /** The class. */
  readonly reason: FailureReason;
  /** The detail, for people. */
  readonly message: string;
}

const RESET = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);
/** The kernel gave up on a peer that no longer answers. */
const LOST = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"]);

/**
 * Classifies why no connection could be opened: `client` where this machine allowed no more, else `refused`.
 *
 * @param error What opening it, or its TLS handshake, was rejected with.
 */
export function openFailure(error: unknown): ExchangeFailure {
  const code = codeOf(error), limit = ownLimit(code);
  const message = `connection not opened: ${code ?? messageOf(error)}`;
  return limit === null ? { reason: "refused", message } : { reason: "client", message: `${message}, ${limit}` };
}

/**
 * Classifies what ended an open connection.
 *
 * - ECONNRESET, EPIPE, ECONNABORTED: `reset`.
 * - A TLS stream that ends without saying so, or a peer that no longer answers: `closed`.
 * - TLS refused by the server, which with TLS 1.3 it says behind the handshake: `refused`, since no request was taken.
 *
 * @param error What reading or writing was rejected with.
 * @param sawByte Whether a byte of the answer came before.
 */
export function brokenConnection(error: unknown, sawByte: boolean): ExchangeFailure {
  const code = codeOf(error);
  if (code !== null && RESET.has(code)) return { reason: "reset", message: `connection reset: ${code}` };
  if (code !== null && LOST.has(code)) return { reason: "closed", message: `connection lost: ${code}` };
  if (error instanceof Deno.errors.InvalidData) {
    if (!sawByte) return openFailure(error);
    return malformed(messageOf(error));
  }
  if (error instanceof Deno.errors.UnexpectedEof) {
    return { reason: "closed", message: "connection closed before the end of the answer" };
  }
  return { reason: "closed", message: `connection lost: ${code ?? messageOf(error)}` };
}

/**
 * Classifies why bytes were not taken for an answer: `malformed`, or `too-large`.
 *
 * @param error What reading them threw; what is no fault of the answer is thrown on.
 */
export function refusedAnswer(error: unknown): ExchangeFailure {
  if (error instanceof AnswerTooLarge) return { reason: "too-large", message: error.message };
  if (!(error instanceof MalformedAnswer)) throw error;
  return malformed(error.message);
}

/** The failure of what is no HTTP answer, by what is wrong with it. */
export function malformed(why: string): ExchangeFailure {
  return { reason: "malformed", message: `not a valid HTTP answer: ${why}` };
}

/** The system's name of an error, or `null` if it has none. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  // The resolver's errors come as words alone.
  return error.message.startsWith("failed to lookup address information") ? "ENOTFOUND" : null;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message !== "" ? error.message : error.name;
}
