import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { LevelOptions } from "../../src/measure/settings/options.ts";
import type { Target } from "../../src/core/target.ts";
import { bottlenecks } from "../../src/analysis/bottleneck.ts";
import { CeilingRate } from "../../src/measure/ceiling_rate.ts";
import { RunWindows } from "../../src/measure/run_windows.ts";
import { basicTest, runBasicTest } from "../../src/test_types/basic.ts";
import { runLoadTest } from "../../src/test_types/load/load.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import {
  type Arrival,
  type Fate,
  simulatedProtocol,
  SimulatedServer,
  simulatedTarget,
} from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** What ails a client. */
interface Ailment {
  /** Requests that it reaches in 8 ms against a server that does nothing; its thread is taken for busy then. */
  readonly ceilingMs?: number;
  /** How long it judges an answer where so many requests, of so many items, were outstanding, ms. */
  readonly judgingMs?: (outstanding: number, batchSize: number) => number;
  /** How late it wakes, ms. */
  readonly lateMs?: number;
}

/** A test of a server by a client that ails. */
function limitedTest<O extends LevelOptions, R>(
  test: (target: Target, options?: O) => Promise<R>,
  options: NoInfer<O>,
  fate: (arrival: Arrival) => Fate,
  { ceilingMs = 1, judgingMs = () => 0, lateMs = 0 }: Ailment,
): Promise<R> {
  const clock = new VirtualClock();
  const sleep = clock.sleepPrecisely.bind(clock);
  clock.sleepPrecisely = (ms, signal) => sleep(ms + lateMs, signal);
  let outstanding = 0, batchSize = 1;
  const server = new SimulatedServer(clock, (arrival) => {
    ({ outstanding, batchSize } = arrival);
    return fate(arrival);
  });
  const judge: typeof simulatedProtocol.judge = (...answer) => {
    clock.work(judgingMs(outstanding, batchSize));
    return simulatedProtocol.judge(...answer);
  };
  const target: Target = {
    ...simulatedTarget(server, { ...simulatedProtocol, judge }),
    openTransportTo: () => new SimulatedServer(clock, () => ({ serviceMs: ceilingMs })).openTransport(),
  };
  return clock.run(test(target, { ...options, clock } as O));
}

Deno.test("a sweep names the level that the client limited where none measured as much: at least so much", async () => {
  const options = { levels: [1, 2, 4], warmUpRequests: 8 };
  const fate = ({ index }: Arrival): Fate => ({ serviceMs: 9 + index % 3 });
  const judgingMs = (outstanding: number) => outstanding > 2 ? 2 : 0;
  const result = await limitedTest(runScalabilityTest, options, fate, { judgingMs });
  assertEquals(result.levels.map(({ clientLimited }) => clientLimited), [false, false, true]);
  assertEquals(result.levels.map(({ clientUse }) => clientUse!.because), [[], [], ["judging"]]);
  assertEquals(result.client.limited, true);
  assertEquals(result.levels.map(({ efficiency }) => efficiency!.high === null), [false, false, true]);
  assertEquals(result.optimalConcurrency, 4);
  assertEquals(result.absences["optimalConcurrency"], undefined);
});

Deno.test("a speed-up is at least what it is where the client limited the level, at most where it limited batch 1", async () => {
  const fate = ({ index }: Arrival): Fate => ({ serviceMs: 9 + index % 3 });
  const openEnds = async (limited: number) => {
    const { levels } = await limitedTest(runThroughputTest, { batchSizes: [1, 2] }, fate, {
      judgingMs: (_, batchSize) => batchSize === limited ? 3 : 0,
    });
    assertEquals(levels.map(({ clientLimited }) => clientLimited), [limited === 1, limited === 2]);
    assertEquals(levels.map(({ efficiency }) => efficiency!.high === null), [limited === 1, limited === 2]);
    return levels.map(({ speedup }) => [speedup!.low === null, speedup!.high === null]);
  };
  assertEquals(await openEnds(1), [[false, false], [true, false]]);
  assertEquals(await openEnds(2), [[false, false], [false, true]]);
});

Deno.test("a sweep takes nothing that the client took from its last level for degradation of the server", async () => {
  // At 8 the simulated server is slower, but the client so slow that this proves nothing.
  const fate = ({ outstanding, index }: Arrival): Fate => ({ serviceMs: (outstanding > 4 ? 25 : 10) + index % 2 });
  const judgingMs = (outstanding: number) => outstanding > 4 ? 4 : outstanding > 2 ? 2 : 0;
  const { levels, degradationPercent } = await limitedTest(runScalabilityTest, { levels: [1, 4, 8] }, fate, {
    judgingMs,
  });
  assertEquals(levels.map(({ clientLimited }) => clientLimited), [false, true, true]);
  assertGreater(degradationPercent!.value, 10);
  assertEquals(degradationPercent!.low, null);
});

Deno.test("a ceiling alone blames nobody, and one below a rate that was reached is that rate at least", async () => {
  // 8 requests in 16 ms are 500 a second; the test reaches 1000.
  const basic = await limitedTest(runBasicTest, { concurrency: 8 }, () => ({ serviceMs: 8 }), { ceilingMs: 16 });
  assertEquals([basic.clientLimited, basic.client.limited], [false, false]);
  for (const { ceilingPerSecond, ceilingAtLeast } of [basic.client, basic.clientUse!]) {
    assertAlmostEquals(ceilingPerSecond!, 1000, 10);
    assertEquals(ceilingAtLeast, true);
  }
});

Deno.test("an open loop that waits for its connections shows the server's limit, not the client's", async () => {
  const options = { ratePerSecond: 300, arrivals: "constant", maxConnections: 16 } as const;
  const basic = await limitedTest(runBasicTest, options, ({ outstanding }) => ({ serviceMs: 10 * outstanding }), {});
  assertGreater(basic.latenessMs!.p95.value, 100);
  assertEquals([basic.saturated, basic.clientLimited], [true, false]);
  assertEquals(bottlenecks({ basic }).map(({ bottleneck }) => bottleneck), ["unknown"]);
});

Deno.test("an open loop whose requests leave late is limited by the client", async () => {
  const options = { ratePerSecond: 20, arrivals: "constant" } as const;
  const basic = await limitedTest(runBasicTest, options, () => ({ serviceMs: 5 }), { lateMs: 8 });
  assertEquals([basic.clientLimited, basic.clientUse!.because], [true, ["late"]]);
  const [found] = bottlenecks({ basic });
  assert(found?.bottleneck === "client" && found.evidence.latenessMs! >= 8, "the evidence is how late they were sent");
});

Deno.test("a load test's own rates end at what the client can send, and what was measured until then is kept", async () => {
  const ailment = { ceilingMs: 15 };
  const { levels, saturatedPerSecond } = await limitedTest(
    runLoadTest,
    { quick: true },
    () => ({ serviceMs: 20 }),
    ailment,
  );
  assert(levels.length > 2);
  assertEquals(saturatedPerSecond, null);
  for (const { load } of levels) {
    assert(load.kind === "open" && load.arrivals.kind === "poisson");
    assertLess(load.arrivals.ratePerSecond, 1000 * 8 / 15);
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
    () => limitedTest(runLoadTest, { rates: [20, 40, 900] }, fate, { ceilingMs: 16 }),
    UsageError,
    "this client can send",
  );
  assertLess(asked, 3, "requests besides the one whose answer the client is tried with");
});

Deno.test("a rate that the client has reached is not refused, whatever a server that does nothing showed", async () => {
  const windows = new RunWindows(0);
  const clock = new VirtualClock();
  const server = new SimulatedServer(clock, () => ({ serviceMs: 5 }));
  const target: Target = { ...simulatedTarget(server), openTransportTo: () => server.openTransport() };
  windows.ceilings.set(1, new CeilingRate(500, false));
  const run = (ratePerSecond: number) =>
    basicTest(target, { ratePerSecond, arrivals: "constant", quick: true, clock }, { windows, onlooker: null });
  await assertRejects(() => clock.run(run(600)), UsageError, "at most what this client can send, 500 requests");
  windows.ceilings.get(1)!.reached(550);
  const measured = await clock.run(run(600));
  assertEquals(measured.result().client.ceilingAtLeast, true);
});

Deno.test("what a server refuses that is gone is no rate that the client reached", async () => {
  const clock = new VirtualClock(), windows = new RunWindows(0);
  const server = new SimulatedServer(
    clock,
    ({ nowMs }) => nowMs < 1000 ? { serviceMs: 5 } : { failure: "refused", afterMs: 0 },
  );
  const health = () => Promise.resolve({ healthy: clock.now() < 1000, detail: "gone" });
  const target: Target = {
    ...simulatedTarget(server, { ...simulatedProtocol, health }),
    openTransportTo: () => server.openTransport(),
  };
  windows.ceilings.set(1, new CeilingRate(200, false));
  const options = { requests: 1000, warmUpRequests: 0, clock };
  const measured = (await clock.run(basicTest(target, options, { windows, onlooker: null }))).result();
  assertEquals([measured.partial, measured.client.ceilingPerSecond], ["target-lost", 200]);
});
