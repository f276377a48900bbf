import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { ModelInput } from "../../../src/core/model_input.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { createEncoder, JSON_LENGTH_HEADER } from "../../../src/protocols/kserve_v2/encode.ts";
import type { ModelMetadata } from "../../../src/protocols/kserve_v2/metadata.ts";

const PAIR: ModelMetadata = {
  name: "m",
  batched: true,
  countsRows: true,
  inputs: [{ name: "ids", datatype: "INT64", shape: [2] }, { name: "mask", datatype: "BOOL", shape: [2] }],
  outputs: ["logits"],
  maxBatchSize: 8,
};

const pair = (first: number): ModelInput => ({
  kind: "tensors",
  tensors: [
    { name: "ids", datatype: "INT64", shape: [2], data: [first, 2] },
    { name: "mask", datatype: "BOOL", shape: [2], data: [1, 0] },
  ],
});
const text = (value: string): ModelInput => ({ kind: "text", text: value });

Deno.test("createEncoder() puts a batch into JSON tensors with the batch as leading dimension", () => {
  const request = createEncoder("org/m", PAIR, false).encode([pair(1), pair(3)], { priority: 2 });
  assertEquals(request.path, "/v2/models/org%2Fm/infer");
  assertEquals(request.headers, ["content-type", "application/json"]);
  assertEquals(JSON.parse(new TextDecoder().decode(wholeBody(request.body))), {
    inputs: [
      { name: "ids", datatype: "INT64", shape: [2, 2], data: [1, 2, 3, 2] },
      { name: "mask", datatype: "BOOL", shape: [2, 2], data: [true, false, true, false] },
    ],
    parameters: { priority: 2 },
  });
});

Deno.test("createEncoder() puts raw tensors behind the JSON, little-endian, in the order of the inputs", () => {
  const { headers, body } = createEncoder("m", PAIR, true).encode([pair(1), pair(258)]);
  assertEquals(headers.slice(0, 3), ["content-type", "application/octet-stream", JSON_LENGTH_HEADER]);
  const length = Number(headers[3]);
  assertEquals(JSON.parse(new TextDecoder().decode(wholeBody(body).subarray(0, length))), {
    inputs: [
      { name: "ids", datatype: "INT64", shape: [2, 2], parameters: { binary_data_size: 32 } },
      { name: "mask", datatype: "BOOL", shape: [2, 2], parameters: { binary_data_size: 4 } },
    ],
    outputs: [{ name: "logits", parameters: { binary_data: true } }],
  });
  const ids = [[1, 0], [2, 0], [2, 1], [2, 0]].flatMap(([low, high]) => [low, high, 0, 0, 0, 0, 0, 0]);
  assertEquals([...wholeBody(body).subarray(length)], [...ids, 1, 0, 1, 0]);
});

Deno.test("createEncoder() asks for raw outputs as a whole where their names are not known", () => {
  const { headers, body } = createEncoder("m", { batched: true }, true).encode([text("hi")]);
  const length = Number(headers[3]);
  assertEquals(JSON.parse(new TextDecoder().decode(wholeBody(body).subarray(0, length))), {
    inputs: [{ name: "text", datatype: "BYTES", shape: [1], parameters: { binary_data_size: 6 } }],
    parameters: { binary_data_output: true },
  });
  assertEquals([...wholeBody(body).subarray(length)], [2, 0, 0, 0, 104, 105]);
});

Deno.test("createEncoder() fits texts and JSON to the model's inputs", () => {
  const sentence: ModelMetadata = {
    ...PAIR,
    inputs: [{ name: "sentence", datatype: "BYTES", shape: [1] }],
  };
  const inputsOf = (known: ModelMetadata, items: ModelInput[]) =>
    JSON.parse(new TextDecoder().decode(wholeBody(createEncoder("m", known, false).encode(items).body))).inputs;
  assertEquals(inputsOf(sentence, [text("a"), text("b")]), [
    { name: "sentence", datatype: "BYTES", shape: [2, 1], data: ["a", "b"] },
  ]);
  assertEquals(inputsOf(PAIR, [{ kind: "json", value: { ids: [5, 6], mask: [true, false] } }]), [
    { name: "ids", datatype: "INT64", shape: [1, 2], data: [5, 6] },
    { name: "mask", datatype: "BOOL", shape: [1, 2], data: [true, false] },
  ]);
  const image: ModelMetadata = { ...PAIR, inputs: [{ name: "x", datatype: "FP32", shape: [1, 2] }] };
  assertEquals(inputsOf(image, [{ kind: "json", value: [[0.5, 1]] }]), [
    { name: "x", datatype: "FP32", shape: [1, 1, 2], data: [0.5, 1] },
  ]);
});

Deno.test("createEncoder() sends the item's own shape to a model without a batch dimension, one at a time", () => {
  const single: ModelMetadata = { ...PAIR, batched: false, maxBatchSize: 1 };
  const { encode } = createEncoder("m", single, false);
  assertEquals(JSON.parse(new TextDecoder().decode(wholeBody(encode([pair(1)]).body))).inputs[0].shape, [2]);
  assertThrows(() => encode([pair(1), pair(2)]), UsageError, "batch dimension");
});

Deno.test("createEncoder() refuses items that the model cannot take", () => {
  const { encode } = createEncoder("m", PAIR, false);
  const longer: ModelInput = {
    kind: "tensors",
    tensors: [{ name: "ids", datatype: "INT64", shape: [3], data: [1, 2, 3] }],
  };
  const rows: [readonly ModelInput[], string][] = [
    [[], "must hold an item"],
    [[pair(1), { ...longer, tensors: [...longer.tensors, longer.tensors[0]!] }], "one shape"],
    [[longer, pair(1)], "the same inputs: found ids and ids, mask"],
    [[text("a")], "must take BYTES"],
    [[{ kind: "json", value: [1, 2] }], "ids, mask"],
    [[{ kind: "json", value: { ids: [1, 2] } }], '"mask"'],
    [[{ kind: "json", value: { ids: [[1, 2], [3]], mask: [true] } }], "equal length"],
    [[{ kind: "json", value: { ids: ["a"], mask: [true] } }], "INT64"],
  ];
  for (const [items, found] of rows) assertThrows(() => encode(items), UsageError, found);
});
