import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { Datatype, JsonValue, ModelInput, Tensor, TensorSpec, Variation } from "../core/model_input.ts";
import { checkedNumber } from "./exact/checked_number.ts";
import { jsonText } from "./exact/json_text.ts";
import { numberArray } from "./number_arrays.ts";

/** The model's inputs; of a model that was not described nothing is known but what the items say. */
type Known = readonly TensorSpec[] | null;

/**
 * One item as tensors: a text is one BYTES element; JSON is the nested list of the only input, or an object of them by
 * the inputs' names.
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
    case "json":
      return jsonTensors(input.value, known);
    case "bytes":
      throw new UsageError(`Cannot encode an item as it must be a text, numbers or JSON: it is ${input.contentType}`);
  }
}

/**
 * The shape of an item as the model has it: 1 is put in front where it lacks the dimension that may be the model's own batch.
 *
 * @param shape The item's.
 * @param spec What the model takes.
 */
export function withOwnBatch(
  shape: readonly number[],
  { shape: known, ownBatch }: Pick<TensorSpec, "shape" | "ownBatch">,
): readonly number[] {
  return ownBatch && shape.length === known.length - 1 ? [1, ...shape] : shape;
}

function textTensor(
  { text, variation }: { readonly text: string; readonly variation?: Variation },
  known: Known,
): Tensor {
  const input = known?.find(({ datatype }) => datatype === "BYTES");
  if (known !== null && input === undefined) {
    throw new UsageError("Cannot encode a text as the model must take BYTES: it takes none", {
      hint: naming`Give nested lists of numbers with ${option("inputs")}.`,
    });
  }
  const shape = (input?.shape ?? []).map(() => 1);
  const tensor = { name: input?.name ?? "text", datatype: "BYTES", shape, data: [text] } as const;
  return variation === undefined ? tensor : { ...tensor, variation };
}

/** Whether JSON is an object. */
export function isRecord(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonTensors(value: JsonValue, known: Known): Tensor[] {
  const inputs = known ?? guessedInputs(value);
  const [only, ...more] = inputs;
  if (only !== undefined && more.length === 0 && !isRecord(value)) return [tensorOf(only, value)];
  if (!isRecord(value)) {
    const names = inputs.map(({ name }) => name).join(", ");
    throw new UsageError(`Cannot encode an item as it must be an object of the model's inputs ${names}: found a list`);
  }
  const sent = inputs.filter(({ name, optional }) => !optional || Object.hasOwn(value, name));
  return sent.map((input) => {
    if (!Object.hasOwn(value, input.name)) {
      throw new UsageError(`Cannot encode an item as it must have the model's input "${input.name}": it has not`);
    }
    return tensorOf(input, value[input.name] as JsonValue);
  });
}

/**
 * What is sent for JSON of which nobody knows what it stands for: by its own names, numbers as FP32.
 *
 * @param value The item.
 */
export function guessedInputs(value: JsonValue): readonly TensorSpec[] {
  const named = isRecord(value) ? Object.entries(value) : [["input", value] as const];
  return named.map(([name, list]) => {
    let part: JsonValue = list;
    while (Array.isArray(part)) part = part[0] ?? null;
    const datatype = typeof part === "string" ? "BYTES" : typeof part === "boolean" ? "BOOL" : "FP32";
    return { name, datatype, shape: [] };
  });
}

/** A nested list as a tensor; its own shape counts, since the model's may have dimensions of any size. */
function tensorOf({ name, datatype, ...spec }: TensorSpec, value: JsonValue): Tensor {
  const shape: number[] = [];
  for (let part = value; Array.isArray(part); part = part[0] ?? null) shape.push(part.length);
  const elements: (string | number | bigint)[] = [];
  const walk = (part: JsonValue, dimension: number): void => {
    if (dimension < shape.length) {
      if (Array.isArray(part) && part.length === shape[dimension]) {
        for (const inner of part) walk(inner, dimension + 1);
        return;
      }
    } else if (datatype === "BYTES" && typeof part === "string") {
      return void elements.push(part);
    } else if (datatype !== "BYTES" && (typeof part === "number" || typeof part === "bigint")) {
      return void elements.push(checkedNumber(name, datatype, part));
    } else if (datatype === "BOOL" && typeof part === "boolean") {
      return void elements.push(part ? 1 : 0);
    }
    throw new UsageError(
      `Cannot encode the input "${name}" as it must be nested lists of equal length of ${datatype}: ` +
        `found ${jsonText(part).slice(0, 80)}`,
    );
  };
  walk(value, 0);
  return { name, datatype, shape: withOwnBatch(shape, spec), data: dataOf(datatype, elements) };
}

/** Elements of 64 bits that no number holds need an array of their own. */
function dataOf(datatype: Datatype, elements: readonly (string | number | bigint)[]): Tensor["data"] {
  const isExact = datatype !== "BYTES" && elements.some((element) => typeof element === "bigint");
  return isExact ? numberArray(datatype, elements as number[]) : elements as string[] | number[];
}
