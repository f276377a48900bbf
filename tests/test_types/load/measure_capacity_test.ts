import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { simulateTest, type SimulationOptions } from "../../measure/simulation.ts";
import type { LoadOptions } from "../../../src/measure/settings/options.ts";
import type { Arrival } from "../../load/simulated_server.ts";

Deno.test("measureCapacity() sends enough requests to show a rate of errors in one run, where none fails", async () => {
  let received = 0;
  const { capacity } = await simulateTest(
    runLoadTest,
    { rates: [20], arrivals: "constant", objectives: "errors<1%", quick: true },
    {
      fate: () => {
        received++;
        return { serviceMs: 10 };
      },
      workers: 1,
    },
  );
  const met = capacity!.concurrency.probes.filter(({ verdict }) => verdict === "met");
  assertGreater(met.length, 3);
  assertEquals(capacity!.goodputPerSecond, null, "no time is limited");
  // A second run would mean that the first could not tell.
  assertEquals(met.filter(({ runs }) => runs > 1), []);
  assert(met.every(({ outcomes: [errors] }) => errors!.verdict === "met" && errors!.measured!.value === 0));
  const probes = [...capacity!.concurrency.probes, ...capacity!.rate.probes];
  assertLess(received, 1.5 * (10 * 1024 * 2 + 600 * probes.length), "and not many more");
});

Deno.test("measureCapacity() sends enough requests to show a share of goodput, where all of them are good", async () => {
  for (const [objectives, fewest] of [["goodput>95%", 80], ["goodput>99%", 400]] as const) {
    const { rate, concurrency } = await capacityOf({ objectives, goodput: "latency<80ms" }, {
      fate: () => ({ serviceMs: 20 }),
      workers: 2,
    });
    assertEquals(
      [concurrency.highest !== null && concurrency.highest >= 4, rate.highest! > 60],
      [true, true],
      objectives,
    );
    const [alone] = concurrency.probes;
    assertEquals([alone!.verdict, alone!.runs], ["met", 1]);
    assert(alone!.outcomes[0]!.measured!.n >= fewest);
  }
});

Deno.test("measureCapacity() takes more requests at a concurrency where a longer duration is asked for", async () => {
  const server = { fate: () => ({ serviceMs: 10 }), workers: 1 };
  const requests = async (durationMs: number) =>
    (await capacityOf({ objectives: "p50<30ms", durationMs }, server)).concurrency.probes[0]!.outcomes[0]!.measured!.n;
  const [usual, longer] = [await requests(5000), await requests(20_000)];
  assertGreater(longer, 3 * usual);
});

const capacityOf = async (options: LoadOptions, simulation: SimulationOptions) =>
  (await simulateTest(runLoadTest, { rates: [20], arrivals: "constant", durationMs: 10_000, ...options }, simulation))
    .capacity!;

Deno.test("measureCapacity() sends enough requests for the quantile of any time, and so tells it in one run", async () => {
  for (const objectives of ["p99<30ms", "ttfb-p99<30ms"]) {
    const { rate, concurrency } = await capacityOf({ objectives, durationMs: 25_000 }, {
      fate: () => ({ serviceMs: 10 }),
      jitter: 0,
      workers: 1,
    });
    const [first] = rate.probes;
    assertEquals([first!.verdict, first!.runs], ["met", 1]);
    for (const { outcomes: [outcome], level } of [first!, concurrency.probes[0]!]) {
      assertGreater(outcome!.measured!.n, 640, `${objectives} at ${level}`);
    }
  }
});

Deno.test("measureCapacity() counts for goodput what kept the limit of each time, in whatever order they are given", async () => {
  // Every tenth request takes 40 ms: within the limit of the p99, not within that of the median. More than eight at a time
  // take a second, so that the search ends.
  const server = {
    fate: ({ index, outstanding }: Arrival) => ({ serviceMs: outstanding > 8 ? 1000 : index % 10 === 0 ? 40 : 10 }),
    jitter: 0,
  };
  for (const objectives of ["p50<15ms,p99<60ms", "p99<60ms,p50<15ms"]) {
    const { rate, goodputPerSecond } = await capacityOf({ objectives, durationMs: 3000 }, server);
    assertAlmostEquals(goodputPerSecond! / rate.highest!, 1, 0.01, objectives);
  }
  const median = await capacityOf({ objectives: "p50<15ms", durationMs: 3000 }, server);
  assertAlmostEquals(median.goodputPerSecond! / median.rate.highest!, 0.9, 0.02);
  const firstByte = await capacityOf({ objectives: "ttfb-p50<15ms,p99<60ms", durationMs: 3000 }, server);
  assertAlmostEquals(firstByte.goodputPerSecond! / firstByte.rate.highest!, 0.9, 0.02, "each time has its limit");
});

Deno.test("measureCapacity() counts a request for goodput by when it was due, not by when it was sent", async () => {
  // Ten at once over one connection: the k-th takes 10 k ms from when it was due, and 10 ms from when it was sent.
  const { rate, goodputPerSecond } = await capacityOf(
    { objectives: "p50<65ms", burst: 10, maxConnections: 1 },
    { fate: () => ({ serviceMs: 10 }), jitter: 0, workers: 1 },
  );
  assertAlmostEquals(goodputPerSecond! / rate.highest!, 0.6, 0.02);
});

Deno.test("measureCapacity() takes a rate that the server does not keep up with for missed, whatever its figures are", async () => {
  const { rate } = await capacityOf({ objectives: "max<60s" }, { fate: () => ({ serviceMs: 10 }), workers: 1 });
  assertEquals(rate.ended, "found");
  assertLess(rate.highest!, 110);
  const saturated = rate.probes.filter((probe) => probe.saturated);
  assert(saturated.some(({ outcomes: [longest] }) => longest!.verdict === "met"));
  assert(saturated.every(({ verdict }) => verdict === "missed"));
});

Deno.test("a quick test with objectives takes less than a minute, whatever the server does, and is whole", async () => {
  const servers: readonly [what: string, fate: (arrival: Arrival) => { serviceMs: number }][] = [
    ["fast", () => ({ serviceMs: 2 })],
    ["slow", () => ({ serviceMs: 40 })],
    ["so slow that not even one rate fits", () => ({ serviceMs: 4000 })],
    ["stuck after a while", ({ index }) => ({ serviceMs: index > 400 ? 1e9 : 20 })],
  ];
  for (const [what, fate] of servers) {
    // A minute tells no p99 of a queue.
    const options = { objectives: "p95<100ms,errors<1%", quick: true } as const;
    const { elapsedMs, partial, capacity, levels } = await simulateTest(runLoadTest, options, {
      fate,
      workers: 1,
      isFair: true,
    });
    assertLess(elapsedMs, 56_000, what);
    if (what.startsWith("stuck")) continue; // it may count as lost, or as one that misses
    assertEquals(partial, null, what);
    if (what.startsWith("so slow")) continue; // warming up took the time
    assert(capacity !== null && levels.length > 0, what);
    // One request in 2 ms: 500 a second at most, of which a minute tells a part.
    if (what === "fast") assert(capacity.rate.highest! > 100 && capacity.rate.highest! < 500, what);
    else assertEquals(capacity.rate.highest, null, "too slow to tell in a minute");
  }
});
