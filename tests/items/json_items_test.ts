import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/core/errors.ts";
import type { Datatype, ModelInput, TensorData } from "../../src/core/model_input.ts";
import { jsonItem } from "../../src/items/json_items.ts";

function decoded(input: ModelInput): unknown {
  return JSON.parse(textOf(input));
}

function textOf(input: ModelInput): string {
  const text = new TextDecoder().decode(jsonItem(input).bytes);
  assertEquals(text[0], ",");
  return text.slice(1);
}

function tensor(shape: readonly number[], data: TensorData, name = "x"): ModelInput {
  return { kind: "tensors", tensors: [{ name, datatype: "FP32", shape, data }] };
}

Deno.test("jsonItem() nests a tensor by its shape", () => {
  const rows: [readonly number[], number[], unknown][] = [
    [[2, 3], [1, 2, 3, 4, 5, 6], [[1, 2, 3], [4, 5, 6]]],
    [[2, 1, 2], [1, 2, 3, 4], [[[1, 2]], [[3, 4]]]],
    [[0], [], []],
    [[], [7], 7],
  ];
  for (const [shape, data, nested] of rows) assertEquals(decoded(tensor(shape, data)), nested);
});

Deno.test("jsonItem() keeps texts, JSON and several tensors as they are", () => {
  assertEquals(decoded({ kind: "text", text: 'a "b" \n é' }), 'a "b" \n é');
  assertEquals(decoded({ kind: "json", value: { a: [1, null] } }), { a: [1, null] });
  const [ids] = [{ name: "ids", datatype: "INT64" as const, shape: [2], data: [1, 2] }];
  const mask = { name: "mask", datatype: "BOOL" as const, shape: [2], data: [1, 0] };
  assertEquals(decoded({ kind: "tensors", tensors: [ids!, mask] }), { ids: [1, 2], mask: [true, false] });
});

Deno.test("jsonItem() writes 32-bit floats short and loses nothing", () => {
  const text = textOf(tensor([3], Float32Array.of(0.1, 1e-7, 123.25)));
  assertEquals(text, "[0.1,1e-7,123.25]");
  fc.assert(fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true }), (data) => {
    const back = Float32Array.from(decoded(tensor([data.length], data)) as number[]);
    // JSON knows no negative zero.
    assertEquals(back.map((x) => x + 0), data.map((x) => x + 0));
  }));
});

Deno.test("jsonItem() writes whole floats as floats, and integers as integers", () => {
  const of = (datatype: Datatype, data: TensorData) =>
    textOf({ kind: "tensors", tensors: [{ name: "x", datatype, shape: [data.length], data }] });
  assertEquals(of("FP32", Float32Array.of(1, -2, 0.5)), "[1.0,-2.0,0.5]");
  assertEquals(of("FP64", [1, 1e20, 1e21]), "[1.0,100000000000000000000.0,1e+21]");
  assertEquals([of("FP16", [3]), of("BF16", [3]), of("INT32", [3]), of("BOOL", [1])], [
    "[3.0]",
    "[3.0]",
    "[3]",
    "[true]",
  ]);
  // Arrays of 64-bit integers that were given for other types.
  const long = BigInt64Array.of(0n, 3n);
  assertEquals([of("FP32", long), of("FP64", long), of("BOOL", long), of("INT64", long)], [
    "[0.0,3.0]",
    "[0.0,3.0]",
    "[false,true]",
    "[0,3]",
  ]);
});

Deno.test("jsonItem() refuses numbers that JSON has not, and shapes that do not fit", () => {
  for (const bad of [NaN, Infinity]) assertThrows(() => jsonItem(tensor([1], [bad])), UsageError, "JSON must hold");
  assertThrows(() => jsonItem(tensor([3], [1])), UsageError);
  assertThrows(() => jsonItem(tensor([1], [1, 2])), UsageError, "shape [1]");
});
