import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { analyze } from "../../../src/analysis/analyze.ts";
import { windowsOf } from "../../../src/results/windows.ts";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { simulateTest } from "../../measure/simulation.ts";

/** Two workers of 20 ms: 100 requests per second at most. */
const twoWorkers = { fate: () => ({ serviceMs: 20 }), workers: 2 };

Deno.test("runLoadTest() tells rates that the server keeps up with from those that it does not", async () => {
  const result = await simulateTest(runLoadTest, { rates: [120, 40, 80], arrivals: "constant" }, twoWorkers);
  assertEquals(result.levels.map(({ saturated }) => saturated), [false, false, true]);
  assertAlmostEquals(result.sustainedPerSecond!, 80, 1);
  assertAlmostEquals(result.saturatedPerSecond!, 120, 1);
  const [low, , high] = result.levels;
  assertAlmostEquals(low!.requestsPerSecond!.value, 40, 1.5);
  assertAlmostEquals(high!.requestsPerSecond!.value, 100, 3);
  assertAlmostEquals(high!.backlogGrowthPerSecond!.value, 20, 3);
  assertAlmostEquals(low!.latencyMs!.mean.value, 20, 1);
});

Deno.test("runLoadTest() offers each rate, or a ramp, for the time in which so many requests are due", async () => {
  const options = { rates: [40, 80], requests: 400, arrivals: "constant" } as const;
  const result = await simulateTest(runLoadTest, options, twoWorkers);
  for (const [i, { due, requestsPerSecond, saturated }] of result.levels.entries()) {
    assertAlmostEquals(due, 400, 1);
    assertAlmostEquals(requestsPerSecond!.value, options.rates[i]!, 1);
    assertEquals(saturated, false);
  }
  const ramp = await simulateTest(
    runLoadTest,
    { ramp: { fromPerSecond: 10, toPerSecond: 70 }, requests: 200 },
    twoWorkers,
  );
  assertEquals(ramp.levels.map(({ due }) => due), [200]);
});

Deno.test("runLoadTest() sees the queueing that independent arrivals make below saturation", async () => {
  const result = await simulateTest(runLoadTest, { rates: [80], durationMs: 60_000 }, { ...twoWorkers, jitter: 0 });
  // M/D/2 at a load of 0.8: the mean wait is about 0.45 of a service time (a half of M/M/2's 1.78 x service / 2).
  const { latencyMs, serviceMs, saturated } = result.levels[0]!;
  assertEquals(saturated, false);
  assertGreater(latencyMs!.mean.value, 25);
  assertLess(latencyMs!.mean.value, 50);
  assertAlmostEquals(serviceMs!.mean.value, latencyMs!.mean.value, 0.5, "sent on time");
});

Deno.test("runLoadTest() steps up to saturation by itself", async () => {
  const result = await simulateTest(runLoadTest, {}, twoWorkers);
  assertGreater(result.levels.length, 3);
  assert(result.levels.at(-1)!.saturated && result.levels.slice(0, -1).every((level) => !level.saturated));
  assertGreater(result.sustainedPerSecond!, 60);
  assertLess(result.saturatedPerSecond!, 150);
});

Deno.test("runLoadTest() says why it has no level where the first rate cannot be found", async () => {
  const result = await simulateTest(runLoadTest, {}, { fate: () => ({ failure: "status", afterMs: 5 }) });
  assertEquals(result.levels, []);
  assertMatch(result.absences["levels"]!, /^no request succeeded: ./);
  // What was sent is kept all the same: findings, messages and tables tell from it what became of it.
  const { requests, failed, failuresByReason } = result.unanswered!;
  assert(requests > 0 && failed === requests && failuresByReason.status === failed);
  assertEquals(windowsOf({ load: result }).map(({ level }) => level), [null]);
  assertEquals(analyze({ load: result }).findings.map(({ code }) => code).filter((code) => code !== "bottleneck"), [
    "errors",
  ]);
});

Deno.test("runLoadTest() shows a stall of 2 s in its tail, where a closed loop has one slow request", async () => {
  const result = await simulateTest(runLoadTest, { rates: [50], arrivals: "constant", durationMs: 20_000 }, {
    fate: ({ nowMs }) => ({ serviceMs: nowMs > 5000 && nowMs < 7000 ? 7000 - nowMs : 10 }),
  });
  const { latencyMs } = result.levels[0]!;
  assertGreater(latencyMs!.p95.value, 800, "a tenth of the requests fell into the stall");
  assertLess(latencyMs!.p50.value, 12);
});

Deno.test("runLoadTest() counts failures and gives no latency to them", async () => {
  const result = await simulateTest(runLoadTest, { rates: [50], arrivals: "constant" }, {
    fate: ({ index }) => index % 4 === 0 ? { failure: "status", afterMs: 500 } : { serviceMs: 10 },
  });
  const [level] = result.levels;
  assertAlmostEquals(level!.errorRate!.value, 0.25, 0.02);
  assertLess(level!.latencyMs!.max, 20);
});

Deno.test("runLoadTest() offers bursts, ramps and traces", async () => {
  const bursts = await simulateTest(runLoadTest, { rates: [50], burst: 10, arrivals: "constant" }, twoWorkers);
  assertEquals(bursts.arrivals, { kind: "bursts", size: 10 });
  assertGreater(bursts.levels[0]!.latencyMs!.max, 90, "the last of ten waits for nine before it");
  const ramp = await simulateTest(runLoadTest, { ramp: { fromPerSecond: 10, toPerSecond: 60 } }, twoWorkers);
  assertAlmostEquals(ramp.levels[0]!.offeredPerSecond, 35, 3);
  const traceMs = Array.from({ length: 100 }, (_, i) => i * 20);
  const trace = await simulateTest(runLoadTest, { traceMs, warmUpRequests: 0 }, twoWorkers);
  assertEquals(trace.levels[0]!.due, 100);
  const { arrivals } = trace;
  assert(arrivals.kind === "trace");
  assertEquals([arrivals.requests, arrivals.lengthMs, trace.sustainedPerSecond], [100, 1980, 50]);
});

Deno.test("runLoadTest() refuses rates, traces and bursts that cannot be", async () => {
  for (
    const [options, words] of [
      [{ rates: [0] }, '"rates[0]" must be a number from 0.001 to 1000000'],
      [{ rates: [] }, "at least one number"],
      [{ traceMs: [5, 1] }, "ascending"],
      [{ rates: [1], traceMs: [1] }, "only one of"],
      [{ rates: [1], burst: 1.5 }, "whole number"],
      [{ rates: [1], burst: 5, arrivals: "poisson" }, "constant arrivals"],
    ] as const
  ) await assertRejects(() => simulateTest(runLoadTest, options, twoWorkers), UsageError, words);
});

Deno.test("runLoadTest() finds the capacity under an objective", async () => {
  // One worker of 10 ms without jitter and even arrivals: every rate below 100 per second has a latency of 10 ms.
  const result = await simulateTest(
    runLoadTest,
    { rates: [20], arrivals: "constant", objectives: "p99<30ms,errors<1%" },
    { fate: () => ({ serviceMs: 10 }), workers: 1, jitter: 0 },
  );
  const { rate, concurrency, goodputPerSecond } = result.capacity!;
  assertEquals([rate.ended, concurrency.ended], ["found", "found"]);
  assert(rate.highest! > 94 && rate.highest! <= 100.5, `${rate.highest} per second`);
  // In a closed loop n requests take n x 10 ms: two keep 30 ms, three take it up.
  assertEquals([concurrency.highest, concurrency.lowestMissed], [2, 3]);
  assertAlmostEquals(goodputPerSecond!, rate.highest!, 1);
});

Deno.test("runLoadTest() keeps the time for its search however many requests each rate was to have", async () => {
  const { capacity, levels } = await simulateTest(runLoadTest, { objectives: "p95<200ms", requests: 4000 }, twoWorkers);
  assert(capacity !== null && capacity.rate.highest !== null && levels.length > 0);
  assert(levels.every(({ durationMs }) => durationMs < 5200));
});

Deno.test("runLoadTest() says where objectives are never met", async () => {
  const result = await simulateTest(
    runLoadTest,
    { rates: [20], arrivals: "constant", objectives: "p95<1ms", quick: true },
    { fate: () => ({ serviceMs: 10 }), workers: 1 },
  );
  assertEquals(result.capacity!.rate.ended, "never met");
  assertEquals(result.capacity!.concurrency.ended, "never met");
});

Deno.test("runLoadTest() refuses objectives that a level cannot tell", async () => {
  await assertRejects(() => simulateTest(runLoadTest, { objectives: "cold<1s" }, twoWorkers), UsageError, "cold");
});

Deno.test("runLoadTest() counts what the user's signal cut off as neither success nor failure", async () => {
  const controller = new AbortController();
  const result = await simulateTest(runLoadTest, { rates: [50], arrivals: "constant", signal: controller.signal }, {
    fate: ({ index }) => {
      if (index === 150) controller.abort();
      return { serviceMs: 300 };
    },
  });
  assertEquals([result.partial, result.levels[0]!.errorRate!.value], ["interrupted", 0]);
  assertGreater(result.levels[0]!.cancelled, 5);
});

Deno.test("runLoadTest() says why no capacity was searched where it was cut, or nothing answered", async () => {
  const controller = new AbortController();
  const cut = await simulateTest(runLoadTest, { objectives: "p99<1s", signal: controller.signal }, {
    fate: ({ index }) => {
      if (index === 40) controller.abort();
      return { serviceMs: 300 };
    },
  });
  assertEquals([cut.capacity, cut.absences["capacity"]], [null, "the test was interrupted before one was searched"]);
  const failing = { fate: () => ({ failure: "status", afterMs: 5 } as const) };
  const refused = await simulateTest(runLoadTest, { objectives: "p99<1s" }, failing);
  assertEquals([refused.capacity, refused.absences["capacity"]], [null, "no request was answered"]);
});

Deno.test("runLoadTest() marks a lost server also where its window is short", async () => {
  const result = await simulateTest(runLoadTest, { rates: [50, 60], durationMs: 1000, warmUpRequests: 0 }, {
    fate: ({ nowMs }) => nowMs > 500 ? { failure: "refused", afterMs: 0 } : { serviceMs: 10 },
    capabilities: () => ({ health: () => Promise.reject(new Error("refused")) }),
  });
  assertEquals([result.partial, result.levels.length], ["target-lost", 1]);
});

Deno.test("runLoadTest() says that the server was lost where that was before a rate was offered", async () => {
  const { partial, levels, sustainedPerSecond, absences } = await simulateTest(runLoadTest, { durationMs: 1000 }, {
    fate: ({ nowMs }) => nowMs > 300 ? { failure: "refused", afterMs: 0 } : { serviceMs: 10 },
    capabilities: () => ({ health: () => Promise.reject(new Error("refused")) }),
  });
  assertEquals([partial, levels, sustainedPerSecond], ["target-lost", [], null]);
  assertEquals(absences["levels"], "the server was lost before a rate was offered");
});
