/** Given numbers are sent as they were written, or refused by name. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Datatype, JsonValue, Tensor } from "../../../src/core/model_input.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { encodeItem } from "../../../src/items/encoded_item.ts";
import { bfloat16Bits, toBfloat16 } from "../../../src/items/exact/bfloat16.ts";
import { itemTensors } from "../../../src/items/item_tensors.ts";
import { jsonElements, jsonItem } from "../../../src/items/json_items.ts";
import { rawTensor } from "../../../src/items/raw_tensor.ts";

const MOST = 2n ** 64n - 1n;
const given = (datatype: Datatype, value: JsonValue): Tensor =>
  itemTensors({ kind: "json", value }, [{ name: "x", datatype, shape: [-1] }])[0]!;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("integers of 64 bits are sent with all their digits, raw and as JSON", () => {
  for (const [datatype, least, most] of [["INT64", -(2n ** 63n), 2n ** 63n - 1n], ["UINT64", 0n, MOST]] as const) {
    const tensor = given(datatype, [least, 1, 9007199254740993n, most]);
    const { buffer } = Uint8Array.from(rawTensor(tensor).bytes);
    const Type = datatype === "INT64" ? BigInt64Array : BigUint64Array;
    assertEquals([...new Type(buffer)], [least, 1n, 9007199254740993n, most]);
    assertEquals(text(jsonElements(tensor).bytes), `,${least},1,9007199254740993,${most}`);
  }
  assertEquals(
    text(jsonItem({ kind: "json", value: { id: MOST, n: [1n, 0.5] } }).bytes),
    `,{"id":${MOST},"n":[1,0.5]}`,
  );
});

Deno.test("a number that its element type would alter is refused by name", () => {
  const rows: [Datatype, number | bigint][] = [
    ["INT64", 2n ** 63n],
    ["UINT64", -1],
    ["INT64", 0.5],
    ["UINT8", 256],
    ["INT8", -129],
    ["INT32", 2 ** 31],
    ["UINT16", 0.5],
    ["FP16", 65536],
    ["BF16", 3.4e38],
    ["FP32", 1e39],
    ["FP64", 10n ** 400n],
    ["FP64", 9007199254740993n],
    ["FP32", 9007199254740993n],
    ["FP32", 16777217],
    ["FP16", 2049],
    ["BF16", -257],
  ];
  for (const [datatype, number] of rows) {
    const { message } = assertThrows(() => given(datatype, [1, number]), UsageError);
    assertStringIncludes(message, `"x" as ${datatype} must hold its numbers: found ${number}`);
  }
  for (const value of [NaN, Infinity]) {
    assertThrows(() => jsonItem({ kind: "json", value: { a: [value] } }), UsageError, String(value));
    assertThrows(
      () => encodeItem({ kind: "json" }, { kind: "tensors", tensors: [{ ...given("FP32", [1]), data: [value] }] }),
      UsageError,
      String(value),
    );
  }
});

Deno.test("a number that may be written as a float is rounded as its element type does", () => {
  const spec = { name: "x", shape: [-1] };
  for (const [datatype, number] of [["FP32", 16777217], ["FP32", 1e20], ["BF16", -10000], ["FP16", 0.1]] as const) {
    const item = { kind: "json", value: [number], written: "[1.0]" } as const;
    assertEquals(itemTensors(item, [{ ...spec, datatype }])[0]!.data, [number]);
  }
  for (const [datatype, number] of [["FP32", 16777218], ["FP32", 1e20], ["BF16", 255], ["FP64", 2n ** 53n]] as const) {
    assertEquals(itemTensors({ kind: "json", value: [number] }, [{ ...spec, datatype }])[0]!.data, [Number(number)]);
  }
});

Deno.test("a float of 16 bits is the upper half of one of 32, rounded to the nearest", () => {
  const rows = [[1, 0x3f80], [-2, 0xc000], [0, 0], [1.00390625, 0x3f80], [1.01171875, 0x3f82], [Infinity, 0x7f80]];
  for (const [value, bits] of rows) assertEquals(bfloat16Bits(value!), bits);
  assertEquals(Number.isNaN(toBfloat16(NaN)), true);
  const tensor = given("BF16", [1, -2]);
  assertEquals([...rawTensor(tensor).bytes], [0x80, 0x3f, 0, 0xc0]);
  assertEquals(text(jsonElements(tensor).bytes), ",1.0,-2.0");
  assertEquals(text(jsonElements({ ...tensor, data: Uint16Array.of(0x3f80, 0x3dcd) }).bytes), ",1.0,0.1");
});
