import { assertEquals } from "@std/assert";
import { fitInputs } from "../../../src/cli/inputs/fit_inputs.ts";
import type { RawSample } from "../../../src/cli/inputs/raw_sample.ts";
import type { InputSpec } from "../../../src/core/model_input.ts";
import { generateInputs } from "../../../src/items/generate_inputs.ts";
import { makeItems } from "../../../src/items/make_items.ts";

/** More than a call takes arguments. */
const MANY = 150_000;

Deno.test("fitInputs() takes an array of many items, also in a folder", async () => {
  const array = { datatype: "UINT8", shape: [MANY, 2], data: new Uint8Array(2 * MANY) } as const;
  const sample: RawSample = { kind: "array", array, path: "x.npy" };
  const file = { name: "x.npy", path: "x.npy", bytes: new Uint8Array(0), samples: () => Promise.resolve([sample]) };
  const known = { kind: "tensors", tensors: [{ name: "x", datatype: "UINT8", shape: [2] }] } as const;
  for (const given of [sample, { kind: "folder", path: ".", files: [file] } as const]) {
    const spec = await fitInputs([given], { shapes: {}, datatypes: {} }, known, {});
    assertEquals(spec?.kind === "samples" && spec.samples.length, MANY);
  }
});

Deno.test("fitInputs() has texts for a language model differ at their front, and others at their end", async () => {
  const text: RawSample = { kind: "item", item: { kind: "text", text: "a text" } };
  const isAtFront = async (known: InputSpec) => {
    const spec = await fitInputs([text], { shapes: {}, datatypes: {} }, known, {});
    const [item] = generateInputs({ spec: spec!, from: 0, to: 1, seed: 1, varies: true });
    return item?.kind === "text" && item.variation?.atFront === true;
  };
  const drawn = { kind: "prompts", tokens: 8 } as const;
  const given = { kind: "samples", samples: [], variesAtFront: true } as const;
  for (const known of [drawn, given, { kind: "text", words: 8, variesAtFront: true } as const]) {
    assertEquals(await isAtFront(known), true, known.kind);
  }
  assertEquals(await isAtFront({ kind: "text", words: 8 }), false);
});

Deno.test("makeItems() encodes many given items", () => {
  const samples = Array.from({ length: MANY }, () => ({ kind: "json", value: 1 } as const));
  const wanted = { spec: { kind: "samples", samples }, from: 0, to: MANY, seed: 1, varies: false } as const;
  assertEquals(makeItems(wanted, { kind: "json" }).encoded.length, MANY);
});
