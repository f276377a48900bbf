import type { FailureReason } from "../../core/outcome.ts";
import type { Asked, Verdict } from "../../core/protocol.ts";
import type { WireResponse } from "../../core/transport.ts";
import { parseBody, statusWords, succeeded } from "../shared/server_answer.ts";

/** How a body begins that was meant to be JSON: an object, or a list of lists or objects. */
const MEANT_AS_JSON = /^\s*(\{|\[\s*[[{])/;
const HTML = /^\s*<(!doctype|html|head|body)/i;

/**
 * Judges the answer to one prediction. What a handler returns is its own: JSON, text or bytes, without the name of the
 * model and without a time. So an answer is a success unless the status says otherwise, nothing came, what came is a
 * page or broken JSON, or it is null.
 *
 * @param response The answer.
 * @param asked What was asked for: one prediction.
 */
export function judgePrediction(response: WireResponse, asked: Asked): Verdict {
  const { body } = response;
  if (!succeeded(response)) return failure("status", statusWords(response));
  if (body.length === 0) return failure("malformed", "the answer is empty");
  const value = parseBody(body);
  if (value === null && !asked.allowNullResults) return failure("rejected", "the prediction is null");
  if (value !== undefined) return { kind: "success", serverMs: null };
  const beginning = new TextDecoder().decode(body.subarray(0, 64));
  if (HTML.test(beginning)) return failure("malformed", "the answer is an HTML page");
  if (MEANT_AS_JSON.test(beginning)) return failure("malformed", "the answer begins like JSON, but is none");
  return { kind: "success", serverMs: null };
}

function failure(reason: FailureReason, message: string): Verdict {
  return { kind: "failure", reason, message };
}
