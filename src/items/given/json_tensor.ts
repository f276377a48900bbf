import { UsageError } from "../../core/errors.ts";
import type { Datatype, JsonValue, Tensor, TensorSpec } from "../../core/model_input.ts";
import { checkedNumber } from "../exact/checked_number.ts";
import { jsonText } from "../exact/json_text.ts";
import { numberArray } from "../number_arrays.ts";
import { bytesOfBase64, bytesTensor, elementsTensor, rawElements } from "./bytes_tensor.ts";
import { shapeInWords, shapeOfCount } from "./shape_of_count.ts";
import { isBase64, type TensorValue, tensorValue } from "./tensor_value.ts";

type Element = string | number | bigint | Uint8Array;

/**
 * JSON as an input of a model: nested lists, whose own shape counts, since the model's may have dimensions of any size, with or
 * without the 1 of a batch in front; a flat list, which gets the model's shape; `{"b64": ...}`; a flat list or bytes with a
 * shape.
 *
 * @param spec The input; without dimensions where only its name and type are known.
 * @param value The JSON.
 * @param hasFloats Whether numbers that are integers may be written as floats, `1.0`. @default {false}
 * @throws {UsageError} If it cannot be what the model takes.
 */
export function jsonTensor(spec: TensorSpec, value: JsonValue, hasFloats = false): Tensor {
  const other = tensorValue(value);
  if (other !== null) return tensorOfValue(spec, other, hasFloats);
  const { name, datatype } = spec;
  const { shape, elements } = nested(spec, value, hasFloats || hasFraction(value));
  return { name, datatype, shape: nestedShape(spec, shape, elements.length), data: dataOf(datatype, elements) };
}

function nestedShape(spec: TensorSpec, shape: readonly number[], count: number): readonly number[] {
  if (spec.shape.length === 0) return shape;
  if (shape.length > 1) {
    const isOne = shape[0] === 1;
    const own = [shape, [1, ...shape], ...isOne ? [shape.slice(1)] : []].find((each) => fits(each, spec));
    if (own !== undefined) return own;
    if (!isOne || shape.length > 2) throw otherShape(spec, shape);
  }
  return shapeOfCount(spec, count);
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

/** Without the 1 of a batch that is in front of the dimensions of the model's input. */
function withoutBatch(shape: readonly number[], { shape: known }: TensorSpec): readonly number[] {
  return known.length > 0 && shape.length === known.length + 1 && shape[0] === 1 ? shape.slice(1) : shape;
}

function tensorOfValue(spec: TensorSpec, { b64, content = null, shape }: TensorValue, hasFloats: boolean): Tensor {
  const shaped = shape === undefined ? spec : { ...spec, shape: givenShape(spec, shape) };
  if (b64 !== undefined) return bytesTensor(shaped, bytesOfBase64(spec.name, b64));
  if (!isBase64(content)) {
    const { name, datatype } = spec, { elements } = nested(spec, content, hasFloats || hasFraction(content));
    const flat = shaped.shape.length > 0 || shape !== undefined
      ? shapeOfCount(shaped, elements.length)
      : [elements.length];
    return { name, datatype, shape: flat, data: dataOf(datatype, elements) };
  }
  const bytes = bytesOfBase64(spec.name, content.b64);
  const elements = spec.datatype === "BYTES" ? rawElements(bytes) : null;
  return elements === null ? bytesTensor(shaped, bytes) : elementsTensor(shaped, elements);
}

/** A shape that was given, with or without the 1 of a batch in front, if the model takes it. */
function givenShape(spec: TensorSpec, given: readonly JsonValue[]): readonly number[] {
  const { shape: known } = spec;
  const shape = given.map((size) => typeof size === "number" ? size : NaN);
  if (known.length === 0 && shape.every(Number.isInteger)) return shape;
  const own = withOwnBatch(withoutBatch(shape, spec), spec);
  if (fits(own, spec)) return own;
  throw otherShape(spec, given);
}

function fits(shape: readonly number[], { shape: known }: TensorSpec): boolean {
  return shape.length === known.length &&
    shape.every((size, i) => Number.isInteger(size) && size >= 0 && (known[i]! < 0 || known[i] === size));
}

function otherShape({ name, datatype, shape }: TensorSpec, found: readonly JsonValue[]): UsageError {
  return new UsageError(
    `Cannot send the input "${name}" as its shape must be ${shapeInWords(shape)}: found ${
      jsonText(found)
    } of ${datatype}`,
  );
}

/** Whether some number is a fraction: then the others are floats as well, as most programs write those without a point. */
function hasFraction(value: JsonValue): boolean {
  return Array.isArray(value) ? value.some(hasFraction) : typeof value === "number" && !Number.isInteger(value);
}

/** The elements of lists within lists of equal length, and their shape. */
function nested({ name, datatype }: TensorSpec, value: JsonValue, hasFloats: boolean) {
  const shape: number[] = [];
  for (let part = value; Array.isArray(part); part = part[0] ?? null) shape.push(part.length);
  const elements: Element[] = [];
  const walk = (part: JsonValue, dimension: number): void => {
    if (dimension < shape.length) {
      if (Array.isArray(part) && part.length === shape[dimension]) {
        for (const inner of part) walk(inner, dimension + 1);
        return;
      }
    } else if (datatype === "BYTES" && typeof part === "string") {
      return void elements.push(part);
    } else if (datatype === "BYTES" && isBase64(part)) {
      return void elements.push(bytesOfBase64(name, part.b64));
    } else if (datatype !== "BYTES" && (typeof part === "number" || typeof part === "bigint")) {
      return void elements.push(checkedNumber(name, datatype, part, hasFloats));
    } else if (datatype === "BOOL" && typeof part === "boolean") {
      return void elements.push(part ? 1 : 0);
    }
    throw new UsageError(
      `Cannot encode the input "${name}" as it must be nested lists of equal length of ${datatype}: ` +
        `found ${jsonText(part).slice(0, 80)}`,
    );
  };
  walk(value, 0);
  return { shape, elements };
}

/** Elements of 64 bits that no number holds need an array of their own. */
function dataOf(datatype: Datatype, elements: readonly Element[]): Tensor["data"] {
  const isExact = datatype !== "BYTES" && elements.some((element) => typeof element === "bigint");
  return isExact ? numberArray(datatype, elements as number[]) : elements as string[] | number[];
}
