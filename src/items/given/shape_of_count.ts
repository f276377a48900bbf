import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { TensorSpec } from "../../core/model_input.ts";

/**
 * The shape of so many elements that come without one: the model's, where one dimension at most is open.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(shapeOfCount({ name: "x", datatype: "FP32", shape: [-1, 2] }, 6), [3, 2]);
 * assertThrows(() => shapeOfCount({ name: "x", datatype: "FP32", shape: [2, 2] }, 3));
 * ```
 *
 * @param spec What the model takes.
 * @param count How many elements there are.
 * @param found What they are, for messages.
 * @throws {UsageError} If they do not fill it, or could fill it in several ways.
 */
export function shapeOfCount(
  spec: Pick<TensorSpec, "name" | "datatype" | "shape" | "ownBatch">,
  count: number,
  found = `${count} in a flat list`,
): readonly number[] {
  const { name, datatype } = spec;
  const any = shapeInWords(spec.shape);
  const isOpen = (size: number) => size < 0;
  // The model's own batch is one item where another dimension can take up all elements.
  const shape = spec.ownBatch && spec.shape.filter(isOpen).length > 1 ? [1, ...spec.shape.slice(1)] : spec.shape;
  const open = shape.filter(isOpen).length;
  const known = shape.filter((size) => !isOpen(size)).reduce((product, size) => product * size, 1);
  const rest = open === 0 || open > 1 && count === known ? 1 : open === 1 ? count / Math.max(known, 1) : NaN;
  if (Number.isNaN(rest)) {
    throw new UsageError(
      `Cannot send the input "${name}" as the dimensions of its elements must be known: the model takes ${datatype} ` +
        `${any}, found are ${found}`,
      {
        hint: naming`Write nested lists, {"content": [...], "shape": [...]}, or settle the dimensions with ${
          option("inputs.tensors", `${name}:N,N`)
        }.`,
      },
    );
  }
  if (!Number.isInteger(rest) || count !== rest * known) {
    const required = open === 0 ? `${known} elements` : `a multiple of ${known} elements`;
    throw new UsageError(
      `Cannot send the input "${name}" as its shape ${any} must hold ${required} of ${datatype}: found ${found}`,
      { hint: "The shape is that of one item; several items are several entries." },
    );
  }
  return shape.map((size) => isOpen(size) ? rest : size);
}

/**
 * Dimensions in words.
 *
 * @param shape They; -1 is any.
 */
export function shapeInWords(shape: readonly number[]): string {
  return `[${shape.map((size) => size < 0 ? "any" : size).join(",")}]`;
}
