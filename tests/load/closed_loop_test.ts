import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { madePool } from "./requests/made_pool.ts";
import { type ClosedLoopPlan, runClosedLoop } from "../../src/load/closed_loop.ts";
import { type Arrival, type Fate, simulatedProtocol, SimulatedServer } from "./simulated_server.ts";
import { VirtualClock } from "./virtual_clock.ts";

const pool = () => madePool(simulatedProtocol, { kind: "text", words: 1 });

function simulate(fate: (arrival: Arrival) => Fate, plan: Partial<ClosedLoopPlan> = {}, workers = Infinity) {
  const clock = new VirtualClock();
  const server = new SimulatedServer(clock, fate, workers);
  const run = runClosedLoop({
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: pool(),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    concurrency: 1,
    timeoutMs: 1000,
    warmUpRequests: 0,
    durationMs: Infinity,
    clock,
    ...plan,
  });
  return { clock, server, run: clock.run(run) };
}

Deno.test("runClosedLoop() counts exactly the wanted requests, warm-up apart", async () => {
  const { run } = simulate(() => ({ serviceMs: 10 }), { requests: 50, warmUpRequests: 7, concurrency: 4 });
  const result = await run;
  assertEquals(result.windowTo - result.windowFrom, 50);
  assertEquals(result.warmUpRequests, 7);
  assertEquals(result.endReason, "requests");
});

Deno.test("runClosedLoop() keeps `concurrency` requests outstanding and no more", async () => {
  let most = 0;
  const { run, server } = simulate((arrival) => {
    most = Math.max(most, arrival.outstanding);
    return { serviceMs: 5 + arrival.index % 3 };
  }, { requests: 100, concurrency: 8 });
  await run;
  assertEquals(most, 8);
  assertEquals(server.lanes, 8);
});

Deno.test("runClosedLoop() gives the true rate of a server of known speed", async () => {
  const { run } = simulate(() => ({ serviceMs: 10 }), { durationMs: 2000, warmUpRequests: 5 });
  const { windowFrom, windowTo, windowStartMs, windowEndMs } = await run;
  assertAlmostEquals((windowTo - windowFrom) / (windowEndMs - windowStartMs) * 1000, 100, 1e-9);
});

Deno.test("runClosedLoop() measures queueing in a server with fewer workers than lanes", async () => {
  const { run } = simulate(() => ({ serviceMs: 10 }), { requests: 100, warmUpRequests: 8, concurrency: 4 }, 1);
  const { samples, windowFrom, windowTo } = await run;
  for (let i = windowFrom; i < windowTo; i++) assertAlmostEquals(samples.endedAt(i) - samples.sentAt(i), 40, 1e-9);
});

Deno.test("runClosedLoop() records a failure with its reason and goes on", async () => {
  const { run } = simulate(
    ({ index }) => index % 4 === 3 ? { failure: "rejected", afterMs: 1 } : { serviceMs: 1 },
    { requests: 40 },
  );
  const { samples, windowFrom, windowTo, failureExamples } = await run;
  const failed = Array.from({ length: windowTo - windowFrom }, (_, i) => samples.outcome(windowFrom + i))
    .filter(({ kind }) => kind === "failure");
  assertEquals(failed.length, 10);
  assertEquals(failed[0], { kind: "failure", reason: "rejected" });
  assertEquals(failureExamples, { rejected: "simulated rejected" });
});

Deno.test("runClosedLoop() turns a missed deadline into a timeout of that length", async () => {
  const { run } = simulate(({ index }) => ({ serviceMs: index === 5 ? 5000 : 10 }), { requests: 10, timeoutMs: 200 });
  const { samples } = await run;
  assertEquals(samples.outcome(5), { kind: "failure", reason: "timeout" });
  assertAlmostEquals(samples.endedAt(5) - samples.sentAt(5), 200, 1e-9);
});

Deno.test("runClosedLoop() waits for one answer where a request takes longer than the window", async () => {
  const { run } = simulate(() => ({ serviceMs: 900 }), { durationMs: 100 });
  const { windowTo, windowFrom, endReason } = await run;
  assertEquals([windowTo - windowFrom, endReason], [1, "duration"]);
});

Deno.test("runClosedLoop() ends after one deadline a phase where nothing is ever answered", async () => {
  const { run, clock } = simulate(() => ({ serviceMs: 1e9 }), { durationMs: 500, timeoutMs: 1000, warmUpRequests: 3 });
  const { samples, windowTo, windowFrom, endReason } = await run;
  assertEquals(Array.from({ length: windowTo - windowFrom }, (_, i) => samples.outcome(windowFrom + i)), [
    { kind: "failure", reason: "timeout" },
  ]);
  assertEquals([endReason, clock.now()], ["duration", 2000]);
});

Deno.test("runClosedLoop() rests between failed connections and gives up on a lost server", async () => {
  const { run, server, clock } = simulate(
    ({ nowMs }) => nowMs < 1000 ? { serviceMs: 10 } : { failure: "refused", afterMs: 0 },
    { durationMs: 1e6 },
  );
  const { endReason } = await run;
  assertEquals(endReason, "disconnected");
  assert(clock.now() < 5000, `lost after 1 s, given up at ${clock.now()} ms`);
  assert(server.received < 100 + 3100 / 50 + 2, `${server.received} requests were sent`);
});

Deno.test("runClosedLoop() does not give up on a server that fails now and then", async () => {
  const { run } = simulate(({ index }) => index % 2 ? { failure: "reset", afterMs: 1 } : { serviceMs: 5 }, {
    durationMs: 20_000,
  });
  assertEquals((await run).endReason, "duration");
});

Deno.test("runClosedLoop() returns what was measured when it is interrupted, at once", async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const server = new SimulatedServer(clock, () => ({ serviceMs: 10 }));
  clock.after(1005, () => controller.abort());
  const result = await clock.run(runClosedLoop({
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: pool(),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    concurrency: 2,
    timeoutMs: 1000,
    warmUpRequests: 0,
    durationMs: 1e6,
    signal: controller.signal,
    clock,
  }));
  assertEquals(result.endReason, "interrupted");
  assertEquals(result.windowTo, 200);
  assertEquals(result.cancelled, 2);
  assertEquals(result.windowEndMs, 1000);
});

Deno.test("runClosedLoop() counts the silence of a server that hangs until the run is interrupted", async () => {
  const controller = new AbortController();
  const { clock, run } = simulate(
    ({ index }) => ({ serviceMs: index < 100 ? 10 : 1e6 }),
    { signal: controller.signal, timeoutMs: 1e6 },
  );
  clock.after(5000, () => controller.abort());
  const { windowTo, windowStartMs, windowEndMs, cancelled } = await run;
  assertEquals([windowTo, cancelled, windowEndMs - windowStartMs], [100, 1, 5000]);
});

Deno.test("runClosedLoop() closes every lane at its end, also of requests that it cut off", async () => {
  const { run, server } = simulate(({ index }) => ({ serviceMs: index < 20 ? 10 : 1e6 }), {
    concurrency: 4,
    timeoutMs: 1e5,
    requests: 20,
  });
  const { cancelled } = await run;
  assertEquals([server.lanes, server.openLanes, cancelled], [4, 0, 3]);
});

Deno.test("runClosedLoop() sends nothing when the signal is aborted before", async () => {
  const { run, server } = simulate(() => ({ serviceMs: 1 }), { signal: AbortSignal.abort() });
  assertEquals((await run).samples.length, 0);
  assertEquals(server.received, 0);
});

Deno.test("runClosedLoop() asks the stop rule at growing intervals and ends when it is content", async () => {
  const asked: number[] = [];
  const { run } = simulate(() => ({ serviceMs: 1 }), {
    durationMs: 1e5,
    stopWhen: ({ nowMs }) => asked.push(nowMs) > 30,
  });
  assertEquals((await run).endReason, "enough");
  const gaps = asked.slice(1).map((at, i) => at - asked[i]!);
  assert(gaps.at(-1)! > gaps[0]!);
});
