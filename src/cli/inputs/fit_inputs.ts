import { UsageError } from "../../core/errors.ts";
import type { Datatype, InputSpec, ModelInput, Tensor, TensorSpec } from "../../core/model_input.ts";
import { checkedNumber } from "../../items/exact/checked_number.ts";
import { isFloat } from "../../items/number_arrays.ts";
import { guessedInputs, isRecord, itemTensors, withOwnBatch } from "../../items/item_tensors.ts";
import type { Protocol } from "../../core/protocol.ts";
import type { NpyArray } from "./npy.ts";
import { imageTensor } from "./image_tensor.ts";
import { type InputOverrides, isEmpty } from "../options/input_overrides.ts";
import { overriddenInputs } from "./overridden_inputs.ts";

/** What one file holds, before it is known what the model takes. */
export type RawSample =
  | { readonly kind: "item"; readonly item: ModelInput }
  | { readonly kind: "array"; readonly array: NpyArray; readonly path: string }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly contentType: string; readonly path: string };

/**
 * Items that a model takes, from what the user gave.
 *
 * - An array is one item where it has as many dimensions as the input, several where it has one more.
 * - An image is sent as it is to servers that take bytes, else decoded to the shape of the input.
 *
 * @param raw What the files hold; `null` where items shall be made.
 * @param overrides Shapes and element types that the user gave.
 * @param known What the model takes, `null` if nobody knows.
 * @param protocol Whether its server takes bytes as they are, or tensors with names.
 * @returns `null` where nothing was given and nothing is known.
 * @throws {UsageError} If something given cannot be what the model takes.
 */
export async function fitInputs(
  raw: readonly RawSample[] | null,
  overrides: InputOverrides,
  known: InputSpec | null,
  { takesBytes = false, takesTensors = false }: Pick<Protocol, "takesBytes" | "takesTensors">,
): Promise<InputSpec | null> {
  // Items have shapes of their own.
  const needsShapes = raw === null || raw.some(({ kind }) => kind !== "item");
  const spec = overriddenInputs(known, overrides, needsShapes);
  if (raw === null) return spec;
  const samples: ModelInput[] = [];
  for (const sample of raw) samples.push(...await fitSample(sample, spec, takesBytes));
  if (takesTensors && !isEmpty(overrides) && (spec === null || spec.kind === "tensors")) {
    const given = known === null ? null : spec?.tensors ?? null;
    const specsOf = (item: ModelInput) => given ?? guessedSpecs(item, spec?.tensors ?? [], overrides);
    return {
      kind: "samples",
      samples: samples.map((item) => ({ kind: "tensors", tensors: itemTensors(item, specsOf(item)) })),
    };
  }
  return { kind: "samples", samples };
}

/** Of a model that nobody describes: what the user says of its inputs, and the others as the item has them. */
function guessedSpecs(item: ModelInput, said: readonly TensorSpec[], { omitted = [] }: InputOverrides) {
  const isNamed = item.kind === "json" && isRecord(item.value);
  const others = isNamed || said.length === 0 && item.kind === "json" ? guessedInputs(item.value) : [];
  return [...said, ...others.filter(({ name }) => said.every((spec) => spec.name !== name) && !omitted.includes(name))];
}

async function fitSample(sample: RawSample, spec: InputSpec | null, takesBytes: boolean): Promise<ModelInput[]> {
  switch (sample.kind) {
    case "item":
      return [sample.item];
    case "array":
      return fitArray(sample.array, onlyTensor(spec), sample.path).map((tensor) => ({
        kind: "tensors",
        tensors: [tensor],
      }));
    case "file": {
      const { bytes, contentType, path } = sample;
      if (takesBytes) return [{ kind: "bytes", bytes, contentType }];
      if (!contentType.startsWith("image/")) {
        throw new UsageError(`Cannot send "${path}" as the server must take bytes as they are: its protocol does not`);
      }
      const image = onlyTensor(spec) ?? { name: "input", datatype: "FP32", shape: [3, -1, -1] };
      return [{ kind: "tensors", tensors: [await imageTensor(bytes, image, path)] }];
    }
  }
}

/** The model's input, if it is known and there is one. */
function onlyTensor(spec: InputSpec | null): TensorSpec | null {
  if (spec === null || spec.kind === "samples") return null;
  if (spec.kind === "tensors" && spec.tensors.length === 1) return spec.tensors[0]!;
  const found = spec.kind === "text" ? "a text" : spec.tensors.map(({ name }) => name).join(" and ");
  throw new UsageError(`Cannot send an array or an image as the model must take one tensor: it takes ${found}`);
}

function fitArray(array: NpyArray, spec: TensorSpec | null, path: string): Tensor[] {
  const { datatype, data } = array;
  if (spec === null) return [{ name: "input", datatype, shape: array.shape, data }];
  const shape = withOwnBatch(array.shape, spec);
  const isOne = matches(shape, spec.shape), isSeveral = matches(shape.slice(1), spec.shape) && !isOne;
  if (!isOne && !isSeveral) {
    const any = spec.shape.map((size) => size < 0 ? "any" : size).join(",");
    throw new UsageError(
      `Cannot send the array of "${path}" as it must be [${any}], or several of them: its shape is [${shape}]`,
    );
  }
  const count = isSeveral ? shape[0]! : 1;
  const size = data.length / Math.max(count, 1);
  const numbers = data as Float64Array;
  checkRange(datatype, spec, path);
  if (datatype !== spec.datatype) { for (const number of numbers) checkedNumber(spec.name, spec.datatype, number); }
  return Array.from({ length: count }, (_, i) => ({
    name: spec.name,
    datatype: spec.datatype,
    shape: isSeveral ? shape.slice(1) : shape,
    data: numbers.subarray(i * size, (i + 1) * size),
  }));
}

function matches(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && shape.every((size, i) => wanted[i]! < 0 || wanted[i] === size);
}

/** Fractions would be cut off without a word. */
function checkRange(datatype: Datatype, spec: TensorSpec, path: string): void {
  if (!isFloat(datatype) || isFloat(spec.datatype)) return;
  throw new UsageError(
    `Cannot send the array of "${path}" as the model's input "${spec.name}" is ${spec.datatype}: it is ${datatype}`,
  );
}
