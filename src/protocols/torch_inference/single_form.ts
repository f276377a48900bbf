import { ExchangeError } from "../../core/errors.ts";
import type { InputSpec, ModelInput, TensorSpec } from "../../core/model_input.ts";
import type { Asked, ModelDescription, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireResponse } from "../../core/transport.ts";
import { isRecord, parseBody } from "../shared/server_answer.ts";
import { encodePrediction, type SingleForm } from "./encode.ts";
import { judgePrediction } from "./judge.ts";

const TIMEOUT_MS = 30_000;

/** An item that may be taken for several, as it is a list. */
interface ListItem {
  readonly item: ModelInput;
  /** How many entries the list has. */
  readonly length: number;
}

/**
 * Finds out by the number of predictions in the answer how one item alone must be sent to this server; see
 * {@linkcode SingleForm}. Only items that are themselves lists longer than 1 need the question: it costs one prediction
 * on a server that takes an image for an image, two on one that takes it for a batch of its channels.
 *
 * @param call Carries the predictions.
 * @param description The model, which must be loaded, with the items that will be sent: made ones, or the user's.
 * @returns `bare` unless only `wrapped` is answered with what is clearly one prediction.
 */
export async function findSingleForm(
  call: Call,
  { name: model, input }: ModelDescription,
  options?: ProtocolCallOptions,
): Promise<SingleForm> {
  const found = listItem(input);
  if (found === null) return "bare";
  const { item, length } = found;
  const asked = { model, predictions: 1, allowNullResults: true };
  for (const form of ["bare", "wrapped"] as const) {
    try {
      const response = await call(encodePrediction(model, [item], form), { timeoutMs: TIMEOUT_MS, ...options });
      if (isOne(response, asked, form === "bare" ? length : null)) return form;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
    }
  }
  return "bare";
}

/**
 * Whether an answer is one prediction. A list with an entry for each entry of the item is none, though it may be read as
 * scores, unless the server says that it counted one input.
 */
function isOne(response: WireResponse, asked: Asked, entries: number | null): boolean {
  if (judgePrediction(response, asked).kind !== "success") return false;
  const value = parseBody(response.body);
  if (!isRecord(value) || !Array.isArray(value["result"])) return true;
  const info = value["model_info"];
  return value["result"].length !== entries || isRecord(info) && info["input_count"] === 1;
}

/** The first item that is a list longer than 1, or `null` if none is. */
function listItem(input: InputSpec): ListItem | null {
  const items = input.kind === "samples"
    ? input.samples
    : input.kind === "tensors" && input.tensors.length === 1
    ? [itemOf(input.tensors[0]!)]
    : [];
  for (const item of items) {
    const length = lengthOf(item);
    if (length !== null && length !== 1) return { item, length };
  }
  return null;
}

/** How many entries an item has as a JSON list, `null` if it is none. */
function lengthOf(item: ModelInput): number | null {
  if (item.kind === "json") return Array.isArray(item.value) ? item.value.length : null;
  return item.kind === "tensors" && item.tensors.length === 1 ? item.tensors[0]!.shape[0] ?? null : null;
}

/** An item of nothing: zeros, or short texts. */
function itemOf({ name, datatype, shape: spec }: TensorSpec): ModelInput {
  const shape = spec.map((dimension) => dimension < 0 ? 16 : dimension);
  const elements = shape.reduce((product, dimension) => product * dimension, 1);
  const data = datatype === "BYTES" ? new Array<string>(elements).fill("a") : new Float64Array(elements);
  return { kind: "tensors", tensors: [{ name, datatype, shape, data }] };
}
