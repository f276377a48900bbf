import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { MarkedBytes } from "../../src/core/marker.ts";
import type { InputSpec, ItemForm, ModelInput } from "../../src/core/model_input.ts";
import { makeItems } from "../../src/items/make_items.ts";
import { prepareItems } from "../../src/items/prepare_items.ts";

const spec = (...datatypes: ("FP16" | "UINT8" | "INT64" | "BYTES")[]): InputSpec => ({
  kind: "tensors",
  tensors: datatypes.map((datatype) => ({ name: datatype, datatype, shape: datatype === "BYTES" ? [2] : [64, 128] })),
});
const wanted = (spec: InputSpec, to = 32) => ({ spec, from: 0, to, seed: 7, varies: true });
const RAW: ItemForm = { kind: "tensors", raw: true, inputs: null };
const JSON_TENSORS: ItemForm = { kind: "tensors", raw: false, inputs: null };

Deno.test("prepareItems() makes a few items at once, and many in a thread: the same items with the same bytes", async () => {
  for (const form of [RAW, JSON_TENSORS, { kind: "json" } as const, null]) {
    const few = wanted(spec("UINT8"), 2), many = wanted(spec("FP16", "UINT8", "INT64", "BYTES"));
    assertEquals(prepareItems(few, form), makeItems(few, form));
    const making = prepareItems(many, form);
    assert(making instanceof Promise);
    assertEquals(await making, makeItems(many, form));
  }
});

Deno.test("prepareItems() gives the bytes of each input in one piece of memory, those of raw numbers the numbers' own", async () => {
  for (const form of [RAW, JSON_TENSORS]) {
    const { items, encoded } = await prepareItems(wanted(spec("UINT8", "INT64")), form);
    const [first] = items;
    for (const column of [0, 1]) {
      const parts = encoded.map((item) => (item as readonly MarkedBytes[])[column]!.bytes);
      assertEquals(new Set(parts.map(({ buffer }) => buffer)).size, 1);
      assert(parts.every((part, i) => i === 0 || part.byteOffset === parts[i - 1]!.byteOffset + parts[i - 1]!.length));
      assert(first?.kind === "tensors");
      const own = first.tensors[column]!.data as Uint8Array;
      assertEquals(own.buffer === parts[0]!.buffer, form.kind === "tensors" && form.raw);
    }
  }
});

Deno.test("prepareItems() encodes given items in the thread as well, and leaves the user's own as they are", async () => {
  const data = Float64Array.from({ length: 2 ** 16 }, (_, i) => i % 7);
  const samples: ModelInput[] = [0, 1, 2].map((i) => ({
    kind: "tensors",
    tensors: [{ name: "x", datatype: "FP32", shape: [2 ** 14], data: data.subarray(i * 2 ** 14, (i + 1) * 2 ** 14) }],
  }));
  const given = { spec: { kind: "samples", samples } as const, from: 1, to: 3, seed: 1, varies: true };
  for (const form of [RAW, { kind: "json" } as const]) {
    const { items, encoded } = await prepareItems(given, form);
    assertEquals(encoded, makeItems(given, form).encoded);
    assertEquals(items, makeItems(given, form).items);
  }
  assertEquals(data.length, 2 ** 16, "not handed over");
});

Deno.test("prepareItems() tells how far it is, and ends when the signal says so", async () => {
  const shares: number[] = [];
  await prepareItems(wanted(spec("INT64")), RAW, { onProgress: (share) => shares.push(share) });
  assert(shares.length > 0 && shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1), `${shares}`);
  const interrupt = new AbortController();
  const making = prepareItems(wanted(spec("INT64"), 1000), JSON_TENSORS, { signal: interrupt.signal });
  interrupt.abort(new Error("enough"));
  await assertRejects(async () => await making, Error, "enough");
  assertThrows(() => prepareItems(wanted(spec("INT64")), RAW, { signal: interrupt.signal }), Error, "enough");
});

Deno.test("prepareItems() refuses in the thread with the error of this one", async () => {
  const data = new Float64Array(2 ** 18).fill(NaN);
  const samples: ModelInput[] = [{
    kind: "tensors",
    tensors: [{ name: "x", datatype: "FP64", shape: [2 ** 18], data }],
  }];
  const given = { spec: { kind: "samples", samples } as const, from: 0, to: 1, seed: 1, varies: true };
  const error = await assertRejects(
    async () => await prepareItems(given, { kind: "json" }),
    UsageError,
    "found NaN at 0",
  );
  assertEquals(error.words.message, error.message);
});
