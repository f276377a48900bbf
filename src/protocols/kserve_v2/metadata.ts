import type { InputSpec, PartialInput, TensorSpec } from "../../core/model_input.ts";
import type { ModelDescription } from "../../core/protocol.ts";
import type { SequenceForm } from "../../core/request/sequence.ts";
import { isDatatype } from "../shared/datatypes.ts";
import { textInput } from "../shared/model_families.ts";
import { isWholeInput, UnknownInputError } from "../shared/unknown_input_error.ts";
import { isRecord, numberOrNaN, numberOrNull } from "../shared/server_answer.ts";
import { sequenceForm } from "./sequence_form.ts";

/** What must be known of a model to talk to it. */
export interface ModelMetadata {
  /** Its name. */
  readonly name: string;
  /** What the metadata calls it; left out where that says nothing. */
  readonly ownName?: string;
  /** Whether the leading dimension of every input is the batch. */
  readonly batched: boolean;
  /** Whether that is known, rather than guessed, so that an output must have a row an item. */
  readonly countsRows: boolean;
  /** Its inputs; shapes without the batch dimension. `null` where the server does not say. */
  readonly inputs: readonly TensorSpec[] | null;
  /** Why there are none, and what is said of them all the same; left out where there are. */
  readonly lack?: Lack;
  /** Names of its outputs, `null` where the server does not say. */
  readonly outputs: readonly string[] | null;
  /** Largest batch, 1 if it takes none, `null` if unknown. */
  readonly maxBatchSize: number | null;
  /** How its sequences are named; left out where each request stands for itself. */
  readonly sequence?: SequenceForm;
}

/** What is not said of a model's inputs. */
interface Lack extends Refusal {
  readonly told: readonly PartialInput[];
}

/** Why a server does not describe a model. */
export interface Refusal {
  /** What was seen, for people. */
  readonly why: string;
  /** Whether a wait is in vain. @default {false} */
  readonly lasts?: boolean;
}

/** What is said of a model, and by whom. */
export interface Sayings {
  /** The answer of `GET /v2/models/{model}`; left out if there is none. */
  readonly metadata?: unknown;
  /** Why there is none. */
  readonly refusal?: Refusal;
  /** The answer of Triton's `GET /v2/models/{model}/config`, `undefined` if there is none. */
  readonly config?: unknown;
  /** Whether the model takes batches, as the user says; `undefined` if nobody says. */
  readonly batched?: boolean | undefined;
}

/**
 * Reads what is said of a model. Outputs need not be known to send a request: what is odd about them is passed over.
 *
 * Whether a model takes batches is what the user says, else its configuration: Triton's `max_batch_size` of 0 means that
 * tensors are sent as they are, and that rows of outputs are its own, whatever the user says. Where there is neither it is a
 * guess: nothing in the protocol says so, but a leading dimension of any size that all inputs and outputs have in common is
 * one, and where no input has a shape there is one.
 *
 * @param model Name of the model.
 * @param said What is said of it.
 */
export function parseMetadata(model: string, { metadata, refusal, config, batched: said }: Sayings): ModelMetadata {
  const { name: ownName, inputs: given, outputs: listed } = isRecord(metadata) ? metadata : {};
  const settings = isRecord(config) ? config : {};
  const outputs = Array.isArray(listed) ? listed.filter(isRecord) : [];
  const limit = numberOrNull(settings["max_batch_size"]);
  const known = said ?? (limit === null ? undefined : limit > 0);
  const { told, why } = readInputs(given);
  const isOpen = (shape: readonly number[] | null) => shape === null || shape[0] === -1;
  const inputsOpen = told.every(({ shape }) => isOpen(shape));
  const batched = known ??
    (told.every(({ shape }) => shape === null) || inputsOpen && outputs.every(({ shape }) => isOpen(sizesOf(shape))));
  const ownBatch = !batched && inputsOpen && told.every(({ shape }) => shape === null || shape.length > 1);
  const optional = optionalNames(settings["input"]);
  const sequence = sequenceForm(settings);
  const inputs = told.map((input) => ({
    ...input,
    ...batched && input.shape !== null && { shape: withoutBatch(input.shape) },
    ...ownBatch && { ownBatch },
    ...optional.includes(input.name) && { optional: true as const },
  }));
  const names = outputs.map(({ name }) => name).filter((name) => typeof name === "string");
  return {
    name: model,
    ...typeof ownName === "string" && { ownName },
    batched,
    countsRows: batched && (limit === null ? known === true : limit > 0),
    inputs: why === null ? inputs.filter(isWholeInput) : null,
    ...why !== null && { lack: { why, ...refusal, told: inputs } },
    outputs: names.length > 0 && names.length === outputs.length ? names : null,
    // Triton's sequence batcher refuses requests of several items.
    maxBatchSize: !batched || sequence !== null ? 1 : limit === 0 ? null : limit,
    ...sequence !== null && { sequence },
  };
}

/** A batch dimension may have any size, or is written as 1; metadata may also leave it out. */
function withoutBatch(shape: readonly number[]): readonly number[] {
  return shape[0] === -1 || shape[0] === 1 && shape.length > 1 ? shape.slice(1) : shape;
}

/**
 * What the metadata says about a model, in the terms of every protocol.
 *
 * @throws {UnknownInputError} If it does not say what the model takes.
 */
export function descriptionOf({ name, inputs, lack, maxBatchSize, sequence }: ModelMetadata): ModelDescription {
  const known = { name, maxBatchSize, device: null, ...sequence === undefined ? {} : { sequence } };
  if (inputs === null) throw new UnknownInputError(known, lack?.why, null, lack?.told, lack?.lasts);
  return { ...known, input: inputSpec(inputs) };
}

function inputSpec(inputs: readonly TensorSpec[]): InputSpec {
  const [only, ...more] = inputs;
  const oneText = only?.datatype === "BYTES" && more.length === 0 &&
    only.shape.every((size) => size === 1 || size === -1);
  return oneText ? textInput() : { kind: "tensors", tensors: inputs };
}

/** What is said of the inputs of a model, and in words what is not, `null` if all is. */
function readInputs(value: unknown): { readonly told: readonly PartialInput[]; readonly why: string | null } {
  if (!Array.isArray(value) || value.length === 0) return { told: [], why: "its metadata lists no inputs" };
  const told: PartialInput[] = [];
  let untyped: string | null = null, unshaped: string | null = null;
  for (const entry of value) {
    const { name, datatype, shape } = isRecord(entry) ? entry : {};
    if (typeof name !== "string") return { told: [], why: "its metadata lists an input without a name" };
    const sizes = sizesOf(shape);
    told.push({ name, datatype: isDatatype(datatype) ? datatype : null, shape: sizes });
    if (!isDatatype(datatype)) untyped ??= `its input "${name}" is of an unknown datatype, ${JSON.stringify(datatype)}`;
    if (sizes === null) unshaped ??= `its input "${name}" has no shape`;
  }
  // Items have shapes of their own.
  return { told, why: untyped ?? unshaped };
}

function sizesOf(shape: unknown): number[] | null {
  const sizes = Array.isArray(shape) ? shape.map(numberOrNaN) : [NaN];
  return sizes.every(Number.isInteger) ? sizes.map((size) => size < 0 ? -1 : size) : null;
}

function optionalNames(inputs: unknown): unknown[] {
  const entries = Array.isArray(inputs) ? inputs.filter(isRecord) : [];
  return entries.filter(({ optional }) => optional === true).map(({ name }) => name);
}
