/** What JSON and bytes become as tensors: by their own shape, the model's, or not at all. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { Datatype, JsonValue, TensorSpec } from "../../../src/core/model_input.ts";
import { bytesTensor, rawElements, takesFiles } from "../../../src/items/given/bytes_tensor.ts";
import { jsonTensor } from "../../../src/items/given/json_tensor.ts";
import { itemTensors } from "../../../src/items/item_tensors.ts";
import { jsonElements } from "../../../src/items/json_items.ts";
import { rawTensor } from "../../../src/items/raw_tensor.ts";
import { variedSample } from "../../../src/items/variation.ts";

const spec = (shape: readonly number[], datatype: Datatype = "FP32", more: Partial<TensorSpec> = {}): TensorSpec => ({
  name: "x",
  datatype,
  shape,
  ...more,
});
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
const b64 = PNG.toBase64();

Deno.test("jsonTensor() gives a flat list the model's shape, and lists within lists their own", () => {
  const rows: [TensorSpec, JsonValue, readonly number[]][] = [
    [spec([2, 2]), [1, 2, 3, 4], [2, 2]],
    [spec([-1, 2]), [1, 2, 3, 4], [2, 2]],
    [spec([-1]), [1, 2, 3], [3]],
    [spec([-1]), [], [0]],
    [spec([1]), 5, [1]],
    [spec([-1, -1]), [5], [1, 1]],
    [spec([]), [1, 2], [2]],
    [spec([]), 5, []],
    [spec([2, 2]), [[1, 2, 3, 4]], [2, 2]],
    [spec([-1, 3]), [[1, 2, 3], [4, 5, 6]], [2, 3]],
    [spec([1, 2, 2]), [[1, 2], [3, 4]], [1, 2, 2]],
    [spec([-1, 2, 2]), [[1, 2], [3, 4]], [1, 2, 2]],
    [spec([4]), [[1, 2, 3, 4]], [4]],
    [spec([-1, 2]), [[[1, 2], [3, 4]]], [2, 2]],
    [spec([]), [[5]], [1, 1]],
    [spec([-1, 2], "FP32", { ownBatch: true }), [1, 2], [1, 2]],
    [spec([-1, -1], "FP32", { ownBatch: true }), [1, 2, 3], [1, 3]],
    [spec([2], "BYTES"), ["a", { b64 }], [2]],
    [spec([2, 2], "BOOL"), [true, false, 1, 0], [2, 2]],
    [spec([-1, -1]), { content: [1, 2, 3, 4, 5, 6], shape: [2, 3] }, [2, 3]],
    [spec([2, 2]), { content: [1, 2, 3, 4], shape: [1, 2, 2] }, [2, 2]],
    [spec([2, 2]), { content: [1, 2, 3, 4] }, [2, 2]],
    [spec([]), { content: [1, 2, 3, 4], shape: [2, 2] }, [2, 2]],
    [spec([2, -1], "INT16"), { b64: Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0).toBase64() }, [2, 2]],
    [spec([-1, -1], "INT16"), { b64: Uint8Array.of(1, 0, 2, 0).toBase64(), shape: [2, 1] }, [2, 1]],
  ];
  for (const [input, value, shape] of rows) assertEquals(jsonTensor(input, value).shape, shape, JSON.stringify(value));
  const { data } = jsonTensor(spec([2], "INT16"), { b64: Uint8Array.of(1, 0, 255, 255).toBase64() });
  assertEquals([...data], [1, -1]);
});

Deno.test("jsonTensor() refuses what does not fill the model's shape, naming input, count and shape", () => {
  const rows: [TensorSpec, JsonValue, string][] = [
    [spec([2, 2]), [1, 2, 3], '"x" as its shape [2,2] must hold 4 elements of FP32: found 3 in a flat list'],
    [spec([3]), [1, 2], "its shape [3] must hold 3 elements"],
    [spec([-1, 4]), [1, 2, 3], "its shape [any,4] must hold a multiple of 4 elements of FP32: found 3"],
    [spec([-1, -1]), [1, 2], "the model takes FP32 [any,any], found are 2 in a flat list"],
    [spec([2, 2]), { content: [1, 2, 3, 4], shape: [4] }, "its shape must be [2,2]: found [4]"],
    [spec([-1]), { content: [1, 2, 3, 4], shape: [3] }, "its shape [3] must hold 3 elements of FP32: found 4"],
    [spec([-1]), { content: [1], shape: ["a"] }, 'its shape must be [any]: found ["a"]'],
    [
      spec([2]),
      { b64: Uint8Array.of(1, 2, 3).toBase64() },
      "must hold 2 elements of FP32: found 3 bytes, 4 an element",
    ],
    [spec([1], "BYTES"), { b64: "not base64!" }, 'its "b64" must be base64: found "not base64!"'],
    [spec([2], "BYTES"), { b64 }, "its shape [2] must hold 2 elements of BYTES: found 1"],
    [spec([2, 2]), [[1, 2], [3, 4], [5, 6]], '"x" as its shape must be [2,2]: found [3,2] of FP32'],
    [spec([2, 2]), [[1, 2, 3]], "its shape [2,2] must hold 4 elements of FP32: found 3 in a flat list"],
    [spec([2]), [[1, 2], [3, 4]], "its shape must be [2]: found [2,2]"],
    [spec([-1, 2]), [[1, 2, 3], [4, 5, 6]], "its shape must be [any,2]: found [2,3]"],
    [spec([1]), { cb64: b64 }, "must be nested lists of equal length of FP32: found {"],
  ];
  for (const [input, value, words] of rows) {
    const { message } = assertThrows(() => jsonTensor(input, value), UsageError);
    assertStringIncludes(message, words);
  }
});

Deno.test("bytes are an element of BYTES, a row of UINT8, or elements as they stand in memory", () => {
  const element = bytesTensor(spec([1], "BYTES"), PNG);
  assertEquals([element.shape, element.data, element.fixed], [[1], [PNG], true]);
  assertEquals([...rawTensor(element).bytes], [PNG.length, 0, 0, 0, ...PNG]);
  assertThrows(() => jsonElements(element), UsageError, "must hold its bytes as a text: 17 are no UTF-8");
  const text = bytesTensor(spec([1], "BYTES"), new TextEncoder().encode('a "b"'));
  assertEquals(new TextDecoder().decode(jsonElements(text).bytes), ',"a \\"b\\""');
  for (const [shape, own] of [[[-1], [17]], [[-1, -1], [1, 17]], [[1, -1], [1, 17]], [[-1, 1], [17, 1]]]) {
    const row = bytesTensor(spec(shape!, "UINT8"), PNG);
    assertEquals([row.shape, row.data], [own, PNG]);
    assertEquals(variedSample({ kind: "tensors", tensors: [row] }), { kind: "tensors", tensors: [row] });
  }
  assertEquals(takesFiles(spec([-1, -1, 3], "UINT8")), false);
  assertEquals(bytesTensor(spec([-1, 3], "UINT8"), PNG.subarray(2)).shape, [5, 3]);
});

Deno.test("a raw tensor of BYTES has lengths in front of its elements, and is told from a file", () => {
  assertEquals(rawElements(Uint8Array.of(1, 0, 0, 0, 97, 0, 0, 0, 0)), [Uint8Array.of(97), Uint8Array.of()]);
  for (const bytes of [PNG, new Uint8Array(), Uint8Array.of(1, 0, 0, 0)]) assertEquals(rawElements(bytes), null);
  const raw = Uint8Array.of(1, 0, 0, 0, 97, 1, 0, 0, 0, 98).toBase64();
  assertEquals(jsonTensor(spec([2], "BYTES"), { content: { b64: raw } }).data, [Uint8Array.of(97), Uint8Array.of(98)]);
  assertEquals(jsonTensor(spec([1], "BYTES"), { content: { b64 } }).data, [PNG]);
});

Deno.test("itemTensors() takes bytes and unnamed JSON for the only input that must be there", () => {
  const inputs = [spec([1], "BYTES"), spec([1], "FP32", { name: "t", optional: true })];
  const whole = { name: "x", datatype: "BYTES", shape: [1], data: [PNG], fixed: true } as const;
  assertEquals(itemTensors({ kind: "bytes", bytes: PNG, contentType: "image/png" }, inputs), [whole]);
  assertEquals(itemTensors({ kind: "json", value: { b64 } }, inputs), [whole]);
  assertEquals(itemTensors({ kind: "json", value: { x: { b64 } } }, inputs), [whole]);
  assertEquals(itemTensors({ kind: "json", value: { b64 } }, null), [{ ...whole, name: "input", shape: [] }]);
  const own = spec([-1], "FP32", { name: "content" });
  assertEquals(itemTensors({ kind: "json", value: { content: [1, 2] } }, [own])[0]!.data, [1, 2]);
  const two = [spec([1], "BYTES"), spec([1], "BYTES", { name: "y" })];
  const refused = (item: Parameters<typeof itemTensors>[0], words: string) =>
    assertThrows(() => itemTensors(item, two), UsageError, words);
  refused({ kind: "bytes", bytes: PNG, contentType: "image/png" }, "must take one input: it takes x, y");
  refused({ kind: "json", value: { b64 } }, "one of them without its name");
  refused({ kind: "json", value: { x: ["a"], z: ["b"] } }, 'the model\'s input "y": it has "x", "z"');
  const image = { kind: "bytes", bytes: PNG, contentType: "image/png" } as const;
  assertThrows(() => itemTensors(image, [spec([-1])]), UsageError, '"x" must be BYTES, or UINT8 of one open');
});

Deno.test("itemTensors() takes a text for the input of texts that must be there, if no other must be", () => {
  const temperature = spec([1], "FP32", { name: "t" }), system = spec([1], "BYTES", { name: "s", optional: true });
  const named = (inputs: readonly TensorSpec[]) =>
    itemTensors({ kind: "text", text: "a" }, inputs).map(({ name }) => name);
  assertEquals(named([system, spec([1], "BYTES"), { ...temperature, optional: true }]), ["x"]);
  assertEquals(named([{ ...temperature, optional: true }, system]), ["s"]);
  const lacks = (inputs: readonly TensorSpec[], name: string) =>
    assertThrows(() => named(inputs), UsageError, `must have the model's input "${name}": it has a text for`);
  lacks([spec([1], "BYTES"), temperature], "t");
  lacks([system, temperature], "t");
  lacks([spec([1], "BYTES"), spec([1], "BYTES", { name: "y" })], "y");
  const words = 'the model\'s inputs "t" and "u": it has';
  const others = [temperature, { ...temperature, name: "u" }];
  assertThrows(() => named([spec([1], "BYTES"), ...others]), UsageError, words);
});

Deno.test("jsonTensor() takes numbers beside a fraction for floats, which are rounded, and others for integers", () => {
  const id = 16777217;
  assertEquals(jsonTensor(spec([2]), [0.5, id]).data, [0.5, id]);
  assertEquals(jsonTensor(spec([1, 2]), [[id, 0.5]]).data, [id, 0.5]);
  assertThrows(() => jsonTensor(spec([2]), [1, id]), UsageError, "found 16777217");
});

Deno.test("itemTensors() refuses a key that is none of the model's inputs", () => {
  const inputs = [spec([1], "BYTES"), spec([1], "FP32", { name: "TEMPERATURE", optional: true })];
  const item = { kind: "json", value: { x: ["a"], TEMPRATURE: [0.5] } } as const;
  assertThrows(() => itemTensors(item, inputs), UsageError, 'inputs x, TEMPERATURE alone: it has "TEMPRATURE"');
});
