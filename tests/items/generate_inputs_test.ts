import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { Datatype, InputSpec, ModelInput, Tensor } from "../../src/core/model_input.ts";
import { generateInputs } from "../../src/items/generate_inputs.ts";
import { ofBfloat16Bits } from "../../src/items/exact/bfloat16.ts";
import { ARRAY_TYPES, isFloat, type Numeric } from "../../src/items/number_arrays.ts";

const make = (spec: InputSpec, more: { from?: number; to?: number; seed?: number; varies?: boolean } = {}) =>
  generateInputs({ spec, from: 0, to: 4, seed: 1, varies: true, ...more });
const tensors = (datatype: Datatype, shape: readonly number[]): InputSpec => ({
  kind: "tensors",
  tensors: [{ name: "x", datatype, shape }],
});
function tensorOf(item: ModelInput | undefined): Tensor {
  assert(item?.kind === "tensors");
  return item.tensors[0]!;
}

Deno.test("generateInputs() makes data of every datatype in its range, in arrays of that type", () => {
  for (const datatype of Object.keys(ARRAY_TYPES) as Numeric[]) {
    const { shape, data } = tensorOf(make(tensors(datatype, [-1, 33]))[0]);
    assertEquals(shape, [16, 33]);
    assert(data instanceof ARRAY_TYPES[datatype], datatype);
    const numbers = Array.from(data as Float64Array, Number);
    const values = datatype === "BF16" ? numbers.map(ofBfloat16Bits) : numbers;
    const most = datatype === "BOOL" ? 1 : isFloat(datatype) ? 0.991 : 99;
    assert(values.every((value) => value >= 0 && value <= most), datatype);
    assert(isFloat(datatype) || values.every(Number.isInteger), datatype);
    // Each of 100 values 5 times in 528 on average: that fewer than 80 of them come is next to impossible.
    assert(new Set(values).size >= Math.min(most === 1 ? 2 : 80, 100), `${datatype}: ${new Set(values).size}`);
  }
  assert((tensorOf(make(tensors("BYTES", [3]))[0]).data as string[]).every((text) => /^(\w+ ){7}\w+$/.test(text)));
});

Deno.test("generateInputs() makes an item from the seed and its number alone", () => {
  for (const spec of [tensors("FP16", [5, 7]), tensors("BYTES", [2]), { kind: "text", words: 12 } as const]) {
    assertEquals(make(spec, { from: 3, to: 5 }), make(spec, { from: 0, to: 5 }).slice(3));
    assertNotEquals(make(spec, { seed: 1 }), make(spec, { seed: 2 }));
    assertEquals(new Set(make(spec, { to: 100 }).map((item) => JSON.stringify(item))).size, 100);
  }
});

Deno.test("generateInputs() puts consecutive items behind one another in memory", () => {
  const arrays = make(tensors("FP32", [3, 4])).map((item) => tensorOf(item).data as Float32Array);
  assertEquals(arrays.map(({ byteOffset }) => byteOffset), [0, 48, 96, 144]);
  assertEquals(new Set(arrays.map(({ buffer }) => buffer)).size, 1);
});

Deno.test("generateInputs() varies the first input that can tell all requests apart, else as many as can together", () => {
  const spec = (...shapes: [Datatype, number][]): InputSpec => ({
    kind: "tensors",
    tensors: shapes.map(([datatype, size], i) => ({ name: `${i}`, datatype, shape: [size] })),
  });
  const varied = (...shapes: [Datatype, number][]) => {
    const [item] = make(spec(...shapes));
    assert(item?.kind === "tensors");
    return item.tensors.map(({ variation }) => variation?.places ?? 0);
  };
  assertEquals(varied(["INT64", 8], ["INT64", 8]), [5, 0]);
  assertEquals(varied(["INT64", 1], ["BOOL", 64]), [0, 32]);
  assertEquals(varied(["BOOL", 3], ["FP32", 2]), [3, 2]);
  assertEquals(varied(["INT64", 1], ["INT64", 1], ["FP64", 1], ["FP64", 1]), [0, 0, 1, 1]);
  assertEquals(varied(["BYTES", 1]).map((places) => places > 0), [true]);
  assertEquals(varied(["FP32", 0]), [0]);
});

Deno.test("generateInputs() changes given texts and tensors as little as tells them apart, and nothing else", () => {
  const data = Float32Array.from({ length: 20 }, (_, i) => i % 5 - 2.5);
  const samples: ModelInput[] = [
    { kind: "text", text: "what" },
    { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [20], data }] },
    { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [4], data: data.subarray(0, 4) }] },
    { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [20], data: new Float32Array(20) }] },
    { kind: "json", value: { a: 1 } },
    { kind: "bytes", bytes: Uint8Array.of(1), contentType: "image/png" },
    { kind: "text", text: "QUJD".repeat(20) + "QQ==" },
    { kind: "text", text: `data:image/png;base64,${"/-_+".repeat(16)}` },
  ];
  const [text, tensor, ...same] = make({ kind: "samples", samples }, { to: 8 });
  assert(text?.kind === "text" && text.text === "what 00000000");
  assertEquals(tensorOf(tensor).variation?.values, Float32Array.of(-2.5, -1.5, -0.5, 0.5, 1.5));
  assertEquals(same, samples.slice(2), "too small, of one value, or of unknown meaning");
  assertEquals(make({ kind: "samples", samples }, { to: 8, varies: false }), samples);
  const words = ["QUJD", "QUJD".repeat(20) + "Q", "QUJD ".repeat(20)].map((text) => ({ kind: "text", text } as const));
  for (const item of make({ kind: "samples", samples: words })) {
    assert(item.kind === "text" && item.variation, item.kind);
  }
});

Deno.test("generateInputs() refuses what cannot be made", () => {
  assertThrows(() => make(tensors("FP32", [1e9])), UsageError, "at most 2^28 elements");
  assertThrows(() => make({ kind: "samples", samples: [] }), UsageError, "at least one sample");
});
