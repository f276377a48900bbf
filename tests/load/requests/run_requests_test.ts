import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { InputSpec, ModelInput } from "../../../src/core/model_input.ts";
import type { EncodedRequest, Protocol } from "../../../src/core/protocol.ts";
import { bodyLength, wholeBody } from "../../../src/core/wire_body.ts";
import { RunRequests } from "../../../src/load/requests/run_requests.ts";
import { BodyParts } from "../../../src/items/body_parts.ts";
import { image, protocol, requestsOf } from "./raw_requests.ts";
import { encodePrediction } from "../../../src/protocols/torch_inference/encode.ts";

const textOf = (request: { body: EncodedRequest["body"] }) => wholeBody(request.body).toBase64();

/** Bodies of requests that are sent one after another. */
function sent(requests: RunRequests, batchSize: number, count: number): string[] {
  const pool = requests.pool(batchSize);
  return Array.from({ length: count }, () => {
    const request = pool.next();
    const text = textOf(request);
    pool.release(request);
    return text;
  });
}

Deno.test("RunRequests sends no body twice, whatever the batch size and the window", async () => {
  const requests = requestsOf(image(8));
  await requests.prepare([1, 4]);
  const bodies = [sent(requests, 1, 10_000), sent(requests, 4, 1000), sent(requests, 1, 1000)].flat();
  assertEquals(new Set(bodies).size, bodies.length);
  assertEquals(requests.limits, null);
});

Deno.test("RunRequests of several threads send no body twice, made or given", async () => {
  const given: InputSpec = { kind: "samples", samples: [{ kind: "text", text: "a" }, { kind: "text", text: "b" }] };
  const texts: Pick<Protocol, "encode" | "itemForm"> = {
    encode: (_model, items) => encodePrediction("m", items, "bare"),
  };
  for (const [spec, by] of [[image(2), protocol], [given, texts]] as const) {
    const bodies: string[] = [];
    for (const part of [0, 1, 2]) {
      const requests = requestsOf(spec, { protocol: by, share: { part, parts: 3 } });
      await requests.prepare([1]);
      bodies.push(...sent(requests, 1, 500));
    }
    assertEquals(new Set(bodies).size, bodies.length);
  }
});

Deno.test("RunRequests of another origin send other requests of the same items, as many and as different", async () => {
  const [first, second] = [0, 5_000_000].map((origin) => requestsOf(image(2), { origin }));
  await Promise.all([first!, second!].map((requests) => requests.prepare([1, 4])));
  const bodies = [first!, second!].flatMap((requests) => [...sent(requests, 1, 1000), ...sent(requests, 4, 1000)]);
  assertEquals(new Set(bodies).size, bodies.length);
});

Deno.test("RunRequests of any origin tell as many items apart as their places can", async () => {
  const requests = requestsOf({ kind: "tensors", tensors: [{ name: "x", datatype: "BOOL", shape: [6] }] }, {
    origin: 2 ** 32 - 7,
  });
  await requests.prepare([1]);
  const { different } = requests.pool(1);
  assertEquals(new Set(sent(requests, 1, different)).size, different);
});

Deno.test("RunRequests says where inputs are too small to differ", async () => {
  const requests = requestsOf({ kind: "tensors", tensors: [{ name: "x", datatype: "BOOL", shape: [1] }] });
  await requests.prepare([1]);
  assertEquals(new Set(sent(requests, 1, 100)).size, 2);
  assertMatch(requests.limits ?? "", /so small that only \d+ different ones/);
});

Deno.test("RunRequests sends the same requests again and again where that is wanted", async () => {
  const requests = requestsOf(image(8), { repeat: true });
  await requests.prepare([2]);
  assertEquals(new Set(sent(requests, 2, 1000)).size, 32);
  assert(requests.limits?.includes("as was asked for"));
});

Deno.test("RunRequests gives the same requests in the same order for the same seed, however it was prepared", async () => {
  const all = requestsOf(image(8)), stepwise = requestsOf(image(8)), other = requestsOf(image(8), { seed: 2 });
  await all.prepare([1, 2, 16]);
  for (const size of [1, 2, 16, 2]) await stepwise.prepare([size]);
  await other.prepare([2]);
  const bodies = sent(all, 2, 100);
  assertEquals(sent(stepwise, 2, 100), bodies);
  assert(sent(other, 2, 100).every((body, i) => body !== bodies[i]));
});

Deno.test("RunRequests makes at least 32 different sets of items of every batch size, without one twice in a batch", async () => {
  const requests = requestsOf(image(8), { repeat: true });
  for (const batchSize of [1, 3, 64]) {
    await requests.prepare([batchSize]);
    assertEquals(requests.pool(batchSize).size, 32);
    const bodies = sent(requests, batchSize, 32);
    assertEquals(new Set(bodies).size, 32);
    for (const body of bodies) {
      const bytes = Uint8Array.fromBase64(body).subarray(`${batchSize} items: `.length);
      const items = Array.from({ length: batchSize }, (_, i) => bytes.subarray(i * 256, (i + 1) * 256).toBase64());
      assertEquals(new Set(items).size, batchSize);
    }
  }
});

Deno.test("RunRequests shares the items among requests, and holds no more than it may", async () => {
  const mostBytes = 2 ** 21, side = 128;
  const requests = requestsOf(image(side), { mostBytes });
  await requests.prepare([1, 16, 256]);
  assert(requests.limits?.includes("requests of 256 items share 31"), requests.limits ?? "");
  const buffers = new Set<ArrayBufferLike>();
  for (const batchSize of [1, 16, 256]) {
    const pool = requests.pool(batchSize);
    for (let i = 0; i < 100; i++) {
      const { body } = pool.next();
      assertEquals(bodyLength(body), `${batchSize} items: `.length + batchSize * side * side * 4);
      for (const part of body instanceof Uint8Array ? [body] : body!) buffers.add(part.buffer);
    }
  }
  const large = [...buffers].filter(({ byteLength }) => byteLength > 2 ** 16);
  assert(large.reduce((sum, { byteLength }) => sum + byteLength, 0) <= mostBytes);
});

Deno.test("RunRequests puts the items of a batch into one part where they are in one piece of memory", async () => {
  for (const [repeat, most] of [[true, 2], [false, 2 * 16]] as const) {
    // No memory is left to have all of it in one piece.
    const requests = requestsOf(image(224), { repeat, mostBytes: 48 * 224 * 224 * 4 });
    await requests.prepare([16]);
    const { body } = requests.pool(16).next();
    assertEquals(
      (body as readonly Uint8Array[]).length,
      most,
      "each item has a few bytes of its own unless it repeats",
    );
  }
});

Deno.test("RunRequests sends no item twice, in whatever request, batch size and order of bytes", async () => {
  const scalars = [1, 2, 3, 4].map((i) => ({ name: `${i}`, datatype: "FP64", shape: [1] }) as const);
  const specs: [InputSpec, number][] = [
    [image(8), 256],
    [image(1), 4],
    [{ kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [128, 128] }] }, 4 * 128 * 128],
    [{ kind: "tensors", tensors: scalars }, 32],
    [{ kind: "tensors", tensors: [{ name: "x", datatype: "BYTES", shape: [1] }] }, 0],
  ];
  for (const [spec, itemBytes] of specs) {
    const requests = requestsOf(spec);
    await requests.prepare([1, 3, 64]);
    const seen = new Set<string>();
    let items = 0;
    for (const [batchSize, count] of [[1, 200], [64, 40], [3, 200]] as const) {
      for (const body of sent(requests, batchSize, count)) {
        const bytes = Uint8Array.fromBase64(body).subarray(`${batchSize} items: `.length);
        const length = itemBytes || bytes.length / batchSize;
        for (let i = 0; i < batchSize; i++) seen.add(bytes.subarray(i * length, (i + 1) * length).toBase64());
        items += batchSize;
      }
    }
    if (itemBytes > 0) assertEquals(seen.size, items, JSON.stringify(spec));
    assertEquals(requests.limits, null, JSON.stringify(spec));
  }
});

Deno.test("RunRequests has nothing new for a request but the bytes that it rewrites", async () => {
  const large = requestsOf(image(224));
  await large.prepare([4]);
  const memories = new Set(Array.from({ length: 100 }, () => {
    const request = large.pool(4).next();
    large.pool(4).release(request);
    return (request.body as Uint8Array).buffer;
  }));
  assertEquals(memories.size, 1, "of a lone request after another");
  const requests = requestsOf(image(56));
  await requests.prepare([4]);
  const pool = requests.pool(4);
  const before = Array.from({ length: 32 }, () => pool.next());
  for (const request of before) pool.release(request);
  const bodies = before.map(({ body }) => body);
  for (let i = 0; i < 320; i++) {
    const request = pool.next();
    assertStrictEquals(request, before[i % 32]);
    assertStrictEquals(request.body, bodies[i % 32]);
    pool.release(request);
  }
});

Deno.test("RunRequests rewrites no request that somebody has", async () => {
  for (const side of [8, 224]) {
    const requests = requestsOf(image(side));
    await requests.prepare([1]);
    const pool = requests.pool(1);
    const held = Array.from({ length: 100 }, () => pool.next());
    assertEquals(new Set(held).size, 100);
    assertEquals(new Set(held.map(textOf)).size, 100, "different while all of them are on the way");
    const [first] = held, was = textOf(first!);
    for (let i = 0; i < 100; i++) pool.release(pool.next());
    assertEquals(textOf(first!), was);
  }
});

/** So many given items, each a number. */
function givenJson(length: number, share?: { readonly part: number; readonly parts: number }): RunRequests {
  const samples: ModelInput[] = Array.from({ length }, (_, value) => ({ kind: "json", value }));
  const protocol = {
    encode: (_: string, inputs: readonly ModelInput[]): EncodedRequest => ({
      method: "POST",
      path: "/",
      headers: [],
      body: new TextEncoder().encode(JSON.stringify(inputs.map((item) => item.kind === "json" ? item.value : 0))),
    }),
  };
  const spec = { kind: "samples", samples } as const;
  return new RunRequests({ protocol, model: "m", spec, seed: 1, ...share && { share } });
}

Deno.test("RunRequests sends given samples in turn, each of them, and says how few requests there are", async () => {
  const requests = givenJson(100);
  await requests.prepare([1, 3]);
  const seen = sent(requests, 1, 100);
  assertEquals(new Set(seen).size, 100);
  assertEquals(requests.limits, null);
  const [first] = sent(requests, 1, 1);
  assertEquals(first, seen[0]);
  assert(requests.limits?.includes("100 in turn"), requests.limits ?? "");
  assertEquals(requests.pool(3).size, 100);
});

Deno.test("RunRequests of several threads send each of the given samples before one of them twice", async () => {
  const bodies: string[] = [];
  for (const part of [1, 2, 3]) {
    const requests = givenJson(99, { part, parts: 4 });
    await requests.prepare([1]);
    bodies.push(...sent(requests, 1, 33));
  }
  assertEquals(new Set(bodies).size, 99);
});

Deno.test("RunRequests says where only the first of very many given samples are sent", async () => {
  const requests = givenJson(5000);
  await requests.prepare([1]);
  sent(requests, 1, 4096);
  assertEquals(requests.limits, null);
  sent(requests, 1, 1);
  assertMatch(
    requests.limits ?? "",
    /^of the 5000 items given the first 4096 are sent in turn, and the items can only be/,
  );
});

Deno.test("RunRequests refuses what cannot be made, and takes nothing that was not prepared", () => {
  assertThrows(() => requestsOf(image(2 ** 15)).prepare([1]), UsageError, "at most 2^28 elements");
  assertThrows(() => requestsOf({ kind: "samples", samples: [] }).prepare([1]), UsageError, "at least one sample");
  assertThrows(() => requestsOf(image(8)).pool(1), RangeError, "must be prepared");
});

Deno.test("RunRequests counts what other threads sent when it says whether inputs repeat", async () => {
  const requests = requestsOf({ kind: "tensors", tensors: [{ name: "x", datatype: "BOOL", shape: [1] }] });
  await requests.prepare([1]);
  assertEquals(requests.limits, null);
  assertEquals(requests.pool(1).repeats, false);
  requests.tookElsewhere(1000);
  assertMatch(requests.limits ?? "", /so small/);
  assertEquals(requests.pool(1).repeats, true, "a question whether a cache answers cannot be told");
});

Deno.test("RunRequests.prompts() makes prompts of words that are one token each, where a tokenizer told such words", () => {
  const seen: ModelInput[] = [];
  const texts: Pick<Protocol, "encode" | "itemForm"> = {
    encode(_model, items): EncodedRequest {
      seen.push(...items);
      return { method: "POST", path: "/", headers: [], ...new BodyParts().text("a").encoded() };
    },
  };
  const vocabulary = Array.from({ length: 400 }, (_, i) => `word${String.fromCharCode(97 + i % 26)}${i}`);
  const told: InputSpec = { kind: "prompts", tokens: 9, vocabulary };
  new RunRequests({ protocol: texts, model: "m", spec: told, seed: 1 }).prompts(40);
  assert(seen.length > 0);
  for (const item of seen) {
    assert(item.kind === "prompt" && typeof item.content === "string");
    assertEquals(item.tokens, 40);
    assert(item.content.split(" ").slice(-20).every((word) => vocabulary.includes(word)), item.content);
  }
  seen.length = 0;
  new RunRequests({ protocol: texts, model: "m", spec: { kind: "text", words: 9 }, seed: 1 }).prompts(40);
  assert(seen.length > 0 && seen.every((item) => item.kind === "text"));
});
