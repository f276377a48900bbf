import { assert, assertEquals } from "@std/assert";
import type { InputSpec, ModelInput } from "../../../src/core/model_input.ts";
import type { WireBody } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { MOST_BYTES } from "../../../src/load/requests/run_requests.ts";
import { image, requestsOf } from "./raw_requests.ts";

Deno.test("RunRequests sends raw tensors in one piece at every level of a sweep, however it was prepared", async () => {
  for (const prepared of [[[1, 4, 16, 64]], [[1], [64, 4, 16]], [[16], [1], [64], [4]]]) {
    const requests = requestsOf(image(224));
    for (const sizes of prepared) await requests.prepare(sizes);
    for (const [batchSize, concurrency] of [[4, 1], [64, 1], [16, 1], [1, 64], [16, 32], [1, 1], [64, 2]] as const) {
      const pool = requests.pool(batchSize);
      const load = Array.from({ length: concurrency }, () => pool.next());
      assert(load.every(({ body }) => body instanceof Uint8Array), `${concurrency} of ${batchSize}: ${prepared}`);
      for (const request of load) pool.release(request);
    }
  }
});

Deno.test("RunRequests of a thread sends all sizes in one form, in whatever order they are asked for", async () => {
  const forms = async (side: number, threads: number, sizes: readonly number[]) => {
    const own = { mostBytes: Math.floor(MOST_BYTES / threads), share: { part: 1, parts: threads + 1 } };
    const requests = requestsOf(image(side), own), found = new Set<boolean>();
    for (const size of [...sizes, ...sizes]) {
      await requests.prepare([size]);
      const request = requests.pool(size).next();
      found.add(request.body instanceof Uint8Array);
      requests.pool(size).release(request);
    }
    const commanding = requestsOf(image(side), { share: { part: 0, parts: threads + 1 } });
    await commanding.prepare([1]);
    found.add(commanding.pool(1).next().body instanceof Uint8Array);
    return [...found];
  };
  assertEquals(await forms(224, 2, [4, 32, 1, 64]), [true]);
  assertEquals(await forms(512, 4, [4, 16, 1]), [false], "items of 1 MiB in an eighth of the memory");
});

Deno.test("RunRequests sends given tensors in turn, however many are outstanding", async () => {
  const made = requestsOf(image(224));
  await made.prepare([1]);
  const samples = Array.from({ length: 50 }, (_, value): ModelInput => ({
    kind: "tensors",
    tensors: [{ name: "x", datatype: "FP32", shape: [224, 224], data: new Float32Array(224 * 224).fill(value) }],
  }));
  const requests = requestsOf({ kind: "samples", samples, datatypes: [] } as unknown as InputSpec);
  await requests.prepare([1]);
  const pool = requests.pool(1);
  const lastOf = ({ body }: { body: WireBody | null }) => wholeBody(body).slice(-4).toHex();
  const load = Array.from({ length: 8 }, () => pool.next()), seen = new Map<string, number>();
  for (let i = 0; i < 400; i++) {
    const request = load.shift()!;
    seen.set(lastOf(request), (seen.get(lastOf(request)) ?? 0) + 1);
    pool.release(request);
    load.push(pool.next());
  }
  assertEquals([seen.size, Math.max(...seen.values())], [50, 8]);
});
