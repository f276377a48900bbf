import { UsageError } from "../../core/errors.ts";
import type { Tensor, TensorSpec } from "../../core/model_input.ts";
import { ARRAY_TYPES, type NumberArray } from "../number_arrays.ts";
import { shapeOfCount } from "./shape_of_count.ts";

/**
 * Whether an input takes a file as its bytes: elements of BYTES, or bytes along one open dimension (DALI).
 *
 * @param spec The input.
 */
export function takesFiles({ datatype, shape }: Pick<TensorSpec, "datatype" | "shape">): boolean {
  if (datatype === "BYTES") return true;
  const isRow = shape.length <= 2 && shape.includes(-1) && shape.every((size) => size === -1 || size === 1);
  return datatype === "UINT8" && isRow;
}

/**
 * Bytes as an input of a model: one element of BYTES, else the elements as they stand in memory, little-endian.
 *
 * @param spec The input.
 * @param bytes The bytes; those of BYTES and UINT8 are not copied.
 * @throws {UsageError} If they are not as many as its shape holds.
 */
export function bytesTensor(spec: TensorSpec, bytes: Uint8Array): Tensor {
  const { name, datatype } = spec;
  if (datatype === "BYTES") return { ...elementsTensor(spec, [bytes]), fixed: true };
  if (takesFiles(spec)) {
    const shape = spec.shape.map((_, i) => i === spec.shape.length - 1 ? bytes.length : 1);
    // Of [any, 1] the first is the open one.
    return { name, datatype, shape: spec.shape.at(-1) === 1 ? shape.toReversed() : shape, data: bytes, fixed: true };
  }
  const Type = ARRAY_TYPES[datatype], size = Type.BYTES_PER_ELEMENT;
  const count = bytes.length / size;
  const found = `${bytes.length} bytes, ${size} an element`;
  const data: NumberArray = new Type(bytes.slice().buffer, 0, Math.floor(count));
  return { name, datatype, shape: knownShape(spec, count, found), data };
}

/**
 * Elements of BYTES as an input of a model.
 *
 * @param spec The input.
 * @param data The elements.
 * @throws {UsageError} If they are not as many as its shape holds.
 */
export function elementsTensor(spec: TensorSpec, data: readonly (string | Uint8Array)[]): Tensor {
  const { name, datatype } = spec;
  return { name, datatype, shape: knownShape(spec, data.length, `${data.length}`), data };
}

/** Of an input of which nothing but the name is known it is a list, of one element nothing. */
function knownShape(spec: TensorSpec, count: number, found: string): readonly number[] {
  if (spec.shape.length > 0) return shapeOfCount(spec, count, found);
  return spec.datatype === "BYTES" && count === 1 ? [] : [count];
}

/**
 * Reads base64.
 *
 * @param name The model's input, for messages.
 * @param text The base64, of either alphabet.
 * @throws {UsageError} If it is none.
 */
export function bytesOfBase64(name: string, text: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(text, { alphabet: /[-_]/.test(text) ? "base64url" : "base64" });
  } catch {
    throw new UsageError(`Cannot send the input "${name}" as its "b64" must be base64: found "${text.slice(0, 40)}"`);
  }
}

/**
 * The elements of a raw tensor of BYTES, each behind its length as little-endian uint32.
 *
 * @param bytes The tensor.
 * @returns `null` if it is none.
 */
export function rawElements(bytes: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) return null;
    elements.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return elements.length === 0 ? null : elements;
}
