import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import type { TestKind } from "../../../src/results/comprehensive_kinds.ts";
import { type AllOptions, runTests } from "../../../src/test_types/comprehensive.ts";
import type { MemoryBehaviour } from "../../calibration/server_behaviour.ts";
import { openVirtualServer } from "../../calibration/virtual_server.ts";

const MODEL_BYTES = 100e6;

/** A run of several tests on a server of 10 ms that tells its memory. */
async function run(kinds: readonly TestKind[], options: AllOptions = {}, memory: Partial<MemoryBehaviour> = {}) {
  const { clock, target, model } = openVirtualServer({
    service: { kind: "uniform", meanMs: 10, halfWidth: 0.05 },
    cold: { loadMs: 300, firstMs: 100, variation: 0.1 },
    memory: { baseBytes: 200e6, modelBytes: MODEL_BYTES, leakBytes: 0, ...memory },
  }, 1);
  const test = runTests(target, kinds, { batchSizes: [1, 4], levels: [1, 4], clock, ...options });
  return { ...await clock.run(test), log: model.log };
}

Deno.test("a run watches memory while its tests load the server: the memory test offers the soak alone", async () => {
  const { tests: { memory } } = await run(["basic", "latency", "throughput", "scalability", "memory"]);
  const phases = memory!.phases.map(({ name }) => name);
  assertEquals(phases, ["absent", "loaded", "single", "batches", "concurrent", "soak", "unloaded"]);
  assertEquals(memory!.loads!.map(({ phase }) => phase), ["soak"]);
  assertEquals(memory!.growth!.verdict, "stable");
  assertAlmostEquals(memory!.modelFootprintBytes!, MODEL_BYTES, 0.01 * MODEL_BYTES);
  const ends = memory!.phases.map(({ startMs, endMs }) => [startMs, endMs]).flat();
  assertEquals(ends, ends.toSorted((a, b) => a - b));
});

Deno.test("a run takes the cold starts for cycles of load and unload", async () => {
  const { tests: { memory }, log } = await run(["latency", "memory"]);
  assertEquals(memory!.cycles!.afterUnloadBytes.length, 5);
  assertEquals(memory!.cycles!.verdict, "stable");
  // Five cold starts after a first one, absent and loaded, and unloaded in the end.
  assertEquals(log.unloads, 8);
});

Deno.test("a run sees what each load leaves behind in its cold starts", async () => {
  const { tests: { memory } } = await run(["latency", "memory"], {}, { leakBytes: 2e6 });
  assertEquals(memory!.cycles!.verdict, "growing");
  // Eleven inferences a cycle.
  assertAlmostEquals(memory!.cycles!.bytesPerCycle.value, 22e6, 1e6);
});

Deno.test("a run makes cycles of its own where more are wanted than there are cold starts", async () => {
  const { tests: { memory }, log } = await run(["latency", "memory"], { coldStarts: 2 });
  assertEquals(memory!.cycles!.afterUnloadBytes.length, 5);
  assertGreater(log.unloads, 2 + 2 + 5);
});

Deno.test("a run offers the loads itself that no other test of it offers", async () => {
  const { tests: { memory } } = await run(["basic", "memory"]);
  assertEquals(memory!.loads!.map(({ phase }) => phase), ["single", "batches", "batches", "concurrent", "soak"]);
});

Deno.test("a run reads memory outside of its windows: what they measure is the same with and without", async () => {
  const kinds: readonly TestKind[] = ["latency", "throughput"];
  const [plain, watched] = [(await run(kinds)).tests, (await run([...kinds, "memory"])).tests];
  const rates = (tests: typeof plain) => tests.throughput!.levels.map((level) => level.requestsPerSecond!.value);
  rates(plain).forEach((rate, i) => assertAlmostEquals(rates(watched)[i]!, rate, 0.01 * rate));
  assert(watched.memory!.timeline.length > 0);
});

Deno.test("a run leaves the model loaded where it is interrupted while the model is away", async () => {
  const controller = new AbortController();
  const { tests, log, partial } = await run(["latency", "memory"], {
    coldStarts: 1,
    signal: controller.signal,
    onProgress: ({ stage }) => stage === "absent" && controller.abort(),
  });
  assertEquals(partial, "interrupted");
  assertEquals(tests.memory, undefined);
  assertEquals(log.loads, log.unloads);
});
