import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
import type { ThroughputOptions } from "../../src/measure/settings/options.ts";
import type { Progress } from "../../src/results/progress.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { simulateTest } from "./simulation.ts";

Deno.test("sweep() visits the levels in one order and then back", async () => {
  const visited: number[] = [];
  await simulateTest(runThroughputTest, { batchSizes: [1, 2, 3, 4, 5], requests: 20, warmUpRequests: 0 }, {
    fate: ({ batchSize }) => {
      if (visited.at(-1) !== batchSize) visited.push(batchSize);
      return { serviceMs: 10 };
    },
  });
  // The level at the turn is visited twice in a row.
  assertEquals(visited.length, 9);
  assertEquals(visited, visited.toReversed());
});

Deno.test("sweep() lets a steady drift cancel: no level is taken for slower because it came later", async () => {
  // The server becomes slower by 1 % a second; every size has the same true speed. Noise makes the visits adaptive.
  const speedups: number[] = [];
  for (let seed = 1; seed <= 12; seed++) {
    const random = seededRandom(seed);
    const result = await simulateTest(runThroughputTest, { batchSizes: [1, 2, 4, 8], seed }, {
      fate: ({ batchSize, nowMs }) => ({
        serviceMs: 5 * batchSize * (1 + nowMs / 100_000) * (0.5 + random()),
      }),
    });
    for (const { speedup, batchSize } of result.levels) if (batchSize > 1) speedups.push(speedup!.value);
  }
  const mean = speedups.reduce((sum, x) => sum + x, 0) / speedups.length;
  assert(Math.abs(mean - 1) < 0.015, `mean speed-up ${mean}`);
});

/** Visits by level of a sweep that leaves levels, as in a comprehensive run; batches take `serviceMs`. */
async function visitsOf(serviceMs: (batchSize: number, nowMs: number) => number, options: ThroughputOptions = {}) {
  const result = await simulateTest(runThroughputTest, { batchSizes: [1, 2, 4, 8], full: false, ...options }, {
    fate: ({ batchSize, nowMs }) => ({ serviceMs: serviceMs(batchSize, nowMs) }),
  });
  return { result, visits: result.levels.map(({ visits }) => visits!.length) };
}

Deno.test("sweep() visits a level once that is surely slower than the best, but for the one that others are told against", async () => {
  const { result, visits } = await visitsOf(() => 10);
  assertEquals(visits, [2, 1, 1, 2]);
  assertEquals(result.left, [{ level: 2, reason: "slower", than: 8 }, { level: 4, reason: "slower", than: 8 }]);
  assertEquals(result.optimalBatchSize, 8);
});

Deno.test("sweep() visits a level once that is larger than one that is as fast, and still lists it as its equal", async () => {
  const { result, visits } = await visitsOf((batchSize) => 10 * batchSize);
  // The fastest of the equals is known as well as the smallest.
  assertEquals(visits.toSorted(), [1, 1, 2, 2]);
  assertEquals(result.left!.map(({ reason, than }) => [reason, than]), Array(2).fill(["no-gain", 1]));
  assertEquals([result.optimalBatchSize, result.equivalentBatchSizes], [1, [1, 2, 4, 8]]);
});

Deno.test("sweep() visits every level twice in full, as a test alone does, and leaves none", async () => {
  const { result, visits } = await visitsOf(() => 10, { full: true });
  assertEquals([visits, result.left], [[2, 2, 2, 2], undefined]);
  const alone = await simulateTest(runThroughputTest, { batchSizes: [1, 2] }, { fate: () => ({ serviceMs: 10 }) });
  assertEquals(alone.left, undefined);
});

Deno.test("sweep() visits every level twice where the server became slower meanwhile", async () => {
  // The first pass takes about six seconds.
  const { result, visits } = await visitsOf((_, nowMs) => nowMs < 6300 ? 10 : 14);
  assertEquals([visits, result.left], [[2, 2, 2, 2], undefined]);
});

Deno.test("sweep() visits a level again whose only visit was made while the server was still warming up", async () => {
  // Seeds in which the second pass shows that the first was slow, once it has left levels out.
  for (const seed of [1, 6, 10, 11]) {
    const figures: [label: string, value: number][] = [];
    const onProgress = ({ figure, stage }: Progress) => {
      if (figure !== undefined && stage.endsWith("pass 2 of 2")) figures.push([figure.label, figure.value]);
    };
    const { result, visits } = await visitsOf((_, nowMs) => nowMs < 5000 ? 14 : 10, { seed, onProgress });
    assertEquals(result.shifts?.map(({ again }) => again), [true]);
    assertEquals(result.levels.map(({ batchSize }) => batchSize), [1, 2, 4, 8]);
    assertEquals([visits, result.left?.map(({ level }) => level)], [[2, 1, 1, 2], [2, 4]], `seed ${seed}`);
    const [, last] = figures.findLast(([label]) => label === "batch 2")!;
    assertAlmostEquals(last, 200, 5, "not what it had reached before it was left out");
  }
});

Deno.test("sweep() tells the levels that it would have visited again, had it not been interrupted, by the visits that they have", async () => {
  const controller = new AbortController();
  const onProgress = ({ stage }: Progress) => stage === "batch 2, pass 2 of 2" && controller.abort();
  const { result } = await visitsOf((_, nowMs) => nowMs < 5000 ? 14 : 10, {
    seed: 10,
    onProgress,
    signal: controller.signal,
  });
  assertEquals([result.partial, result.shifts?.map(({ again }) => again)], ["interrupted", [true]]);
  assertEquals(result.levels.map(({ batchSize, succeeded }) => [batchSize, succeeded > 50]), [
    [1, true],
    [2, true],
    [4, true],
    [8, true],
  ]);
});
