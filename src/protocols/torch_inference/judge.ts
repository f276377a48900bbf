import type { FailureReason } from "../../core/outcome.ts";
import type { Asked, Verdict } from "../../core/protocol.ts";
import type { WireResponse } from "../../core/transport.ts";
import {
  isError,
  isRecord,
  numberOrNull,
  parseBody,
  serverWords,
  shortened,
  statusWords,
  succeeded,
} from "../shared/server_answer.ts";
import { sameModel } from "./aliases.ts";

/**
 * Judges the answer to a prediction request. An answer is a success only if it can be shown to be one: status 2xx,
 * `success: true`, the model asked for, as many predictions as inputs, none of them an error, none null.
 *
 * @param response The answer.
 * @param asked What was asked.
 */
export function judgePrediction(response: WireResponse, asked: Asked): Verdict {
  const value = parseBody(response.body);
  if (!succeeded(response)) return failure("status", statusWords(response));
  if (!isRecord(value)) {
    return failure("malformed", `not a JSON object: ${serverWords(value, response.body) || "it is empty"}`);
  }
  if (value["success"] === false) return failure("rejected", serverWords(value, response.body));
  if (value["success"] !== true) return failure("malformed", "the answer does not say whether it succeeded");
  const info = value["model_info"];
  const model = isRecord(info) ? info["model"] : undefined;
  if (typeof model !== "string") return failure("malformed", "the answer does not say which model gave it");
  if (!sameModel(model, asked.model)) {
    return failure("wrong-model", `"${shortened(model)}" answered for "${asked.model}"`);
  }
  const counted = isRecord(info) ? numberOrNull(info["input_count"]) : null;
  const found = judgeResult(value["result"], counted, asked);
  if (found !== null) return found;
  const seconds = value["processing_time"];
  return { kind: "success", serverMs: typeof seconds === "number" ? seconds * 1000 : null };
}

/**
 * The failure that a result shows, or `null` if it is what was asked for. What the server says of an item comes before how
 * many items there are: a batch that ran out of memory may well be short of one.
 */
function judgeResult(result: unknown, counted: number | null, asked: Asked): Verdict | null {
  if (result === undefined) return failure("malformed", "the answer has no result");
  if (isRecord(result) && hasError(result)) return failure("rejected", errorWords(result));
  if (result === null) return asked.allowNullResults ? null : failure("rejected", "the result is null");
  const miscounted = counted === null || counted === asked.predictions
    ? null
    : `the server counted ${counted} inputs where ${asked.predictions} were sent`;
  const predictions = predictionsOf(result, counted, asked.predictions);
  const failed = predictions.findIndex(hasError);
  if (failed >= 0) {
    const share = `${predictions.filter(hasError).length} of ${predictions.length} failed`;
    const more = miscounted === null ? share : `${share}; ${miscounted}`;
    return failure("rejected", `item ${failed + 1}: ${errorWords(predictions[failed])} (${more})`);
  }
  if (miscounted !== null) return failure("malformed", miscounted);
  if (predictions.length !== asked.predictions) {
    return failure("malformed", `${predictions.length} predictions for ${asked.predictions} inputs`);
  }
  const empty = asked.allowNullResults ? 0 : predictions.filter(isNull).length;
  return empty === 0 ? null : failure("rejected", `${empty} of ${predictions.length} predictions are null`);
}

/**
 * A list holds one entry per input. The answer to one input may also be the prediction itself, which may be a list: of
 * numbers (scores), or of anything if the server says that it counted one input.
 */
function predictionsOf(result: unknown, counted: number | null, asked: number): readonly unknown[] {
  if (!Array.isArray(result)) return [result];
  if (asked > 1 || result.length === 1) return result;
  return counted === 1 || result.length > 0 && result.every((entry) => typeof entry === "number" || entry === null)
    ? [result]
    : result;
}

function hasError(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return isError(value["error"]) || value["success"] === false;
}

function errorWords(value: unknown): string {
  const error = isRecord(value) ? value["error"] || value["detail"] || value["message"] || value : undefined;
  return shortened(typeof error === "string" ? error : JSON.stringify(error) ?? "");
}

/** Null, or made of nothing but nulls; nothing found is no null. */
function isNull(value: unknown): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.length > 0 && value.every(isNull);
  return isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isNull);
}

function failure(reason: FailureReason, message: string): Verdict {
  return { kind: "failure", reason, message };
}
