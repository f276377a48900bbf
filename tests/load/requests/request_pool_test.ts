import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { seededRandom } from "../../../src/core/random.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { InputSpec, ModelInput } from "../../../src/core/model_input.ts";
import type { EncodedRequest } from "../../../src/core/protocol.ts";
import type { WireRequest } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { BodyParts } from "../../../src/items/body_parts.ts";
import { encodedItem, keepEncoded } from "../../../src/items/encoded_item.ts";
import { makeItems } from "../../../src/items/make_items.ts";
import { BodyMemory } from "../../../src/load/requests/body_region.ts";
import { createRequestPool, LEAST_SETS, type RequestPool } from "../../../src/load/requests/request_pool.ts";
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

/** Pools of images in raw bytes, 602 KB each, that stand in one memory. */
function imagePools(count: number): (batchSize: number, memory: BodyMemory) => RequestPool {
  const spec: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [3, 224, 224] }] };
  const form = { kind: "tensors", raw: true, inputs: null } as const;
  const { items, encoded } = makeItems({ spec, from: 0, to: count, seed: 1, varies: true }, form);
  for (const [i, item] of items.entries()) keepEncoded(form, item, encoded[i]!);
  const protocol = {
    encode: (_: string, inputs: readonly ModelInput[]): EncodedRequest => {
      const body = new BodyParts().text(`${inputs.length} items: `);
      for (const [i, input] of inputs.entries()) for (const part of encodedItem(form, input)) body.bytes(part, i);
      return { method: "POST", path: "/", headers: [], ...body.encoded() };
    },
  };
  return (batchSize, memory) => createRequestPool(protocol, "m", items, { batchSize, memory });
}

/** Memory for bodies of images that take so many regions of so many images each. */
function memoryFor(...regions: readonly (readonly [count: number, images: number])[]): BodyMemory {
  return new BodyMemory(regions.reduce((sum, [count, images]) => sum + count * (images * 602_112 + 4096), 0));
}

function isWhole({ body, headRoom }: WireRequest): boolean {
  assert((body instanceof Uint8Array) === (headRoom! > 0));
  return body instanceof Uint8Array;
}

Deno.test("createRequestPool() puts bodies one by one into a copy of the items' memory, with room for a head", () => {
  for (const batchSize of [1, 3]) {
    const images = LEAST_SETS - 1 + batchSize, random = seededRandom(3);
    const poolOf = imagePools(images);
    const pool = poolOf(batchSize, memoryFor([2, images])), reference = poolOf(batchSize, new BodyMemory(0));
    const outstanding: [WireRequest, WireRequest, Buffer][] = [];
    const seen = new Set<string>();
    for (let i = 0; i < 120; i++) {
      const [one, other] = [pool.next(), reference.next()];
      const bytes = Buffer.from(wholeBody(other.body));
      assert(isWhole(one) && !isWhole(other) && bytes.equals(wholeBody(one.body)), `request ${i}`);
      // As a transport does.
      const { buffer, byteOffset } = one.body as Uint8Array<ArrayBuffer>;
      new Uint8Array(buffer, byteOffset - one.headRoom!, one.headRoom).fill(i);
      outstanding.push([one, other, bytes]);
      seen.add(bytes.subarray(0, 4096).toString("latin1"));
      while (outstanding.length > 2 * random()) {
        const [one, other, bytes] = outstanding.splice(Math.floor(outstanding.length * random()), 1)[0]!;
        assert(bytes.equals(wholeBody(one.body)), "nobody else has changed it");
        pool.release(one);
        reference.release(other);
      }
    }
    assertEquals(seen.size, 120);
  }
});

Deno.test("createRequestPool() spares memory where more than two requests are outstanding: each of the others keeps its items", () => {
  const batchSize = 2, outstanding = 12, images = LEAST_SETS - 1 + batchSize, itemBytes = 602_112, marked = 64;
  const poolOf = imagePools(images), front = `${batchSize} items: `.length;
  const pool = poolOf(batchSize, memoryFor([2, images], [outstanding - 2, batchSize]));
  const reference = poolOf(batchSize, new BodyMemory(0));
  const unmarked = (request: WireRequest) =>
    Array.from({ length: batchSize }, (_, k) => {
      const body = Buffer.from(wholeBody(request.body));
      return body.subarray(front + k * itemBytes + marked, front + (k + 1) * itemBytes).toString("latin1");
    }).join();
  const sets = new Set(Array.from({ length: LEAST_SETS }, () => unmarked(reference.next())));
  const requests = Array.from({ length: outstanding }, () => pool.next());
  const bodies = new Set<string>();
  for (let i = 0; i < 60; i++) {
    const request = requests.shift()!;
    assert(isWhole(request) && sets.has(unmarked(request)), `request ${i}`);
    bodies.add(Buffer.from(wholeBody(request.body)).subarray(0, front + marked).toString("latin1"));
    const like = i % 7 === 0 ? requests.splice(4, 1)[0]! : null;
    if (like !== null) pool.release(like);
    pool.release(request);
    requests.push(pool.next());
    if (like !== null) requests.push(pool.next());
  }
  assertEquals(bodies.size, 60, "they still differ from one another");
  for (const request of requests) pool.release(request);
  const alone = new Set(Array.from({ length: LEAST_SETS }, () => {
    const request = pool.next();
    pool.release(request);
    return unmarked(request);
  }));
  assertEquals(alone.size, LEAST_SETS, "a lone request still has all sets in turn");
});

Deno.test("createRequestPool() makes a request like another of the same items, in the same form", () => {
  const pool = imagePools(LEAST_SETS)(1, memoryFor([2, LEAST_SETS], [6, 1]));
  const tail = (request: WireRequest) => Buffer.from(wholeBody(request.body)).subarray(-4096).toString("latin1");
  const load = Array.from({ length: 6 }, () => pool.next());
  for (const request of load.splice(2)) pool.release(request);
  const like = pool.like(load[1]!);
  assert(isWhole(like));
  assertEquals(tail(like), tail(load[1]!));
});

Deno.test("createRequestPool() has no load with large bodies both in one piece and in parts", () => {
  const pool = imagePools(LEAST_SETS + 1)(2, memoryFor([2, 33], [1, 2]));
  const take = (count: number) => Array.from({ length: count }, () => pool.next());
  const one = take(1)[0]!, like = pool.like(one);
  assertEquals([isWhole(one), isWhole(like)], [true, true]);
  for (const request of [one, like]) pool.release(request);
  const load = take(5);
  assertEquals(load.map(isWhole), [true, true, true, false, false]);
  for (let i = 0; i < 20; i++) {
    pool.release(load.shift()!);
    load.push(...take(1));
    assert(!isWhole(load.at(-1)!));
  }
  for (const request of load) pool.release(request);
  assertEquals(take(3).map(isWhole), [true, true, true], "a load of fewer");
});

Deno.test("createRequestPool() gives up the memory of a pool that nobody uses for another", () => {
  const poolOf = imagePools(LEAST_SETS + 1), memory = memoryFor([2, 33]);
  const [one, two] = [poolOf(1, memory), poolOf(2, memory)];
  for (const pool of [one, two, one, two]) {
    const request = pool.next();
    assert(isWhole(request));
    pool.release(request);
  }
  const held = one.next();
  assert(isWhole(held) && !isWhole(two.next()), "not what is still on its way");
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
