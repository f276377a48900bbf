import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { LevelOptions } from "../../src/measure/settings/options.ts";
import type { Target } from "../../src/core/target.ts";
import { bottlenecks } from "../../src/analysis/bottleneck.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLoadTest } from "../../src/test_types/load/load.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { type Arrival, type Fate, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** A test of a server by a client that reaches 8 requests in so many ms against one that does nothing, and wakes late. */
function limitedTest<O extends LevelOptions, R>(
  test: (target: Target, options?: O) => Promise<R>,
  options: NoInfer<O>,
  fate: (arrival: Arrival) => Fate,
  clientMs: number,
  lateMs = 0,
): Promise<R> {
  const clock = new VirtualClock();
  const sleep = clock.sleepPrecisely.bind(clock);
  clock.sleepPrecisely = (ms, signal) => sleep(ms + lateMs, signal);
  const target: Target = {
    ...simulatedTarget(new SimulatedServer(clock, fate)),
    openTransportTo: () => new SimulatedServer(clock, () => ({ serviceMs: clientMs })).openTransport(),
  };
  return clock.run(test(target, { ...options, clock } as O));
}

Deno.test("a sweep names the level that the client limited where none measured as much: at least so much", async () => {
  // The client's ceiling is 500 requests/s; of the server's levels those above 250 are bounded by it.
  const options = { levels: [1, 2, 4], warmUpRequests: 8 };
  const result = await limitedTest(runScalabilityTest, options, ({ index }) => ({ serviceMs: 9 + index % 3 }), 16);
  assertEquals(result.levels.map(({ clientLimited }) => clientLimited), [false, false, true]);
  assertEquals(result.optimalConcurrency, 4);
  assertEquals(result.absences["optimalConcurrency"], undefined);
});

Deno.test("a sweep takes nothing that the client took from its last level for degradation of the server", async () => {
  // At 8 the simulated server is slower, but so near to the client's ceiling that this proves nothing.
  const fate = ({ outstanding, index }: Arrival): Fate => ({ serviceMs: (outstanding > 4 ? 25 : 10) + index % 2 });
  const { levels, degradationPercent } = await limitedTest(runScalabilityTest, { levels: [1, 4, 8] }, fate, 13);
  assertEquals(levels.map(({ clientLimited }) => clientLimited), [false, true, true]);
  assertGreater(degradationPercent!.value, 10);
  assertEquals(degradationPercent!.low, null);
});

Deno.test("an open loop that waits for its connections shows the server's limit, not the client's", async () => {
  const options = { ratePerSecond: 300, arrivals: "constant", maxConnections: 16 } as const;
  const basic = await limitedTest(runBasicTest, options, ({ outstanding }) => ({ serviceMs: 10 * outstanding }), 1);
  assertGreater(basic.latenessMs!.p95.value, 100);
  assertEquals([basic.saturated, basic.clientLimited], [true, false]);
  assertEquals(bottlenecks({ basic }).map(({ bottleneck }) => bottleneck), ["unknown"]);
});

Deno.test("an open loop that sent in time to a server that answers little shows the server, however much was offered", async () => {
  // The client reaches 500 requests/s: it offered more than half of it, and had few answers to read.
  const options = { ratePerSecond: 400, arrivals: "constant" } as const;
  const basic = await limitedTest(runBasicTest, options, ({ index }) => ({ serviceMs: 20 * index }), 16);
  assertEquals([basic.saturated, basic.clientLimited], [true, false]);
});

Deno.test("an open loop whose requests leave late is limited by the client", async () => {
  const options = { ratePerSecond: 20, arrivals: "constant" } as const;
  const basic = await limitedTest(runBasicTest, options, () => ({ serviceMs: 5 }), 1, 8);
  assertEquals(basic.clientLimited, true);
  const [found] = bottlenecks({ basic });
  assert(found?.bottleneck === "client" && found.evidence.latenessMs! >= 8, "the evidence is how late they were sent");
});

Deno.test("a load test's own rates end at what the client can send, and what was measured until then is kept", async () => {
  const { levels, saturatedPerSecond } = await limitedTest(runLoadTest, { quick: true }, () => ({ serviceMs: 20 }), 19);
  assert(levels.length > 2);
  assertEquals(saturatedPerSecond, null);
  for (const { load } of levels) {
    assert(load.kind === "open" && load.arrivals.kind === "poisson");
    assertLess(load.arrivals.ratePerSecond, 1000 * 8 / 19);
  }
});

Deno.test("a load test refuses a rate that the client cannot send before it measures any", async () => {
  let asked = 0;
  const fate = (): Fate => {
    asked++;
    return { serviceMs: 1 };
  };
  // The client reaches 500 requests/s.
  await assertRejects(
    () => limitedTest(runLoadTest, { rates: [20, 40, 900] }, fate, 16),
    UsageError,
    "this client can send",
  );
  assertLess(asked, 3, "requests besides the one whose answer the client is tried with");
});
