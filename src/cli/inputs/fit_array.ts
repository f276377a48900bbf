import { UsageError } from "../../core/errors.ts";
import type { Datatype, Tensor, TensorSpec } from "../../core/model_input.ts";
import { checkedNumber } from "../../items/exact/checked_number.ts";
import { withOwnBatch } from "../../items/given/json_tensor.ts";
import { shapeInWords, shapeOfCount } from "../../items/given/shape_of_count.ts";
import { isFloat } from "../../items/number_arrays.ts";
import type { NpyArray } from "./npy.ts";

/**
 * An array of NumPy as a model's input: one item where it has as many dimensions as the input, several where it has one
 * more; one dimension alone gets the model's shape.
 *
 * @param array The array.
 * @param spec The input, `null` if nobody knows it.
 * @param path Name of the file, for messages.
 * @throws {UsageError} If it is neither, or the input cannot hold its numbers.
 */
export function fitArray(array: NpyArray, spec: TensorSpec | null, path: string): Tensor[] {
  const { datatype, data } = array;
  if (spec === null) return [{ name: "input", datatype, shape: array.shape, data }];
  const shape = withOwnBatch(array.shape, spec);
  const isOne = matches(shape, spec.shape), isSeveral = matches(shape.slice(1), spec.shape) && !isOne;
  const isFlat = shape.length === 1 && spec.shape.length > 1;
  if (!isOne && !isSeveral && !isFlat) {
    throw new UsageError(
      `Cannot send the array of "${path}" as it must be ${
        shapeInWords(spec.shape)
      }, or several of them: its shape is ` +
        `[${shape}]`,
    );
  }
  const count = isSeveral ? shape[0]! : 1;
  const size = data.length / Math.max(count, 1);
  const numbers = data as Float64Array;
  if (spec.datatype === "BYTES") {
    throw new UsageError(
      `Cannot send the array of "${path}" as the model's input "${spec.name}" must be numbers: it is BYTES`,
    );
  }
  checkRange(datatype, spec, path);
  if (datatype !== spec.datatype) {
    // Integers of 8 and 16 bits are samples: pixels, sound. Longer ones may be ids.
    const mayBeFloat = isFloat(datatype) || /\D(8|16)$/.test(datatype);
    for (const number of numbers) checkedNumber(spec.name, spec.datatype, number, mayBeFloat);
  }
  return Array.from({ length: count }, (_, i) => ({
    name: spec.name,
    datatype: spec.datatype,
    shape: isSeveral ? shape.slice(1) : isOne ? shape : shapeOfCount(spec, data.length),
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
