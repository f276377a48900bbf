import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { UsageError } from "../../src/core/errors.ts";
import type { InputSpec, ModelInput } from "../../src/core/model_input.ts";
import type { EncodedRequest } from "../../src/core/protocol.ts";
import type { WireRequest } from "../../src/core/transport.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { BodyParts } from "../../src/items/body_parts.ts";
import { encodedItem } from "../../src/items/encoded_item.ts";
import { generateInputs } from "../../src/items/generate_inputs.ts";
import { createRequestPool } from "../../src/load/request_pool.ts";
import { madePool } from "./made_pool.ts";

const image: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [2, 2] }] };

const asJson = {
  encode: (_model: string, inputs: readonly ModelInput[]): WireRequest => ({
    method: "POST",
    path: "/",
    headers: [],
    body: new TextEncoder().encode(
      JSON.stringify(
        inputs.map((input) => input.kind === "tensors" ? Array.from(input.tensors[0]!.data as Float64Array) : input),
      ),
    ),
  }),
};

function bodies(spec: InputSpec, batchSize: number, count: number, seed = 1): string[] {
  const pool = madePool(asJson, spec, { batchSize, seed, varies: false });
  return Array.from({ length: count }, () => new TextDecoder().decode(wholeBody(pool.next().body)));
}

Deno.test("createRequestPool() gives at least 32 requests that all differ", () => {
  for (const batchSize of [1, 2, 8, 32, 64]) {
    assertEquals(new Set(bodies(image, batchSize, 32)).size, 32, `batch ${batchSize}`);
  }
});

Deno.test("createRequestPool() never repeats an item inside a batch", () => {
  for (const body of bodies({ kind: "text", words: 12 }, 32, 32)) {
    const items = (JSON.parse(body) as { text: string }[]).map(({ text }) => text);
    assertEquals(new Set(items).size, 32);
  }
});

Deno.test("createRequestPool() repeats its requests after the last where nothing may differ, for the same bytes", () => {
  const pool = madePool(asJson, image, { varies: false });
  const first = Array.from({ length: pool.size }, () => pool.next());
  for (const request of first) pool.release(request);
  assert(first.every((request) => pool.next() === request), "encoded once, sent again");
});

Deno.test("createRequestPool() makes bodies of up to 1 MiB one piece with room for a head, as long as memory lasts", () => {
  const photo: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [3, 224, 224] }] };
  const items = generateInputs({ spec: photo, from: 0, to: 40, seed: 1, varies: true });
  const form = { kind: "tensors", raw: true, inputs: null } as const;
  const protocol = {
    encode: (_: string, inputs: readonly ModelInput[]): EncodedRequest => {
      const body = new BodyParts().text(`${inputs.length} items: `);
      for (const [i, input] of inputs.entries()) for (const part of encodedItem(form, input)) body.bytes(part, i);
      return { method: "POST", path: "/", headers: [], ...body.encoded() };
    },
  };
  const poolOf = (batchSize: number, bytesLeft: number) =>
    createRequestPool(protocol, "m", items, { batchSize, wholes: { bytesLeft } });
  const whole = poolOf(1, 64 * 2 ** 20), some = poolOf(1, 2 ** 20), none = poolOf(1, 0);
  const seen = new Set<string>();
  for (let i = 0; i < 100; i++) {
    const [one, two, three] = [whole.next(), some.next(), none.next()];
    assert(one.body instanceof Uint8Array && one.headRoom! > 500);
    assert(one.body.byteOffset >= one.headRoom! && one.body.buffer.byteLength === one.headRoom! + one.body.length);
    assert(Array.isArray(three.body) && three.headRoom === 0);
    const bytes = Buffer.from(wholeBody(one.body));
    for (const other of [two, three]) assert(bytes.equals(wholeBody(other.body)), `request ${i}`);
    seen.add(bytes.toString("latin1"));
    for (const [pool, request] of [[whole, one], [some, two], [none, three]] as const) pool.release(request);
  }
  assertEquals(seen.size, 100);
  assertEquals(Array.from({ length: 32 }, () => some.next()).filter(({ headRoom }) => headRoom! > 0).length, 1);
  assert(Array.isArray(poolOf(2, 64 * 2 ** 20).next().body), "1.2 MB");
});

Deno.test("createRequestPool() depends on the seed and on nothing else", () => {
  assertEquals(bodies(image, 4, 40, 7), bodies(image, 4, 40, 7));
  assertNotEquals(bodies(image, 4, 40, 7), bodies(image, 4, 40, 8));
});

Deno.test("createRequestPool() sends given samples in turn", () => {
  const samples: ModelInput[] = ["a", "b", "c"].map((text) => ({ kind: "text", text }));
  const sent = bodies({ kind: "samples", samples }, 2, 3).map((body) =>
    (JSON.parse(body) as { text: string }[]).map(({ text }) => text).join("")
  );
  assertEquals(sent, ["ab", "ca", "bc"]);
});

Deno.test("createRequestPool() refuses what cannot be made", () => {
  const huge: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [1e9] }] };
  assertThrows(() => bodies(huge, 1, 1), UsageError, "at most 2^28 elements");
  assertThrows(() => bodies({ kind: "samples", samples: [] }, 1, 1), UsageError, "at least one sample");
});
