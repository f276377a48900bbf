import type { InputSpec, ItemForm, JsonValue, ModelInput, Tensor } from "../core/model_input.ts";
import { mostLength } from "../core/request/token_lengths.ts";
import { madeShape } from "./generate_inputs.ts";
import { ARRAY_TYPES, isFloat } from "./number_arrays.ts";

/** Bytes of a text of a BYTES tensor, and of a word with its space. */
const TEXT_BYTES = 64;
const WORD_BYTES = 8;
/** Given items of which the size is looked at. */
const LOOKED_AT = 16;

/**
 * About how much memory an item and its bytes take, never much less.
 *
 * @param spec What items look like.
 * @param form How they become bytes; `null` where that is not known.
 * @returns Bytes, at least 1.
 */
export function bytesOfItem(spec: InputSpec, form: ItemForm | null): number {
  const isJson = form !== null && !(form.kind === "tensors" && form.raw);
  switch (spec.kind) {
    case "text":
      return 2 * WORD_BYTES * spec.words + 1;
    case "prompts":
      return 2 * WORD_BYTES * mostLength(spec.tokens) + 1;
    case "tensors":
      return 1 + spec.tensors.reduce((sum, tensor) => {
        const { shape, elements } = madeShape(tensor);
        return sum + elements * sizeOf(tensor) + (isJson ? elements * jsonWidth(tensor) + bracketBytes(shape) : 0);
      }, 0);
    case "samples": {
      const step = Math.max(1, Math.floor(spec.samples.length / LOOKED_AT));
      const sizes = spec.samples.filter((_, i) => i % step === 0).map((sample) => sampleBytes(sample, isJson));
      return 1 + Math.max(0, ...sizes);
    }
  }
}

function sizeOf({ datatype }: Pick<Tensor, "datatype">): number {
  return datatype === "BYTES" ? TEXT_BYTES : ARRAY_TYPES[datatype].BYTES_PER_ELEMENT;
}

/** Of an element that is made, with its comma. */
function jsonWidth({ datatype }: Pick<Tensor, "datatype">): number {
  if (datatype === "BYTES") return TEXT_BYTES;
  return datatype === "BOOL" ? 6 : isFloat(datatype) ? 5 : 3;
}

/** Each list within the lists has two brackets and a comma. */
function bracketBytes(shape: readonly number[]): number {
  let lists = 1, bytes = 3;
  for (const size of shape.slice(0, -1)) bytes += 3 * (lists *= size);
  return bytes;
}

/** Of given numbers, which may have many digits. */
const GIVEN_WIDTH = 12;

function sampleBytes(sample: ModelInput, isJson: boolean): number {
  switch (sample.kind) {
    case "text":
      return 3 * sample.text.length;
    case "prompt":
      return 2 * jsonBytes(sample.content);
    case "bytes":
      return Math.ceil(sample.bytes.length * 7 / 3);
    case "json":
      return 2 * jsonBytes(sample.value);
    case "tensors":
      return sample.tensors.reduce((sum, tensor) => sum + tensorBytes(tensor, isJson), 0);
  }
}

function tensorBytes(tensor: Tensor, isJson: boolean): number {
  const elements = tensor.data.length * (2 * sizeOf(tensor) + (isJson ? GIVEN_WIDTH : 0));
  const files = tensor.datatype === "BYTES" ? tensor.data as readonly (string | Uint8Array)[] : [];
  return files.reduce((sum, element) => sum + 2 * element.length, elements);
}

function jsonBytes(value: JsonValue): number {
  if (typeof value === "string") return value.length + 3;
  if (typeof value !== "object" || value === null) return GIVEN_WIDTH;
  const inner = Object.entries(value as Record<string, JsonValue>);
  return inner.reduce((sum, [name, part]) => sum + jsonBytes(part) + (Array.isArray(value) ? 0 : name.length + 4), 2);
}
