import { assert, assertEquals } from "@std/assert";
import type { ScalabilityResult, ThroughputResult } from "../../src/results/result.ts";
import { measureOperatingPoints } from "../../src/test_types/operating_points.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { simulateTest, type SimulationOptions } from "../measure/simulation.ts";

async function pointsOf(simulation: SimulationOptions) {
  const throughput: ThroughputResult = await simulateTest(runThroughputTest, {}, simulation);
  const scalability: ScalabilityResult = await simulateTest(runScalabilityTest, {}, simulation);
  const measured = await simulateTest(
    (target, options) => measureOperatingPoints(target, throughput, scalability, options ?? {}),
    {},
    simulation,
  );
  return { throughput, scalability, points: measured!.result().points };
}

Deno.test("measureOperatingPoints() measures both optima together before one is recommended", async () => {
  // One worker; a batch costs 10 ms and 1 ms an item, so that large batches are better and concurrency is not.
  const { throughput, scalability, points } = await pointsOf({
    fate: ({ batchSize }) => ({ serviceMs: 10 + batchSize }),
    workers: 1,
  });
  assert(
    points.some(({ batchSize, concurrency }) =>
      batchSize === throughput.optimalBatchSize && concurrency === scalability.optimalConcurrency
    ),
  );
  assertEquals([points[0]!.batchSize, points[0]!.concurrency], [32, 1], "the least latency among equal throughputs");
});

Deno.test("measureOperatingPoints() finds a joint optimum that neither sweep could see", async () => {
  // Four workers that share a bus: alone, a batch of 32 is best and 4 requests are; together 4 x 32 items jam the bus.
  const { points } = await pointsOf({
    fate: ({ batchSize, outstanding }) => {
      const items = batchSize * outstanding;
      return { serviceMs: (10 + batchSize) * (items > 70 ? items / 70 : 1) };
    },
    workers: 4,
  });
  const [best, ...others] = points;
  const rate = best!.predictionsPerSecond!.value;
  for (const other of others) assert(rate > 0.95 * other.predictionsPerSecond!.value);
  assert(best!.batchSize * best!.concurrency <= 70, `batch ${best!.batchSize} with ${best!.concurrency}`);
  assert(points.length <= 7, "not a full grid");
});
