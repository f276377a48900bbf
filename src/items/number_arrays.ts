import { bfloat16Bits } from "./exact/bfloat16.ts";
import type { Datatype, TensorData } from "../core/model_input.ts";

/** Element types that are numbers. */
export type Numeric = Exclude<Datatype, "BYTES">;

/** An array of one of the element types. */
export type NumberArray = Exclude<TensorData, readonly number[] | readonly (string | Uint8Array)[]>;

interface NumberArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): NumberArray;
}

/** The array of each element type; BF16, which has none, as bits. All machines that Deno runs on are little-endian, as protocols want it. */
export const ARRAY_TYPES: Readonly<Record<Numeric, NumberArrayType>> = {
  BOOL: Uint8Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  FP16: Float16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
};

/**
 * Whether an element type has fractions.
 *
 * @param datatype The element type.
 */
export function isFloat(datatype: Datatype): boolean {
  return datatype.startsWith("FP") || datatype === "BF16";
}

/** What converts other numbers into them. */
const CONVERSIONS: Readonly<Record<Numeric, (data: Iterable<number | bigint>) => NumberArray>> = {
  BOOL: (data) => Uint8Array.from(data, (element) => Number(element) === 0 ? 0 : 1),
  INT8: (data) => Int8Array.from(data, Number),
  INT16: (data) => Int16Array.from(data, Number),
  INT32: (data) => Int32Array.from(data, Number),
  INT64: (data) => BigInt64Array.from(data, BigInt),
  UINT8: (data) => Uint8Array.from(data, Number),
  UINT16: (data) => Uint16Array.from(data, Number),
  UINT32: (data) => Uint32Array.from(data, Number),
  UINT64: (data) => BigUint64Array.from(data, BigInt),
  FP16: (data) => Float16Array.from(data, Number),
  BF16: (data) => Uint16Array.from(data, (element) => bfloat16Bits(Number(element))),
  FP32: (data) => Float32Array.from(data, Number),
  FP64: (data) => Float64Array.from(data, Number),
};

/**
 * Numbers as an array of an element type: the same array where it is one, else a copy.
 *
 * @param datatype The element type.
 * @param data The numbers.
 */
export function numberArray(datatype: Numeric, data: TensorData): NumberArray {
  return data instanceof ARRAY_TYPES[datatype]
    ? data as NumberArray
    : CONVERSIONS[datatype](data as Iterable<number | bigint>);
}

/**
 * An array of zeros.
 *
 * @param datatype The element type.
 * @param elements How many.
 */
export function arrayOf(datatype: Numeric, elements: number): NumberArray {
  const Type = ARRAY_TYPES[datatype];
  return new Type(new ArrayBuffer(elements * Type.BYTES_PER_ELEMENT), 0, elements);
}

/**
 * The bytes of an array; they are the array's own.
 *
 * @param array The array.
 */
export function bytesOf({ buffer, byteOffset, byteLength }: NumberArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
