import type { Datatype, Tensor } from "../../core/model_input.ts";

type Numeric = Exclude<Datatype, "BYTES">;

/** What turns numbers into bytes. All machines that Deno runs on are little-endian, as the protocol wants it. */
const ARRAYS: Readonly<Record<Numeric, (data: Iterable<number>) => ArrayBufferView>> = {
  BOOL: (data) => Uint8Array.from(data, (element) => element === 0 ? 0 : 1),
  INT8: (data) => Int8Array.from(data),
  INT16: (data) => Int16Array.from(data),
  INT32: (data) => Int32Array.from(data),
  INT64: (data) => BigInt64Array.from(data, BigInt),
  UINT8: (data) => Uint8Array.from(data),
  UINT16: (data) => Uint16Array.from(data),
  UINT32: (data) => Uint32Array.from(data),
  UINT64: (data) => BigUint64Array.from(data, BigInt),
  FP16: (data) => Float16Array.from(data),
  FP32: (data) => Float32Array.from(data),
  FP64: (data) => Float64Array.from(data),
};

/**
 * The elements of a tensor as raw bytes: little-endian, row-major; texts each after their length as uint32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rawTensor } from "./raw_tensor.ts";
 * const raw = rawTensor({ name: "x", datatype: "BYTES", shape: [1], data: ["hi"] });
 * assertEquals([...raw], [2, 0, 0, 0, 104, 105]);
 * ```
 *
 * @param tensor The tensor.
 */
export function rawTensor({ datatype, data }: Tensor): Uint8Array {
  if (datatype === "BYTES") return rawTexts([...data].map(String));
  const view = ARRAYS[datatype](data as Iterable<number>);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function rawTexts(texts: readonly string[]): Uint8Array {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const raw = new Uint8Array(encoded.reduce((sum, bytes) => sum + 4 + bytes.length, 0));
  const view = new DataView(raw.buffer);
  let at = 0;
  for (const bytes of encoded) {
    view.setUint32(at, bytes.length, true);
    raw.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return raw;
}
