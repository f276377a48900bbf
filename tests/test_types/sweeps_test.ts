import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findOptimum } from "../../src/measure/find_optimum.ts";
import { degradationOf, runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { simulateTest } from "../measure/simulation.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";

Deno.test("runThroughputTest() names the smallest of the sizes that are equal within noise", async () => {
  const result = await simulateTest(runThroughputTest, {}, {
    fate: ({ batchSize }) => ({ serviceMs: batchSize <= 8 ? 20 : 20 * batchSize / 8 }),
  });
  assertEquals(result.levels.map(({ batchSize }) => batchSize), [1, 2, 4, 8, 16, 32]);
  assertEquals(result.optimalBatchSize, 8);
  assertEquals(result.equivalentBatchSizes, [8, 16, 32]);
  assertEquals(result.plateauBatchSize, 16);
  assertAlmostEquals(result.maxPredictionsPerSecond!.value, 400, 10);
  const eight = result.levels[3]!;
  assertAlmostEquals(eight.speedup!.value, 8, 0.3);
  assertAlmostEquals(eight.efficiency!.value, 400 / 0.02, 1000);
  assertEquals(result.levels[0]!.speedup!.value, 1);
});

Deno.test("runThroughputTest() finds an optimum at the end of the list and no plateau before it", async () => {
  const result = await simulateTest(runThroughputTest, {}, {
    fate: ({ batchSize }) => ({ serviceMs: 50 + batchSize }),
  });
  assertEquals([result.optimalBatchSize, result.plateauBatchSize], [32, null]);
});

Deno.test("runThroughputTest() never takes a size with errors as the optimum", async () => {
  const result = await simulateTest(runThroughputTest, {}, {
    fate: ({ batchSize, index }) =>
      batchSize >= 16 && index % 20 === 0 ? { failure: "rejected", afterMs: 1 } : { serviceMs: 50 + batchSize },
  });
  assertEquals(result.optimalBatchSize, 8);
});

Deno.test("runThroughputTest() has no optimum, and says why, where nothing succeeds", async () => {
  const result = await simulateTest(runThroughputTest, { batchSizes: [1, 2] }, {
    fate: () => ({ failure: "status", afterMs: 5 }),
  });
  assertEquals([result.optimalBatchSize, result.maxPredictionsPerSecond], [null, null]);
  assertEquals(result.absences["optimalBatchSize"], "no request succeeded");
});

Deno.test("runThroughputTest() is not fooled by drift: order is random, in two passes", async () => {
  // The server becomes a third slower over the run; every size has the same true speed.
  const result = await simulateTest(runThroughputTest, { batchSizes: [1, 2, 4, 8], requests: 100, seed: 3 }, {
    fate: ({ batchSize, nowMs }) => ({ serviceMs: 10 * batchSize * (1 + nowMs / 60_000) }),
  });
  const rates = result.levels.map(({ predictionsPerSecond }) => predictionsPerSecond!.value);
  assert(Math.max(...rates) / Math.min(...rates) < 1.25, String(rates));
});

Deno.test("runThroughputTest() counts the wanted requests of a level over both passes", async () => {
  const result = await simulateTest(runThroughputTest, { batchSizes: [1, 3], requests: 25 }, {
    fate: () => ({ serviceMs: 10 }),
  });
  assertEquals(result.levels.map(({ requests }) => requests), [25, 25]);
});

Deno.test("runScalabilityTest() finds the concurrency that fills a server of two workers", async () => {
  const result = await simulateTest(runScalabilityTest, {}, { fate: () => ({ serviceMs: 20 }), workers: 2 });
  assertEquals(result.optimalConcurrency, 2);
  assertEquals(result.equivalentConcurrencies, [2, 4, 8, 16, 32]);
  for (const { littlesLawRatio, concurrency } of result.levels) {
    assertAlmostEquals(littlesLawRatio!, 1, 0.05, `Little's law at ${concurrency}`);
  }
  const efficiency = result.levels.map((level) => level.efficiency!.value);
  assertAlmostEquals(efficiency[1]!, 1, 0.03);
  assertAlmostEquals(efficiency[5]!, 2 / 32, 0.005);
  assert(Math.abs(result.degradationPercent!.value) < 3);
  assertEquals(result.kneeConcurrency, 2);
});

Deno.test("runScalabilityTest() fits the law of a retrograde server and sees the degradation", async () => {
  const [sigma, kappa, lambda] = [0.05, 0.01, 100];
  const result = await simulateTest(runScalabilityTest, { levels: [1, 2, 4, 8, 16, 32] }, {
    // In a closed loop latency is n / X(n).
    fate: ({ outstanding: n }) => ({ serviceMs: 1000 * (1 + sigma * (n - 1) + kappa * n * (n - 1)) / lambda }),
    jitter: 0.02,
  });
  assert(result.usl !== null);
  assertAlmostEquals(result.usl.sigma.value, sigma, 0.02);
  assertAlmostEquals(result.usl.kappa.value, kappa, 0.003);
  assertAlmostEquals(result.usl.peakConcurrency!, Math.sqrt((1 - sigma) / kappa), 1.5);
  assertEquals(result.optimalConcurrency, 8);
  assert(result.degradationPercent!.low! > 20);
});

Deno.test("runScalabilityTest() is sure of no degradation only where the highest level is surely the best", async () => {
  const degradations = (workers: number) =>
    Promise.all([1, 2, 3, 4, 5, 6].map(async (seed) => {
      const run = { fate: () => ({ serviceMs: 20 }), workers, jitter: 0.3, seed };
      return (await simulateTest(runScalabilityTest, { levels: [1, 2] }, run)).degradationPercent!;
    }));
  const lastBest = (await degradations(1)).filter(({ value }) => value === 0);
  assert(lastBest.length > 0 && lastBest.every(({ low, high }) => low === 0 && high! > 0));
  for (const { value, low, high } of await degradations(2)) assertEquals([value, low, high], [0, 0, 0]);
});

Deno.test("runScalabilityTest() tells no degradation from one level that the client limited", () => {
  const { levels: [level] } = scalabilityResult({ 64: 400 });
  const absences: Record<string, string> = {};
  const limited = { ...level!, clientLimited: true };
  const candidates = [{ level: 64, rate: limited.requestsPerSecond, window: limited }];
  assertEquals(degradationOf([limited], findOptimum(candidates, absences, "optimalConcurrency"), absences), null);
  assertEquals(absences, { degradationPercent: "it takes two levels of which most requests succeeded" });
});

Deno.test("runScalabilityTest() tells no degradation from a highest level of which 1 % or more failed", async () => {
  const result = await simulateTest(runScalabilityTest, { levels: [1, 2, 4] }, {
    fate: ({ outstanding, index }) =>
      outstanding > 3 && index % 20 === 0 ? { failure: "status", afterMs: 10 } : { serviceMs: 10 },
  });
  assertEquals(result.degradationPercent, null);
  assertEquals(result.absences["degradationPercent"], "1 % or more of the requests of the highest level failed");
});

Deno.test("runScalabilityTest() tells neither degradation nor knee where there are too few levels", async () => {
  const fate = () => ({ serviceMs: 10 });
  const alone = await simulateTest(runScalabilityTest, { levels: [8] }, { fate });
  assertEquals(alone.degradationPercent, null);
  assertEquals(alone.absences["degradationPercent"], "it takes two levels of which most requests succeeded");
  const two = await simulateTest(runScalabilityTest, { levels: [1, 8] }, { fate, workers: 2 });
  assertEquals([two.kneeConcurrency, two.absences["kneeConcurrency"]], [
    null,
    "it takes 3 concurrencies, and 2 were measured",
  ]);
});

Deno.test("runScalabilityTest() refuses the law under four levels and says why", async () => {
  const result = await simulateTest(runScalabilityTest, { levels: [1, 2, 4] }, { fate: () => ({ serviceMs: 10 }) });
  assertEquals(result.usl, null);
  assertEquals(result.absences["usl"], "it takes 4 concurrencies, and 3 were measured");
  const none = await simulateTest(runScalabilityTest, {}, { fate: () => ({ failure: "status", afterMs: 5 }) });
  assertEquals([none.absences["usl"], none.absences["kneeConcurrency"]], Array(2).fill("no request succeeded"));
  const failing = await simulateTest(runScalabilityTest, { levels: [1, 2, 4, 8] }, {
    fate: ({ index }) => index % 20 === 0 ? { failure: "status", afterMs: 10 } : { serviceMs: 10 },
  });
  assertEquals(
    failing.absences["usl"],
    "it takes 4 concurrencies whose numbers are the server's: of 4, 4 had failures or were cut short",
  );
});
