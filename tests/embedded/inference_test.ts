import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { image, logits, sentence, startTestServer } from "./embedded_client.ts";

const MODELS = [
  { name: "mobilenet_v2", classes: 1000, item: image },
  { name: "resnet18", classes: 1000, item: image },
  { name: "resnet50", classes: 1000, item: image },
  { name: "bert", classes: 2, item: (seed: number) => sentence(seed, 5 + seed) },
];

function largestDifference(one: readonly number[], other: readonly number[]): number {
  return Math.max(...one.map((value, index) => Math.abs(value - other[index]!)));
}

Deno.test("the embedded models compute what a network computes", async (t) => {
  await using server = await startTestServer();
  for (const { name, classes, item } of MODELS) {
    await t.step(`${name} is finite, tells inputs apart, and does not mix the items of a batch`, async () => {
      assertEquals((await server.call("POST", `/models/download?model_id=${name}`)).json.status, "completed");
      await server.call("POST", `/autoscaler/load?model_name=${name}`);
      const items = [1, 2, 3, 4, 5].map((seed) => item(seed));
      const batch = await logits(server, name, items);
      assertEquals(batch.map((row) => row.length), items.map(() => classes));
      assert(batch.flat().every((value) => Number.isFinite(value) && Math.abs(value) < 1000));
      for (const [index, one] of items.entries()) {
        const [alone] = await logits(server, name, [one]);
        assert(largestDifference(alone!, batch[index]!) < 1e-3, `item ${index} depends on its company`);
        if (index > 0) assert(largestDifference(batch[index]!, batch[0]!) > 1e-2, `items 0 and ${index} look alike`);
      }
    });

    await t.step(`${name} answers the same after it was unloaded and loaded again`, async () => {
      const before = await logits(server, name, [item(9)]);
      await server.call("DELETE", `/autoscaler/unload?model_name=${name}`);
      await server.call("POST", `/autoscaler/load?model_name=${name}`);
      assertEquals(await logits(server, name, [item(9)]), before);
      await server.call("DELETE", `/autoscaler/unload?model_name=${name}`);
    });
  }
});

Deno.test("two servers with caches of their own have the same weights", async () => {
  await using one = await startTestServer({ models: ["mobilenet"] });
  await using other = await startTestServer({ models: ["mobilenet"] });
  const answer = await logits(one, "mobilenet_v2", [image(1)]);
  assertEquals(await logits(other, "mobilenet_v2", [image(1)]), answer);
  assertNotEquals(await logits(other, "mobilenet_v2", [image(2)]), answer);
});

Deno.test("an unloaded model gives its memory back", { ignore: Deno.build.os !== "linux" }, async () => {
  await using server = await startTestServer();
  const modelBytes = 4 * 11_689_512;
  const resident = async () => (await server.call("GET", "/metrics/server")).json.process.resident_memory_bytes;
  const cycle = async () => {
    await server.call("POST", "/autoscaler/load?model_name=resnet18");
    await logits(server, "resnet18", [image(1)]);
    const loaded = await resident();
    await server.call("DELETE", "/autoscaler/unload?model_name=resnet18");
    return { loaded, unloaded: await resident() };
  };
  // The first cycles also load the runtime's library and grow the heap to its working size.
  const cycles = [];
  for (let i = 0; i < 6; i++) cycles.push(await cycle());
  const [settled, last] = [cycles[1]!, cycles.at(-1)!];
  assert(last.loaded - last.unloaded > modelBytes / 2, `an unload gave back ${last.loaded - last.unloaded} bytes`);
  assert(last.unloaded - settled.unloaded < modelBytes, `four cycles kept ${last.unloaded - settled.unloaded} bytes`);
});
