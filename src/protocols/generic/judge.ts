import type { FailureReason } from "../../core/outcome.ts";
import type { Asked, Verdict } from "../../core/protocol.ts";
import type { WireResponse } from "../../core/transport.ts";
import {
  isError,
  isRecord,
  parseBody,
  serverWords,
  shortened,
  statusWords,
  succeeded,
  textOrNull,
} from "../shared/server_answer.ts";
import { atPointer } from "./json_pointer.ts";
import { takesBatches } from "./request.ts";
import type { GenericSpec } from "./spec.ts";
import type { UncoveredErrors } from "./uncovered_errors.ts";

/**
 * Judges an answer by the pointers of a description: the status must be 2xx, nothing may stand where errors do, and
 * where predictions do there must be as many as were asked for: a list is one for each item. A list for one item may be
 * the prediction itself, also an empty one where requests hold no lists of items: a detector found nothing. A prediction
 * with an `error` in words is none.
 *
 * @param response The answer.
 * @param asked What was asked for.
 * @param spec Where to look.
 * @param uncovered Takes note of what looks like an error elsewhere in an answer that succeeds.
 */
export function judgeGeneric(
  response: WireResponse,
  asked: Asked,
  { predict, predictions: pointer, error }: Pick<GenericSpec, "predict" | "predictions" | "error">,
  uncovered?: UncoveredErrors,
): Verdict {
  const { status, body } = response;
  const value = parseBody(body);
  const told = error === null ? undefined : atPointer(value, error);
  const words = isError(told) ? shortened(typeof told === "string" ? told : JSON.stringify(told)) : null;
  if (!succeeded(response)) {
    return failure("status", words === null ? statusWords(response) : `status ${status}: ${words}`);
  }
  if (words !== null) return failure("rejected", words);
  if (body.length === 0) return failure("malformed", "the answer is empty");
  uncovered?.look(value, status);
  if (pointer === null) return { kind: "success", serverMs: null };
  if (value === undefined) return failure("malformed", `the answer is not JSON: ${serverWords(value, body)}`);
  const found = atPointer(value, pointer);
  if (Array.isArray(found) && found.length === 0 && takesBatches(predict) && asked.predictions === 1) {
    return failure("malformed", "no prediction for 1 input");
  }
  return judgePredictions(found, pointer, asked) ?? { kind: "success", serverMs: null };
}

function judgePredictions(found: unknown, pointer: string, asked: Asked): Verdict | null {
  if (found === undefined) return failure("malformed", `the answer has nothing at "${pointer}"`);
  // A batch that ran out of memory may well be short of one: what is said of an item comes first.
  const failed = failedItems(found);
  if (failed !== null) return failure("rejected", failed);
  if (asked.predictions > 1 && !(Array.isArray(found) && found.length === asked.predictions)) {
    const count = Array.isArray(found) ? found.length : found === null ? 0 : 1;
    if (found !== null || !asked.allowNullResults) {
      return failure("malformed", `${count} predictions for ${asked.predictions} inputs`);
    }
  }
  if (asked.allowNullResults) return null;
  const empty = Array.isArray(found) ? found.filter((prediction) => prediction === null).length : 0;
  if (found === null || empty > 0) {
    return failure("rejected", `${found === null ? "the predictions are" : `${empty} of them are`} null`);
  }
  return null;
}

/** What is said of the items that failed, `null` where none did. */
function failedItems(found: unknown): string | null {
  const items: readonly unknown[] = Array.isArray(found) ? found : [found];
  const errors = items.flatMap((item, i) => {
    const words = isRecord(item) ? errorWords(item["error"]) : null;
    return words === null ? [] : [{ words: shortened(words), i }];
  });
  const [first] = errors;
  if (first === undefined) return null;
  if (!Array.isArray(found)) return first.words;
  return `item ${first.i + 1}: ${first.words} (${errors.length} of ${items.length} failed)`;
}

/** The words of an error, `null` where there are none: numbers may be how far off a prediction is. */
function errorWords(error: unknown): string | null {
  if (isRecord(error)) return textOrNull(error["message"]) ?? textOrNull(error["detail"]);
  return typeof error === "string" && Number.isNaN(Number(error)) ? error : null;
}

function failure(reason: FailureReason, message: string): Verdict {
  return { kind: "failure", reason, message };
}
