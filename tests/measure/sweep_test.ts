import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
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
