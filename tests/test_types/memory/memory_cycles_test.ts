import { assert, assertEquals, assertGreater } from "@std/assert";
import { ExchangeError, TargetError } from "../../../src/core/errors.ts";
import type { Protocol } from "../../../src/core/protocol.ts";
import { runMemoryTest } from "../../../src/test_types/memory/memory.ts";
import { openVirtualServer } from "../../calibration/virtual_server.ts";
import { cycleGrowth } from "../../../src/test_types/memory/memory_cycles.ts";

const MB = 2 ** 20;

Deno.test("cycleGrowth() finds what each load and unload leaves behind", () => {
  const leaking = [0, 1, 2, 3, 4, 5].map((cycle) => (100 + 20 * cycle + (cycle % 2) * 0.3) * MB);
  const { verdict, bytesPerCycle } = cycleGrowth(leaking, 50 * MB)!;
  assertEquals(verdict, "growing");
  assert(Math.abs(bytesPerCycle.value - 20 * MB) < MB);
});

Deno.test("cycleGrowth() calls memory stable that only jitters", () => {
  const steady = [100, 101, 100.2, 100.7, 100.1, 100.6].map((megabytes) => megabytes * MB);
  assertEquals(cycleGrowth(steady, 50 * MB)!.verdict, "stable");
});

Deno.test("cycleGrowth() cannot tell where memory jumps up and down by more than a leak", () => {
  const jumpy = [100, 140, 95, 150, 120, 131].map((megabytes) => megabytes * MB);
  const { verdict, pValue } = cycleGrowth(jumpy, 20 * MB)!;
  assertEquals(verdict, "cannot tell");
  assertGreater(pValue!, 0.05);
});

Deno.test("cycleGrowth() says nothing under four cycles", () => {
  assertEquals(cycleGrowth([MB, 2 * MB, 3 * MB], null), null);
});

/** A memory test of eight cycles, and one uncounted before, the sixth of which ends before it is whole. */
async function cutInSixth(how: "signal" | "load refused" | "server lost" | "worker died" | "requests failed") {
  const { clock, target } = openVirtualServer({
    service: { kind: "uniform", meanMs: 10, halfWidth: 0.05 },
    cold: { loadMs: 300, firstMs: 100, variation: 0.1 },
    memory: { baseBytes: 200e6, modelBytes: 100e6, leakBytes: 0 },
  }, 1);
  const controller = new AbortController();
  const { protocol } = target;
  let isSixth = false, isFailing = false;
  const faulty: Protocol = {
    ...protocol,
    load: (model, call) =>
      isSixth && how === "load refused" ? Promise.reject(new TargetError("no room")) : protocol.load!(model, call),
    unload: (model, call) =>
      isSixth && how === "server lost"
        ? Promise.reject(new ExchangeError("refused", "Cannot unload"))
        : isSixth && how === "worker died"
        ? Promise.reject(new TargetError("no worker"))
        : protocol.unload!(model, call),
    health: () =>
      isSixth && how === "server lost"
        ? Promise.reject(new ExchangeError("refused", "Cannot reach the server"))
        : Promise.resolve({ healthy: true, detail: "" }),
    judge: (...given) => isFailing ? { kind: "failure", reason: "status", message: "no" } : protocol.judge(...given),
  };
  return await clock.run(runMemoryTest({ ...target, protocol: faulty }, {
    cycles: 8,
    soakMs: 1000,
    batchSizes: [1],
    clock,
    signal: controller.signal,
    onProgress: ({ stage }) => {
      isFailing ||= how === "requests failed" && stage.startsWith("cycle 1 ");
      isSixth ||= stage.startsWith("cycle 6 ");
      isFailing ||= how === "worker died" && isSixth;
      if (isSixth && how === "signal") controller.abort();
    },
  }));
}

Deno.test("runMemoryTest() keeps the cycles that it has where a later one does not come to its end", async () => {
  const cases = [
    ["signal", "interrupted"],
    ["load refused", "model-lost"],
    ["server lost", "target-lost"],
    ["worker died", null],
  ] as const;
  for (const [how, partial] of cases) {
    const { cycles, absences, partial: found } = await cutInSixth(how);
    assertEquals([cycles?.afterUnloadBytes.length, found, absences["cycles"]], [4, partial, undefined], how);
  }
});

Deno.test("runMemoryTest() tells nothing by cycles whose requests failed", async () => {
  const { cycles, absences } = await cutInSixth("requests failed");
  assertEquals(cycles, null);
  assertEquals(absences["cycles"], "90 of the 90 requests of the cycles failed");
});

Deno.test("runMemoryTest() sends the batch size that it was given in all phases but the batches, cycles included", async () => {
  const { clock, target } = openVirtualServer({
    service: { kind: "uniform", meanMs: 10, halfWidth: 0.05 },
    cold: { loadMs: 300, firstMs: 100, variation: 0.1 },
    memory: { baseBytes: 200e6, modelBytes: 100e6, leakBytes: 0 },
  }, 1);
  const options = { batchSize: 8, batchSizes: [8], cycles: 4, soakMs: 1000, clock };
  const refused: number[] = [];
  const protocol: Protocol = {
    ...target.protocol,
    encode: (model, inputs) => {
      if (inputs.length !== 8) refused.push(inputs.length);
      return target.protocol.encode(model, inputs);
    },
  };
  const { loads, cycles } = await clock.run(runMemoryTest({ ...target, protocol }, options));
  assertEquals(loads!.map(({ phase, load }) => [phase, load.batchSize]), [
    ["single", 8],
    ["batches", 8],
    ["concurrent", 8],
    ["soak", 8],
  ]);
  assertEquals([refused, cycles?.afterUnloadBytes.length], [[], 4]);
});
