import { assertEquals } from "@std/assert";
import type { Datatype } from "../../src/core/model_input.ts";
import { rawTensor } from "../../src/items/raw_tensor.ts";

Deno.test("rawTensor() writes every element type little-endian", () => {
  const rows: [Datatype, number[], number[]][] = [
    ["BOOL", [0, 2], [0, 1]],
    ["INT8", [-1, 1], [255, 1]],
    ["INT16", [-2], [254, 255]],
    ["INT32", [258], [2, 1, 0, 0]],
    ["INT64", [-1], [255, 255, 255, 255, 255, 255, 255, 255]],
    ["UINT8", [255], [255]],
    ["UINT16", [258], [2, 1]],
    ["UINT32", [258], [2, 1, 0, 0]],
    ["UINT64", [258], [2, 1, 0, 0, 0, 0, 0, 0]],
    ["FP16", [1], [0, 60]],
    ["FP32", [1], [0, 0, 128, 63]],
    ["FP64", [1], [0, 0, 0, 0, 0, 0, 240, 63]],
  ];
  for (const [datatype, data, bytes] of rows) {
    assertEquals([...rawTensor({ name: "x", datatype, shape: [data.length], data }).bytes], bytes, datatype);
  }
});

Deno.test("rawTensor() puts the length in bytes before every text", () => {
  const raw = rawTensor({ name: "x", datatype: "BYTES", shape: [3], data: ["é", "", "a"] });
  assertEquals([...raw.bytes], [2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0, 1, 0, 0, 0, 97]);
});
