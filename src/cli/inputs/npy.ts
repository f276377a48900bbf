import { UsageError } from "../../core/errors.ts";
import { arrayOf, type Numeric } from "../../items/number_arrays.ts";
import type { Tensor, TensorData } from "../../core/model_input.ts";

/** What an array of a `.npy` file holds. */
export type NpyArray = Pick<Tensor, "datatype" | "shape" | "data">;

/** Reads one element at a byte offset. */
type ReadElement = (view: DataView, at: number, isLittle: boolean) => number | bigint;

/** NumPy's type codes, with their size in bytes. */
const TYPES: Readonly<Record<string, readonly [datatype: Numeric, bytes: number, read: ReadElement]>> = {
  b1: ["BOOL", 1, (view, at) => view.getUint8(at)],
  i1: ["INT8", 1, (view, at) => view.getInt8(at)],
  u1: ["UINT8", 1, (view, at) => view.getUint8(at)],
  i2: ["INT16", 2, (view, at, isLittle) => view.getInt16(at, isLittle)],
  u2: ["UINT16", 2, (view, at, isLittle) => view.getUint16(at, isLittle)],
  i4: ["INT32", 4, (view, at, isLittle) => view.getInt32(at, isLittle)],
  u4: ["UINT32", 4, (view, at, isLittle) => view.getUint32(at, isLittle)],
  i8: ["INT64", 8, (view, at, isLittle) => view.getBigInt64(at, isLittle)],
  u8: ["UINT64", 8, (view, at, isLittle) => view.getBigUint64(at, isLittle)],
  f2: ["FP16", 2, (view, at, isLittle) => view.getFloat16(at, isLittle)],
  f4: ["FP32", 4, (view, at, isLittle) => view.getFloat32(at, isLittle)],
  f8: ["FP64", 8, (view, at, isLittle) => view.getFloat64(at, isLittle)],
};

const MAGIC = "\x93NUMPY";

/**
 * Reads an array in NumPy's format (NEP 1), versions 1 to 3, rows or columns first.
 *
 * @param bytes The file.
 * @param path Its name, for messages.
 * @throws {UsageError} If it is none, holds other elements than numbers, or too few of them.
 */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  const refuse = (required: string, found: string) =>
    new UsageError(`Cannot read the array of "${path}" as ${required}: ${found}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) {
    throw refuse("it must begin like a file of NumPy", "it does not");
  }
  const isLong = view.getUint8(6) > 1;
  const start = isLong ? 12 : 10;
  const end = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const [, order = "", code = ""] = /'descr':\s*'([<>|=])(\w+)'/.exec(header) ?? [];
  const [, dimensions] = /'shape':\s*\(([\d,\s]*)\)/.exec(header) ?? [];
  const type = TYPES[code];
  if (type === undefined || dimensions === undefined) {
    throw refuse("its elements must be numbers", `its header is ${header.trim().slice(0, 100)}`);
  }
  const [datatype, size, read] = type;
  const shape = dimensions.split(",").map((text) => text.trim()).filter((text) => text !== "").map(Number);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (bytes.length - end < count * size) {
    throw refuse(
      `it must hold the ${count} elements of its shape`,
      `it has ${Math.floor((bytes.length - end) / size)}`,
    );
  }
  // A double holds all the others.
  const data: Record<number, number | bigint> = size === 8 || datatype === "FP32"
    ? arrayOf(datatype, count)
    : new Float64Array(count);
  const place = /'fortran_order':\s*True/.test(header) ? columnsFirst(shape) : (i: number) => i;
  for (let i = 0; i < count; i++) data[place(i)] = read(view, end + i * size, order !== ">");
  return { datatype, shape, data: data as unknown as TensorData };
}

/** Where the i-th element of an array with columns first stands in one with rows first. */
function columnsFirst(shape: readonly number[]): (i: number) => number {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  return (i) => {
    let rest = i, at = 0;
    shape.forEach((size, axis) => {
      at += (rest % size) * strides[axis]!;
      rest = Math.floor(rest / size);
    });
    return at;
  };
}
