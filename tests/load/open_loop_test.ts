import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
import {
  burstArrivals,
  constantArrivals,
  dealtArrivals,
  poissonArrivals,
  rampArrivals,
  traceArrivals,
} from "../../src/load/arrivals.ts";
import { type OpenLoopPlan, runOpenLoop } from "../../src/load/open_loop.ts";
import { madePool } from "./requests/made_pool.ts";
import { type Arrival, type Fate, simulatedProtocol, SimulatedServer } from "./simulated_server.ts";
import { VirtualClock } from "./virtual_clock.ts";

function simulate(fate: (arrival: Arrival) => Fate, plan: Partial<OpenLoopPlan> = {}, workers = Infinity) {
  const clock = new VirtualClock();
  const server = new SimulatedServer(clock, fate, workers);
  const run = runOpenLoop({
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: madePool(simulatedProtocol, { kind: "text", words: 1 }),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    arrivals: constantArrivals(100),
    maxLanes: 1000,
    timeoutMs: 10_000,
    warmUpRequests: 0,
    durationMs: 2000,
    clock,
    ...plan,
  });
  return { clock, server, run: clock.run(run) };
}

const first = (arrivals: { dueAtMs(): Iterator<number, void> }, count: number) => {
  const iterator = arrivals.dueAtMs();
  return Array.from({ length: count }, () => iterator.next().value as number);
};

Deno.test("arrivals offer their rate exactly or in the mean", () => {
  assertEquals(first(constantArrivals(200), 4), [0, 5, 10, 15]);
  assertEquals(first(burstArrivals(100, 2), 5), [0, 0, 20, 20, 40]);
  assertEquals(first(traceArrivals([1000, 1001, 1500]), 3), [0, 1, 500]);
  const poisson = first(poissonArrivals(100, () => seededRandom(5)), 20_000);
  assertAlmostEquals(poisson.at(-1)! / 20_000, 10, 0.2);
  const gaps = poisson.slice(1).map((due, i) => due - poisson[i]!);
  const variance = gaps.reduce((sum, gap) => sum + (gap - 10) ** 2, 0) / gaps.length;
  assertAlmostEquals(Math.sqrt(variance), 10, 0.4, "an exponential gap scatters as much as it is long");
});

Deno.test("poissonArrivals() gives the same moments each time", () => {
  const arrivals = poissonArrivals(100, () => seededRandom(5));
  assertEquals(first(arrivals, 10), first(arrivals, 10));
});

Deno.test("rampArrivals() keeps to the rate at each moment", () => {
  const due = first(rampArrivals(100, 300, 10_000), 2000);
  const within = (from: number, to: number) => due.filter((moment) => moment >= from && moment < to).length;
  assertAlmostEquals(within(0, 1000), 110, 1);
  assertAlmostEquals(within(9000, 10_000), 290, 1);
});

Deno.test("runOpenLoop() sends on time whatever the server does", async () => {
  const { run } = simulate(() => ({ serviceMs: 500 }));
  const { samples, due, unanswered } = await run;
  assertEquals([due, unanswered, samples.length], [200, 0, 200]);
  for (let i = 0; i < samples.length; i++) {
    assertAlmostEquals(samples.sentAt(i), samples.scheduledAt(i), 1e-9);
    assertAlmostEquals(samples.endedAt(i) - samples.scheduledAt(i), 500, 1e-9);
  }
});

Deno.test("runOpenLoop() shows a stall of 2 s in every request that it kept waiting", async () => {
  const stalled = ({ nowMs }: Arrival): Fate => ({ serviceMs: nowMs >= 1000 && nowMs < 3000 ? 3000 - nowMs + 5 : 5 });
  const { run } = simulate(stalled, { durationMs: 10_000 });
  const { samples, due } = await run;
  assertEquals(due, 1000);
  const slow = Array.from({ length: samples.length }, (_, i) => samples.endedAt(i) - samples.scheduledAt(i))
    .filter((latency) => latency > 100);
  assertEquals(slow.length, 191, "2 s at 100/s less the last ones that waited under 100 ms");
});

Deno.test("runOpenLoop() lets requests wait in the client where all lanes are busy, and their latency counts on", async () => {
  const { run, server } = simulate(() => ({ serviceMs: 40 }), { maxLanes: 2, durationMs: 1000 });
  const { samples, backlog } = await run;
  assertEquals(server.lanes, 2);
  const latencies = Array.from({ length: samples.length }, (_, i) => samples.endedAt(i) - samples.scheduledAt(i));
  assertGreater(latencies.at(-1)!, 10 * latencies[0]!);
  assertGreater(backlog.at(-1)!.requests, 5 * backlog[1]!.requests);
});

Deno.test("runOpenLoop() ends with its arrivals and waits for their answers", async () => {
  const { run } = simulate(() => ({ serviceMs: 300 }), { arrivals: traceArrivals([0, 10, 20]), durationMs: Infinity });
  const { samples, endReason } = await run;
  assertEquals([samples.length, endReason], [3, "requests"]);
});

Deno.test("the window of an open loop is as long as was asked for, however seldom something is due", async () => {
  const slow = { arrivals: constantArrivals(1), warmUpRequests: 6, durationMs: 5500 };
  const { dueFromMs, dueToMs, due } = await simulate(() => ({ serviceMs: 20 }), slow).run;
  assertEquals([dueFromMs, dueToMs - dueFromMs, due], [5020, 5500, 5], "at 6 to 10 s");
  const { clock, run } = simulate(() => ({ serviceMs: 20 }), { ...slow, arrivals: constantArrivals(0.01) });
  const seldom = await run;
  assertEquals([seldom.dueFromMs, seldom.dueToMs, seldom.due], [5500, 11_000, 0]);
  assertAlmostEquals(clock.now(), 11_000, 1);
});

Deno.test("a ramp is as long as was asked for, though its last request is due before", async () => {
  const arrivals = rampArrivals(10, 0, 10_000);
  assertEquals(dealtArrivals(arrivals, 1, 2).endsAtMs, 10_000);
  for (const durationMs of [10_000, Infinity]) {
    const { dueToMs, due, samples } = await simulate(() => ({ serviceMs: 20 }), { arrivals, durationMs }).run;
    assertEquals([dueToMs, due, samples.length], [10_000, 50, 50]);
  }
});

Deno.test("what was due in the window is sent, also where this machine slept over its end", async () => {
  let clock: VirtualClock | null = null;
  const simulated = simulate(({ index }) => {
    if (index === 97) clock!.work(50);
    return { serviceMs: 5 };
  }, { durationMs: 1000 });
  clock = simulated.clock;
  const { dueToMs, due, samples } = await simulated.run;
  assertEquals([dueToMs, due, samples.length], [1000, 100, 100]);
});

Deno.test("runOpenLoop() waits for its first answers, and says that it was interrupted meanwhile", async () => {
  const after = async (abortMs: number) => {
    const controller = new AbortController();
    const slow = { arrivals: constantArrivals(1), durationMs: 5000, timeoutMs: 30_000, signal: controller.signal };
    const { clock, run } = simulate(({ index }) => ({ serviceMs: index < 3 ? 12_000 : 1e6 }), slow);
    clock.after(abortMs, () => controller.abort());
    const { due, unanswered, endReason, samples } = await run;
    return [due, unanswered, endReason, samples.length, Math.round(clock.now())];
  };
  assertEquals(await after(1e5), [5, 2, "duration", 5, 29_000], "twice what a request takes");
  assertEquals(await after(7000), [5, 5, "interrupted", 5, 7000]);
});

Deno.test("runOpenLoop() gives up some seconds after its window, and says how many were not answered", async () => {
  const fate = ({ index }: Arrival): Fate => ({ serviceMs: index === 0 ? 5 : 1e6 });
  const { run, clock } = simulate(fate, { durationMs: 1000, timeoutMs: 1e5 });
  const { due, unanswered } = await run;
  assertEquals([due, unanswered], [100, 99]);
  assertLess(clock.now(), 10_000);
});

Deno.test("runOpenLoop() returns at once when it is interrupted", async () => {
  const controller = new AbortController();
  const { clock, run } = simulate(() => ({ serviceMs: 10 }), { durationMs: 1e6, signal: controller.signal });
  clock.after(1005, () => controller.abort());
  const { endReason, samples } = await run;
  assertEquals(endReason, "interrupted");
  assert(samples.length >= 100 && clock.now() < 1100);
});

Deno.test("runOpenLoop() closes every lane at its end, also of requests that it cut off", async () => {
  const { run, server } = simulate(({ index }) => ({ serviceMs: index < 190 ? 50 : 1e6 }), { timeoutMs: 1e5 });
  const { unanswered } = await run;
  assertEquals([server.lanes > 5, server.openLanes, unanswered], [true, 0, 10]);
});

Deno.test("runOpenLoop() leaves warm-up requests out of its window", async () => {
  const { run } = simulate(({ index }) => ({ serviceMs: index < 20 ? 200 : 5 }), { warmUpRequests: 30 });
  const { dueFromMs, dueToMs, due, samples } = await run;
  assertGreater(dueFromMs, 290);
  assertAlmostEquals(due, (dueToMs - dueFromMs) / 10, 1);
  for (let i = 0; i < samples.length; i++) {
    if (samples.scheduledAt(i) >= dueFromMs) assertLess(samples.endedAt(i) - samples.scheduledAt(i), 10);
  }
});

Deno.test("runOpenLoop() counts as unanswered what was due in the window alone", async () => {
  // Three requests of the warm-up hang, as do some of the window; the last ones wait for a lane.
  const fate = ({ index }: Arrival): Fate => ({ serviceMs: index < 3 || index > 80 ? 1e6 : 5 });
  const plan = { warmUpRequests: 30, durationMs: 1000, maxLanes: 20, timeoutMs: 1e5 };
  const { dueFromMs, dueToMs, due, unanswered, cancelled, samples, unsentDueMs } = await simulate(fate, plan).run;
  let answered = 0;
  for (let i = 0; i < samples.length; i++) {
    if (samples.scheduledAt(i) >= dueFromMs && samples.succeeded(i)) answered++;
  }
  assertEquals(cancelled, 20);
  assertGreater(unsentDueMs.length, 0);
  assertEquals(unanswered, 17 + unsentDueMs.length);
  assertEquals(due, answered + unanswered, `due from ${dueFromMs} to ${dueToMs}`);
});
