import process from "node:process";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { AbOptions } from "../../src/measure/settings/options.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { Protocol } from "../../src/core/protocol.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { AbResult, BasicResult } from "../../src/results/result.ts";
import type { Target } from "../../src/core/target.ts";
import { runAbTest } from "../../src/test_types/ab.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { type Fate, simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** Two servers on one machine: what the machine does to one it does to the other. */
interface Machine {
  /** How many times slower the machine is at a moment. */
  readonly slowness?: (atMs: number) => number;
  /** Service times, ms. */
  readonly a?: number;
  readonly b?: number;
  readonly jitter?: number;
  readonly seed?: number;
  readonly fateOfB?: (serviceMs: number, atMs: number) => Fate;
  /** Capabilities of the second server besides predicting. */
  readonly capabilitiesOfB?: Partial<Protocol>;
}

function machine({ slowness = () => 1, a = 10, b = 10, jitter = 0.3, seed = 1, fateOfB, capabilitiesOfB }: Machine) {
  const clock = new VirtualClock();
  const random = seededRandom(1000 * seed);
  const noisy = (serviceMs: number, atMs: number) => serviceMs * slowness(atMs) * (1 + jitter * (2 * random() - 1));
  const target = (fate: (atMs: number) => Fate, capabilities: Partial<Protocol> = {}): Target =>
    simulatedTarget(new SimulatedServer(clock, ({ nowMs }) => fate(nowMs)), { ...simulatedProtocol, ...capabilities });
  const targetA = target((atMs) => ({ serviceMs: noisy(a, atMs) }));
  const targetB = target((atMs) => fateOfB?.(noisy(b, atMs), atMs) ?? { serviceMs: noisy(b, atMs) }, capabilitiesOfB);
  return { clock, targetA, targetB };
}

function ab(of: Machine, options: AbOptions = {}): Promise<AbResult> {
  const { clock, targetA, targetB } = machine(of);
  return clock.run(runAbTest(targetA, targetB, { seed: of.seed ?? 1, ...options, clock }));
}

/** What one would do without: the one, then the other. */
function sequential(of: Machine): Promise<[BasicResult, BasicResult]> {
  const { clock, targetA, targetB } = machine(of);
  const both = async (): Promise<[BasicResult, BasicResult]> => {
    const a = await runBasicTest(targetA, { clock, durationMs: 5000, requests: 400 });
    return [a, await runBasicTest(targetB, { clock, durationMs: 5000, requests: 400 })];
  };
  return clock.run(both());
}

/** The machine cools down: after 10 s it is nearly twice as fast. */
const cooling = (atMs: number) => 1 + Math.exp(-atMs / 10_000);
/** A neighbour goes away. */
const neighbour = (atMs: number) => atMs < 6250 ? 1.5 : 1;

Deno.test("runAbTest() finds a difference of 10 % on machines that fool a sequential comparison", async () => {
  for (const slowness of [cooling, neighbour]) {
    const [first, second] = await sequential({ slowness, a: 10, b: 11 });
    assert(second.requestsPerSecond!.value > first.requestsPerSecond!.value, "the slower one came out faster");
    const { verdict, effects: { throughput, p50 } } = await ab({ slowness, a: 10, b: 11 });
    assertEquals([verdict, p50.verdict], ["worse", "worse"]);
    assertAlmostEquals(throughput.ratio!.value, 1 / 1.1, 0.05);
    assert(throughput.ratio!.low! <= 1 / 1.1 && throughput.ratio!.high! >= 1 / 1.1);
    const swapped = await ab({ slowness, a: 11, b: 10 });
    assertEquals(swapped.verdict, "better");
  }
  const [first, second] = await sequential({ slowness: neighbour, a: 10, b: 11 });
  assert(second.requestsPerSecond!.low! > first.requestsPerSecond!.high!, "and was sure of it");
});

Deno.test("runAbTest() calls equal servers different in about one run of twenty, whatever the machine does", async () => {
  const machines: ((atMs: number) => number)[] = [
    () => 1,
    cooling,
    (atMs) => 1 + 0.5 * Math.sin(atMs / 900),
    (atMs) => Math.floor(atMs / 1700) % 3 === 0 ? 2 : 1,
  ];
  const runs = 160;
  let falseAlarms = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const slowness = machines[seed % machines.length]!;
    const { verdict } = await ab({ slowness, seed }, { blocks: 8, requests: 10, warmUpRequests: 1 });
    if (verdict !== "no difference found") falseAlarms++;
  }
  assert(falseAlarms <= 16, `${falseAlarms} of ${runs}: at 5 % more than 16 come up once in 300`);
  assert(falseAlarms >= 1, "an interval that never misses is too wide");
});

Deno.test("runAbTest() has an interval that holds the truth in about 19 of 20 runs", async () => {
  let held = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const of = { a: 10, b: 12, slowness: cooling, seed };
    const { effects: { throughput: { ratio } } } = await ab(of, { blocks: 6, requests: 10, warmUpRequests: 1 });
    if (ratio!.low! <= 10 / 12 && ratio!.high! >= 10 / 12) held++;
  }
  assert(held >= 51, `${held} of 60: at 95 % fewer come up once in 1000`);
});

Deno.test("runAbTest() visits both alike in every block, in seeded orders", async () => {
  const result = await ab({}, { blocks: 12, requests: 8 });
  assertEquals(result.blocks.length, 12);
  assertEquals([result.a.requests, result.b.requests], [12 * 2 * 8, 12 * 2 * 8]);
  assertEquals(new Set(result.blocks.map(({ order }) => order)).size, 2);
  const orders = async (seed: number) => (await ab({ seed }, { blocks: 12, requests: 8 })).blocks.map((b) => b.order);
  assertEquals(await orders(1), await orders(1));
  assert((await orders(1)).join() !== (await orders(2)).join());
});

Deno.test("runAbTest() says the smallest change that it would have shown", async () => {
  const { verdict, effects: { throughput } } = await ab({ seed: 3 });
  assertEquals(verdict, "no difference found");
  const { ratio, smallestShown } = throughput;
  assert(smallestShown! > ratio!.high! / ratio!.value - 1 && smallestShown! < 0.2, `${smallestShown}`);
});

Deno.test("runAbTest() cannot tell where a server never succeeds, and says why", async () => {
  const result = await ab({ fateOfB: () => ({ failure: "status", afterMs: 5 }) }, { blocks: 20 });
  assertEquals(result.blocks.length, 1, "more of them would show no more");
  assertEquals([result.verdict, result.effects.throughput.ratio], ["cannot tell", null]);
  assertEquals(result.absences["effects"], "no block has successes of both servers");
  assert(result.errorDifference!.low! > 0.5);
});

Deno.test("runAbTest() keeps whole blocks only when it is interrupted", async () => {
  const { clock, targetA, targetB } = machine({});
  const interrupt = new AbortController();
  const run = runAbTest(targetA, targetB, { clock, signal: interrupt.signal });
  clock.after(7000, () => interrupt.abort());
  const result = await clock.run(run);
  assertEquals(result.partial, "interrupted");
  assert(result.blocks.length >= 1 && result.blocks.length < 10, `${result.blocks.length}`);
  assertEquals(result.a.requests, result.b.requests);
});

Deno.test("runAbTest() is partial where either server is lost, and keeps the whole blocks before", async () => {
  const refuses = (serviceMs: number, atMs: number): Fate =>
    atMs > 5000 ? { failure: "refused", afterMs: 0 } : { serviceMs };
  const gone = { health: () => Promise.reject(new Error("connection refused")) };
  const result = await ab({ fateOfB: refuses, capabilitiesOfB: gone });
  assertEquals(result.partial, "target-lost");
  assert(result.blocks.length >= 1 && result.blocks.length < 10, `${result.blocks.length}`);
  assertEquals(result.a.requests, result.b.requests);
});

Deno.test("runAbTest() keeps what it has to say of each server with that server", async () => {
  const counts = { serverTimings: () => Promise.reject(new Error("no counters on B")) };
  const { a, b } = await ab({ capabilitiesOfB: counts }, { blocks: 2 });
  assertEquals(a.absences["server"], "the server does not count its own time");
  assertEquals(b.absences["server"], "no counters on B");
  for (const side of [a, b]) assertEquals([side.client.limited, side.visits!.length], [false, 4]);
});

Deno.test("runAbTest() keeps what this client can do at most against each server with that server", async () => {
  const { clock, targetA, targetB } = machine({});
  // What is sent to the second server costs this client twice as much.
  const against = (target: Target, serviceMs: number): Target => ({
    ...target,
    openTransportTo: () => new SimulatedServer(clock, () => ({ serviceMs })).openTransport(),
  });
  const run = runAbTest(against(targetA, 5), against(targetB, 10), { clock, blocks: 2, requests: 10 });
  const { a, b, client } = await clock.run(run);
  // Eight lanes; a window ends between two answers, so that not every rate comes out to the last digit.
  assertEquals([a, b].map((side) => Math.round(side.client.ceilingPerSecond! / 100)), [16, 8]);
  assertEquals(client.ceilingPerSecond, a.client.ceilingPerSecond);
});

Deno.test("runAbTest() tells how many requests to either server were sent once more", async () => {
  const { clock, targetA, targetB } = machine({});
  const resending = (target: Target, resentRequests: number): Target => ({
    ...target,
    openTransport: () => ({ ...target.openTransport(), resentRequests }),
  });
  const run = runAbTest(resending(targetA, 1), resending(targetB, 2), { clock, blocks: 2, requests: 10 });
  assertEquals((await clock.run(run)).resentRequests, 3);
});

Deno.test("runAbTest() counts no CPU time of the client twice", async () => {
  const before = process.cpuUsage();
  const { a, b } = await ab({}, { blocks: 4 });
  const { user, system } = process.cpuUsage(before);
  const countedMs = a.client.cpuMsPerRequest! * a.requests + b.client.cpuMsPerRequest! * b.requests;
  assert(countedMs > 0 && countedMs <= (user + system) / 1000, `${countedMs} ms of ${(user + system) / 1000}`);
});

Deno.test("runAbTest() refuses options that cannot be meant", async () => {
  for (const options of [{ blocks: 0 }, { blocks: 1.5 }, { concurrency: 0 }]) {
    await assertRejects(() => ab({}, options), UsageError, `"${Object.keys(options)[0]}" must be`);
  }
});
