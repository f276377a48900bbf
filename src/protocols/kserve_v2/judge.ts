import type { FailureReason } from "../../core/outcome.ts";
import type { Asked, Verdict } from "../../core/protocol.ts";
import type { WireResponse } from "../../core/transport.ts";
import {
  isRecord,
  numberOrNull,
  parseBody,
  serverWords,
  shortened,
  statusWords,
  succeeded,
  textOrNull,
} from "../shared/server_answer.ts";
import { JSON_LENGTH_HEADER } from "./encode.ts";
import { ModelNames } from "./model_names.ts";
import { isPlainSuccess } from "./plain_answer.ts";

/** Something that keeps an answer from being a success. */
class Flaw extends Error {
  constructor(readonly reason: FailureReason, message: string) {
    super(message);
  }
}

/**
 * Judges the answer to an inference request: status 2xx, no `error`, the model asked for by whatever name, outputs whose
 * shapes and element counts agree, none null, and where the batch is known as many rows as inputs in each of them. The
 * protocol has no server time here.
 *
 * @param response The answer.
 * @param asked What was asked.
 * @param countsRows Whether the leading dimension of an output is known to be the batch. Rows of others may be
 * detections, words or anything else: whatever their number, as many items were predicted as were sent.
 * @param names By which names the answers before called the models.
 */
export function judgeInference(
  response: WireResponse,
  asked: Asked,
  countsRows: boolean,
  names: ModelNames = new ModelNames(),
): Verdict {
  try {
    findFlaw(response, asked, countsRows, names);
    return { kind: "success", serverMs: null };
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    return { kind: "failure", reason: error.reason, message: error.message };
  }
}

function findFlaw(response: WireResponse, asked: Asked, countsRows: boolean, names: ModelNames): void {
  if (!succeeded(response)) throw new Flaw("status", statusWords(response));
  const { json, rawBytes } = takeApart(response);
  const name = names.usual(asked.model);
  if (name !== null && isPlainSuccess(json, { asked, countsRows, name, rawBytes })) return;
  const value = parseBody(json);
  if (!isRecord(value)) throw new Flaw("malformed", `not a JSON object: ${serverWords(value, json) || "it is empty"}`);
  if (value["error"] !== undefined && value["error"] !== null) throw new Flaw("rejected", serverWords(value, json));
  const model = textOrNull(value["model_name"]);
  const outputs = value["outputs"];
  if (!Array.isArray(outputs) || outputs.length === 0) throw new Flaw("malformed", "the answer has no outputs");
  const rawUsed = outputs.reduce((sum: number, output) => sum + checkOutput(output, asked, countsRows), 0);
  if (rawUsed !== rawBytes) {
    throw new Flaw("malformed", `${rawBytes} bytes of raw tensors where the outputs name ${rawUsed}`);
  }
  if (!names.accepts(asked.model, model)) {
    const which = model === null ? "an answer without a model's name came" : `"${shortened(model)}" answered`;
    throw new Flaw("wrong-model", `${which} for "${asked.model}"`);
  }
}

/** The JSON part, and how many bytes of raw tensors follow it. */
function takeApart({ headers, body }: WireResponse): { json: Uint8Array; rawBytes: number } {
  const header = headers[JSON_LENGTH_HEADER];
  if (header === undefined) return { json: body, rawBytes: 0 };
  const length = Number(header);
  if (!Number.isInteger(length) || length < 0 || length > body.length) {
    throw new Flaw("malformed", `${JSON_LENGTH_HEADER} is ${header} in a body of ${body.length} bytes`);
  }
  const json = body.subarray(0, length);
  return { json, rawBytes: body.length - length };
}

/** Checks one output; answers how many raw bytes it has. */
function checkOutput(output: unknown, asked: Asked, countsRows: boolean): number {
  if (!isRecord(output) || !Array.isArray(output["shape"])) throw new Flaw("malformed", "an output has no shape");
  const shape = output["shape"].map(Number);
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new Flaw("malformed", `an output has the shape [${shape}]`);
  }
  if (countsRows && (shape[0] ?? 1) !== asked.predictions) {
    throw new Flaw("malformed", `${shape[0] ?? 1} predictions for ${asked.predictions} inputs`);
  }
  const parameters = isRecord(output["parameters"]) ? output["parameters"] : {};
  const rawBytes = numberOrNull(parameters["binary_data_size"]);
  if (rawBytes === null) checkData(output["data"], shape, asked);
  return rawBytes ?? 0;
}

function checkData(data: unknown, shape: readonly number[], asked: Asked): void {
  if (data === null && asked.allowNullResults) return;
  if (data === null) throw new Flaw("rejected", "an output is null");
  if (!Array.isArray(data)) throw new Flaw("malformed", "an output has no data");
  // Some servers nest the list by the shape; one that is nested deeper has too few elements then.
  const flat: unknown[] = Array.isArray(data[0]) ? data.flat(shape.length) : data;
  const elements = shape.reduce((product, size) => product * size, 1);
  if (flat.length !== elements) throw new Flaw("malformed", `${flat.length} elements for the shape [${shape}]`);
  if (asked.allowNullResults || elements === 0) return;
  const items = shape[0] === asked.predictions ? asked.predictions : 1;
  const perItem = elements / items;
  for (let item = 0; item < items; item++) {
    let at = item * perItem;
    const end = at + perItem;
    while (at < end && flat[at] === null) at++;
    if (at === end) throw new Flaw("rejected", `the prediction for input ${item + 1} of ${items} is null`);
  }
}
