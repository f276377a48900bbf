import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { JsonValue, ModelInput, Tensor, TensorSpec, Variation } from "../core/model_input.ts";
import { bytesTensor, takesFiles } from "./given/bytes_tensor.ts";
import { jsonTensor } from "./given/json_tensor.ts";
import { isBase64, isRecord, tensorValue } from "./given/tensor_value.ts";

/** The model's inputs; of a model that was not described nothing is known but what the items say. */
type Known = readonly TensorSpec[] | null;

/**
 * One item as tensors: a text is one BYTES element; JSON is the only input, or an object of the inputs by their names; bytes
 * are the only input that must be there.
 *
 * @param input The item.
 * @param known The model's inputs, `null` if it was not asked for them.
 * @throws {UsageError} If it cannot be what the model takes.
 */
export function itemTensors(input: ModelInput, known: Known): readonly Tensor[] {
  switch (input.kind) {
    case "tensors":
      return input.tensors;
    case "text":
      return [textTensor(input, known)];
    case "prompt":
      throw new UsageError("Cannot encode a prompt as the model must be a language model: it takes tensors");
    case "json":
      return jsonTensors(input, known);
    case "bytes":
      return [fileTensor(input, known)];
  }
}

/**
 * The one input of a model that an item must have.
 *
 * @param known The model's inputs.
 * @returns `null` if there are several.
 */
export function onlyInput(known: readonly TensorSpec[]): TensorSpec | null {
  const required = known.length === 1 ? known : known.filter(({ optional = false }) => !optional);
  return required.length === 1 ? required[0]! : null;
}

/** A file of which nobody knows what it stands for is one of BYTES. */
function fileTensor({ bytes, contentType }: ModelInput & { readonly kind: "bytes" }, known: Known): Tensor {
  const input = known === null ? { name: "input", datatype: "BYTES", shape: [] } as const : onlyInput(known);
  if (input === null) {
    const names = known!.map(({ name }) => name).join(", ");
    throw new UsageError(`Cannot send ${contentType} as the model must take one input: it takes ${names}`, {
      hint: 'Give JSON with {"NAME": {"b64": "..."}}, or a folder with a file for each input, named like it.',
    });
  }
  if (takesFiles(input) || contentType === "application/octet-stream") return bytesTensor(input, bytes);
  throw new UsageError(
    `Cannot send ${contentType} as the model's input "${input.name}" must be BYTES, or UINT8 of one open dimension: ` +
      `it is ${input.datatype} [${input.shape}]`,
  );
}

function textTensor(
  { text, variation }: { readonly text: string; readonly variation?: Variation },
  known: Known,
): Tensor {
  const isText = ({ datatype }: TensorSpec) => datatype === "BYTES";
  const required = known?.filter(({ optional = false }) => !optional);
  const input = required?.find(isText) ?? known?.find(isText);
  if (known !== null && input === undefined) {
    throw new UsageError("Cannot encode a text as the model must take BYTES: it takes none", {
      hint: naming`Give nested lists of numbers with ${option("inputs")}.`,
    });
  }
  const lacking = required?.filter((each) => each !== input) ?? [];
  if (lacking.length > 0) throw lacksInputs(lacking, `a text for "${input!.name}"`);
  const shape = (input?.shape ?? []).map(() => 1);
  const tensor = { name: input?.name ?? "text", datatype: "BYTES", shape, data: [text] } as const;
  return variation === undefined ? tensor : { ...tensor, variation };
}

function jsonTensors({ value, written }: ModelInput & { readonly kind: "json" }, known: Known): Tensor[] {
  const hasFloats = written !== undefined;
  const inputs = known ?? guessedInputs(value);
  const only = onlyInput(inputs);
  const isNamed = isRecord(value) &&
    (tensorValue(value) === null || inputs.some(({ name }) => Object.hasOwn(value, name)));
  if (!isNamed && only !== null) return [jsonTensor(only, value, hasFloats)];
  if (!isNamed) {
    const names = inputs.map(({ name }) => name).join(", ");
    const found = isRecord(value) ? "one of them without its name" : Array.isArray(value) ? "a list" : "one value";
    throw new UsageError(
      `Cannot encode an item as it must be an object of the model's inputs ${names}: found ${found}`,
    );
  }
  const has = ({ name }: TensorSpec) => Object.hasOwn(value, name);
  const keys = Object.keys(value);
  const lacking = inputs.filter((input) => !input.optional && !has(input));
  if (lacking.length > 0) {
    throw lacksInputs(lacking, keys.slice(0, 8).map((name) => `"${name}"`).join(", ") || "none");
  }
  const other = keys.find((key) => inputs.every(({ name }) => name !== key));
  if (other !== undefined) {
    const names = inputs.map(({ name }) => name).join(", ");
    throw new UsageError(`Cannot encode an item as it must hold the model's inputs ${names} alone: it has "${other}"`, {
      hint: "Leave it out, or call it what the model does.",
    });
  }
  return inputs.filter(has).map((input) => jsonTensor(input, value[input.name] as JsonValue, hasFloats));
}

function lacksInputs(lacking: readonly TensorSpec[], found: string): UsageError {
  const [first, ...others] = lacking.map(({ name }) => name) as [string, ...string[]];
  const names = [first, ...others].map((name) => `"${name}"`).join(" and ");
  const what = others.length === 0 ? `input ${names}` : `inputs ${names}`;
  return new UsageError(`Cannot encode an item as it must have the model's ${what}: it has ${found}`, {
    hint: naming`Where the model can do without ${others.length === 0 ? "it" : "one of them"}, say so with ${
      option("inputs.tensors.optional", first)
    }.`,
  });
}

/**
 * What is sent for JSON of which nobody knows what it stands for: by its own names, numbers as FP32.
 *
 * @param value The item.
 */
export function guessedInputs(value: JsonValue): readonly TensorSpec[] {
  const named = isRecord(value) && tensorValue(value) === null ? Object.entries(value) : [["input", value] as const];
  return named.map(([name, list]) => {
    const { content = list, b64 = content } = tensorValue(list) ?? {};
    let part = b64;
    while (Array.isArray(part)) part = part[0] ?? null;
    const isBytes = typeof part === "string" || isBase64(part);
    const datatype = isBytes ? "BYTES" : typeof part === "boolean" ? "BOOL" : "FP32";
    return { name, datatype, shape: [] };
  });
}
