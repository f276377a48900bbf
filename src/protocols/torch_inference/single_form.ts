import { ExchangeError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/model_input.ts";
import type { ModelDescription, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { encodePrediction, type SingleForm } from "./encode.ts";
import { judgePrediction } from "./judge.ts";

const TIMEOUT_MS = 30_000;

/**
 * Finds out by the number of predictions in the answer how one item alone must be sent to this server; see
 * {@linkcode SingleForm}. Only items that are themselves lists longer than 1 need the question: it costs one prediction
 * on a server that takes an image for an image, two on one that takes it for a batch of its channels.
 *
 * @param call Carries the predictions.
 * @param description The model, which must be loaded.
 * @returns `bare` unless only `wrapped` is answered with one prediction.
 */
export async function findSingleForm(
  call: Call,
  description: ModelDescription,
  options?: ProtocolCallOptions,
): Promise<SingleForm> {
  const item = ambiguousItem(description);
  if (item === null) return "bare";
  for (const form of ["bare", "wrapped"] as const) {
    const request = encodePrediction(description.name, [item], form);
    try {
      const response = await call(request, { timeoutMs: TIMEOUT_MS, ...options });
      const asked = { model: description.name, predictions: 1, allowNullResults: true };
      if (judgePrediction(response, asked).kind === "success") return form;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
    }
  }
  return "bare";
}

/** An item of zeros, or `null` if one item cannot be taken for several. */
function ambiguousItem({ input }: ModelDescription): ModelInput | null {
  if (input.kind !== "tensors" || input.tensors.length !== 1) return null;
  const { name, datatype, shape: spec } = input.tensors[0]!;
  const shape = spec.map((dimension) => dimension < 0 ? 16 : dimension);
  if (datatype === "BYTES" || shape.length === 0 || shape[0] === 1) return null;
  const elements = shape.reduce((product, dimension) => product * dimension, 1);
  return { kind: "tensors", tensors: [{ name, datatype, shape, data: new Float64Array(elements) }] };
}
