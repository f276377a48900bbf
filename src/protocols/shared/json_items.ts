import { concatenate } from "../../core/concatenate.ts";
import { UsageError } from "../../core/errors.ts";
import type { ModelInput, Tensor } from "../../core/model_input.ts";

const encoder = new TextEncoder();
const COMMA = encoder.encode(",");
const fragments = new WeakMap<ModelInput, Uint8Array>();

/**
 * One item as JSON in UTF-8: a text is a string, a tensor a nested list by its shape, several tensors an object by
 * their names. The same object is encoded once, so that bodies of batches are put together by copying.
 *
 * @param input The item.
 * @throws {UsageError} If it holds a number that JSON cannot.
 */
export function jsonItem(input: ModelInput): Uint8Array {
  const known = fragments.get(input);
  if (known !== undefined) return known;
  const fragment = encoder.encode(jsonText(input));
  fragments.set(input, fragment);
  return fragment;
}

/**
 * Bytes put together with a comma between the parts.
 *
 * @param before What comes first.
 * @param parts What is separated by commas.
 * @param after What comes last.
 */
export function joinedByCommas(
  before: string,
  parts: readonly Uint8Array[],
  after: string,
): Uint8Array<ArrayBuffer> {
  const separated = parts.flatMap((part, i) => i === 0 ? [part] : [COMMA, part]);
  return concatenate([encoder.encode(before), ...separated, encoder.encode(after)]);
}

function jsonText(input: ModelInput): string {
  switch (input.kind) {
    case "text":
      return JSON.stringify(input.text);
    case "json":
      return JSON.stringify(input.value);
    case "bytes":
      throw new UsageError(
        `Cannot encode an item as JSON as it must be a text, numbers or JSON: it is ${input.contentType} of ` +
          `${input.bytes.length} bytes`,
      );
    case "tensors": {
      const [only, ...more] = input.tensors;
      if (only !== undefined && more.length === 0) return nestedList(only);
      return `{${input.tensors.map((tensor) => `${JSON.stringify(tensor.name)}:${nestedList(tensor)}`).join(",")}}`;
    }
  }
}

/** The elements of a tensor as JSON, separated by commas, without brackets. */
export function jsonElements(tensor: Tensor): string {
  const parts = new Array<string>(tensor.data.length);
  for (let i = 0; i < parts.length; i++) parts[i] = jsonElement(tensor, i);
  return parts.join(",");
}

/** The elements as lists within lists. */
function nestedList(tensor: Tensor): string {
  const { shape, data } = tensor;
  let at = 0;
  const list = (dimension: number): string => {
    if (dimension === shape.length) return jsonElement(tensor, at++);
    const parts = new Array<string>(shape[dimension]!);
    for (let i = 0; i < parts.length; i++) parts[i] = list(dimension + 1);
    return `[${parts.join(",")}]`;
  };
  const text = list(0);
  if (at !== data.length) {
    throw new UsageError(
      `Cannot encode the input "${tensor.name}" as its shape [${shape}] must hold all its elements: found ${data.length}`,
    );
  }
  return text;
}

function jsonElement({ name, datatype, data }: Tensor, at: number): string {
  const element = data[at];
  if (typeof element === "string") return JSON.stringify(element);
  if (element === undefined || !Number.isFinite(element)) {
    throw new UsageError(`Cannot encode the input "${name}" as JSON must hold its elements: found ${element} at ${at}`);
  }
  if (datatype === "BOOL") return element === 0 ? "false" : "true";
  return data instanceof Float32Array ? shortestFloat32(element) : String(element);
}

/** The shortest decimal that reads back as the same 32-bit float: 0.1 rather than 0.10000000149011612. */
function shortestFloat32(element: number): string {
  const few = Math.round(element * 1e4) / 1e4;
  if (Math.fround(few) === element) return String(few);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(element.toPrecision(digits));
    if (Math.fround(short) === element) return String(short);
  }
  return String(Number(element.toPrecision(9)));
}
