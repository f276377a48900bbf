import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Target } from "../../src/core/target.ts";
import type { ComprehensiveOptions } from "../../src/measure/settings/options.ts";
import type { OperatingPoint, ScalabilityResult, ThroughputResult } from "../../src/results/result.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { bestFirst, measureOperatingPoints } from "../../src/test_types/operating_points.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { simulateTest, type SimulationOptions } from "../measure/simulation.ts";
import { distribution, estimate } from "../core/estimates.ts";
import { operatingPoint } from "../results/kinds/operating_points_result.ts";

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

/** A point with its p95 latency apart from its rate. */
const point = (rate: number, p95Ms: number, overrides: Partial<OperatingPoint> = {}) =>
  operatingPoint(rate, 8, 4, { latencyMs: { ...distribution(p95Ms / 1.2), p95: estimate(p95Ms) }, ...overrides });
const ratesOf = (points: readonly OperatingPoint[]) =>
  bestFirst(points).map(({ predictionsPerSecond }) => predictionsPerSecond!.value);
const errors = { errorRate: estimate(0.5) };
const clientLimited = { clientLimited: true };

const orders: readonly [does: string, points: readonly OperatingPoint[], rates: readonly number[]][] = [
  ["puts the fastest first", [point(500, 10), point(900, 90)], [900, 500]],
  ["breaks a tie within noise by the lower p95 latency", [point(1000, 40), point(995, 20)], [995, 1000]],
  ["puts a point with errors last, however fast", [point(900, 10, errors), point(500, 50)], [500, 900]],
  [
    "does not take a slower point for equal because little is known of it",
    [point(1000, 40), point(700, 5, { predictionsPerSecond: estimate(700, 400) })],
    [1000, 700],
  ],
  [
    "puts no point that measured lower before one that the client limited",
    [point(995, 20), point(1000, 40, clientLimited)],
    [1000, 995],
  ],
  [
    "takes a point that the client limited nearly as fast as the best for its equal",
    [point(1000, 40), point(960, 20, clientLimited), point(955, 10)],
    [960, 1000, 955],
  ],
];

for (const [does, points, rates] of orders) {
  Deno.test(`bestFirst() ${does}, whatever the order that they came in`, () => {
    assertEquals([ratesOf(points), ratesOf(points.toReversed())], [rates, rates]);
  });
}

/** Both sweeps, then the points, on one server in one run; `slowMs` is what the requests of the points take longer. */
async function visitsOf(slow: (visit: number) => number) {
  let started = 0;
  let visit = 0;
  let isPoints = false;
  const test = async (target: Target, options: ComprehensiveOptions = {}) => {
    const { tests } = await runTests(target, ["throughput", "scalability"], {
      ...options,
      batchSizes: [1, 4],
      levels: [1, 2],
      onProgress: ({ test: kind, stage }) => {
        isPoints = kind === "operating-points";
        if (isPoints && stage.startsWith("batch ")) visit = ++started;
      },
    });
    return tests["operating-points"]!.points;
  };
  return await simulateTest(test, {}, {
    fate: ({ batchSize }) => ({ serviceMs: (10 + batchSize) * (isPoints ? slow(visit) : 1) }),
    workers: 1,
  });
}

Deno.test("measureOperatingPoints() counts the sweeps' visits of a load with its confirmation", async () => {
  const [best] = await visitsOf(() => 1);
  assertEquals([best!.batchSize, best!.concurrency], [4, 1]);
  const by = best!.visits!.map((visit) => visit.by);
  assertEquals([by.includes("throughput"), by.at(-1)], [true, "operating-points"]);
  assertEquals(by.filter((kind) => kind === "operating-points").length, 1, "nothing spoke against the sweep");
});

Deno.test("measureOperatingPoints() repeats a confirmation that contradicts its sweep", async () => {
  const points = await visitsOf((visit) => visit === 2 || visit === 3 ? 3 : 1);
  const own = points.flatMap(({ visits = [] }) => visits.filter(({ by }) => by === "operating-points"));
  assertGreater(
    own.length,
    (await visitsOf(() => 1)).flatMap(({ visits = [] }) => visits.filter(({ by }) => by === "operating-points")).length,
  );
  const [best] = points;
  assertEquals(best!.batchSize, 4, "the load that the sweeps had measured fastest");
});
