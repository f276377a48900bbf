import { TargetError } from "../../core/errors.ts";
import type { InputSpec, TensorSpec } from "../../core/model_input.ts";
import type { ModelDescription } from "../../core/protocol.ts";
import { isDatatype } from "../shared/datatypes.ts";
import { textInput } from "../shared/model_families.ts";
import { isRecord, numberOrNull } from "../shared/server_answer.ts";

/** What must be known of a model to talk to it. */
export interface ModelMetadata {
  /** Its name. */
  readonly name: string;
  /** Whether the leading dimension of every input is the batch. */
  readonly batched: boolean;
  /** Whether that is known, rather than guessed, so that an output must have a row an item. */
  readonly countsRows: boolean;
  /** Its inputs; shapes without the batch dimension. */
  readonly inputs: readonly TensorSpec[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
  /** Largest batch, 1 if it takes none, `null` if unknown. */
  readonly maxBatchSize: number | null;
}

/**
 * Reads the answer of `GET /v2/models/{model}`.
 *
 * Whether a model takes batches is what the user says, else its configuration: Triton's `max_batch_size` of 0 means that
 * tensors are sent as they are. Where there is neither it is a guess: nothing in the protocol says so, but a leading
 * dimension of any size that all inputs and outputs have in common is one.
 *
 * @param model Name of the model.
 * @param value The answer.
 * @param config The answer of Triton's `GET /v2/models/{model}/config`, `undefined` if there is none.
 * @param said Whether the model takes batches, as the user says; `undefined` if nobody says.
 * @throws {TargetError} If it is not metadata.
 */
export function parseMetadata(model: string, value: unknown, config: unknown, said?: boolean): ModelMetadata {
  const inputs = isRecord(value) ? tensorSpecs(value["inputs"]) : null;
  const outputs = isRecord(value) ? tensorSpecs(value["outputs"]) : null;
  if (inputs === null || inputs.length === 0 || outputs === null) {
    throw new TargetError(
      `Cannot describe the model "${model}" as its metadata must list inputs and outputs with name, datatype and shape: ` +
        `found ${JSON.stringify(value)?.slice(0, 200)}`,
    );
  }
  const limit = isRecord(config) ? numberOrNull(config["max_batch_size"]) : null;
  const told = said ?? (limit === null ? undefined : limit > 0);
  const common = [...inputs, ...outputs].every(({ shape }) => shape[0] === -1);
  const batched = told ?? common;
  const ownBatch = !batched && common && inputs.every(({ shape }) => shape.length > 1);
  return {
    name: model,
    batched,
    countsRows: told === true,
    inputs: batched
      ? inputs.map((input) => ({ ...input, shape: withoutBatch(input.shape) }))
      : ownBatch
      ? inputs.map((input) => ({ ...input, ownBatch }))
      : inputs,
    outputs: outputs.map(({ name }) => name),
    maxBatchSize: !batched ? 1 : limit === 0 ? null : limit,
  };
}

/** A batch dimension may have any size, or is written as 1; metadata may also leave it out. */
function withoutBatch(shape: readonly number[]): readonly number[] {
  return shape[0] === -1 || shape[0] === 1 && shape.length > 1 ? shape.slice(1) : shape;
}

/** What the metadata says about a model, in the terms of every protocol. */
export function descriptionOf({ name, inputs, maxBatchSize }: ModelMetadata): ModelDescription {
  return { name, input: inputSpec(inputs), maxBatchSize, device: null };
}

function inputSpec(inputs: readonly TensorSpec[]): InputSpec {
  const [only, ...more] = inputs;
  const oneText = only?.datatype === "BYTES" && more.length === 0 &&
    only.shape.every((size) => size === 1 || size === -1);
  return oneText ? textInput() : { kind: "tensors", tensors: inputs };
}

function tensorSpecs(value: unknown): TensorSpec[] | null {
  if (!Array.isArray(value)) return null;
  const specs = value.map((entry): TensorSpec | null => {
    if (!isRecord(entry)) return null;
    const { name, datatype, shape } = entry;
    // JSON writers of 64-bit integers put them into strings.
    const sizes = Array.isArray(shape) ? shape.map(Number) : [NaN];
    if (typeof name !== "string" || !isDatatype(datatype) || !sizes.every(Number.isInteger)) return null;
    return { name, datatype, shape: sizes.map((size) => size < 0 ? -1 : size) };
  });
  return specs.every((spec) => spec !== null) ? specs : null;
}
