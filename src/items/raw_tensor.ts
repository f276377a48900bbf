import type { MarkedBytes } from "../core/marker.ts";
import type { Tensor, Variation } from "../core/model_input.ts";
import { endOfText } from "./text_marker.ts";
import { ARRAY_TYPES, bytesOf, numberArray } from "./number_arrays.ts";

/**
 * The elements of a tensor as raw bytes: little-endian, row-major; those of BYTES each after their length as uint32. Numbers
 * in an array of their own type are not copied.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rawTensor } from "./raw_tensor.ts";
 * const raw = rawTensor({ name: "x", datatype: "BYTES", shape: [1], data: ["hi"] });
 * assertEquals([...raw.bytes], [2, 0, 0, 0, 104, 105]);
 * ```
 *
 * @param tensor The tensor.
 */
export function rawTensor({ datatype, data, variation }: Tensor): MarkedBytes {
  if (datatype === "BYTES") return rawElements(data as readonly (string | Uint8Array)[], variation);
  const bytes = bytesOf(numberArray(datatype, data));
  if (variation === undefined) return { bytes };
  const width = ARRAY_TYPES[datatype].BYTES_PER_ELEMENT;
  const places = Array.from({ length: variation.places }, (_, i) => i * width);
  const symbols = bytesOf(numberArray(datatype, variation.values));
  const { divisor } = variation;
  return { bytes, markers: [{ places, symbols, width, ...divisor !== undefined && { divisor } }] };
}

const LENGTH_BYTES = 4;

function rawElements(elements: readonly (string | Uint8Array)[], variation: Variation | undefined): MarkedBytes {
  const utf8 = new TextEncoder();
  const encoded = elements.map((element) => element instanceof Uint8Array ? element : utf8.encode(String(element)));
  const bytes = new Uint8Array(encoded.reduce((sum, text) => sum + LENGTH_BYTES + text.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of encoded) {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + LENGTH_BYTES);
    at += LENGTH_BYTES + text.length;
  }
  const [first] = encoded;
  if (variation === undefined || first === undefined) return { bytes };
  return { bytes, markers: [endOfText(variation, LENGTH_BYTES + first.length)] };
}
