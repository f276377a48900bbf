import type { Asked, Protocol, Verdict } from "../core/protocol.ts";
import { isLimit, retryAfter } from "../core/request/retry_after.ts";
import type { AnswerStream } from "../core/stream/answer_stream.ts";
import type { WireResponse } from "../core/transport.ts";
import { collectAfter } from "./collect_garbage.ts";

/**
 * Judges an answer. One that breaks the judging itself, as lists nested a hundred thousand deep do, is a failure of its
 * request and never of the run.
 *
 * @param protocol What judges.
 * @param response The answer.
 * @param asked What was asked for.
 */
export function judged(protocol: Pick<Protocol, "judge">, response: WireResponse, asked: Asked): Verdict {
  try {
    return asLimit(protocol.judge(response, asked), response);
  } catch (error) {
    const why = error instanceof RangeError ? "it is nested too deeply or too large" : String(error);
    return { kind: "failure", reason: "malformed", message: `the answer cannot be judged: ${why}` };
  } finally {
    collectAfter(response.body.length);
  }
}

/**
 * Judges a streamed answer at its end.
 *
 * @param stream What read it.
 * @param response Its head.
 */
export function judgedStream(stream: AnswerStream, response: WireResponse): Verdict {
  return asLimit(stream.end(response), response);
}

/** A failure by an answer that asks for fewer requests is told as that, with how long the server asks to wait. */
function asLimit(verdict: Verdict, response: WireResponse): Verdict {
  if (verdict.kind === "success" || !isLimit(response)) return verdict;
  const later = retryAfter(response.headers);
  if (later === null) return { ...verdict, reason: "limited" };
  const { waitMs, words } = later;
  const message = `${verdict.message}; ${words}`;
  return { kind: "failure", reason: "limited", message, ...waitMs === null ? {} : { waitMs } };
}
