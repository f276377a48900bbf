import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { SampleLog } from "../../src/measure/sample_log.ts";
import type { recordOf } from "../../src/measure/window/visit_record.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { reportOf } from "../report/report_of.ts";
import { simulateTest, type SimulationOptions } from "../measure/simulation.ts";

Deno.test("runBasicTest() finds rate and latency of a server of known speed within their intervals", async () => {
  const result = await simulateTest(runBasicTest, { batchSize: 4 }, { fate: () => ({ serviceMs: 10 }) });
  assert(result.converged);
  const { requestsPerSecond: rate, predictionsPerSecond, latencyMs } = result;
  assertAlmostEquals(rate!.value, 100, 2);
  assertAlmostEquals(predictionsPerSecond!.value, 4 * rate!.value, 1e-6);
  assert(rate!.low! <= 100.2 && rate!.high! >= 99.8, JSON.stringify(rate));
  assertAlmostEquals(latencyMs!.mean.value, 10, 0.2);
  assert(latencyMs!.p95.value > latencyMs!.p50.value && latencyMs!.p95.value <= 10.5);
});

Deno.test("runBasicTest() ends early when it is precise, and not before", async () => {
  const steady = await simulateTest(runBasicTest, { durationMs: 60_000 }, { fate: () => ({ serviceMs: 10 }) });
  assert(steady.converged);
  assert(steady.requests >= 100 && steady.durationMs < 5000, `${steady.requests} in ${steady.durationMs} ms`);
  assertEquals(steady.stopping!.fixedMs, 60_000);
  assert(steady.stopping!.windowsMs < 5000, "55 s saved");
  const heavyTailed = await simulateTest(runBasicTest, { durationMs: 60_000 }, {
    fate: ({ index }) => ({ serviceMs: index % 19 === 0 ? 300 + 200 * Math.sin(index) : 10 }),
  });
  assert(heavyTailed.requests > 2 * steady.requests, `${heavyTailed.requests} requests for a heavy tail`);
});

Deno.test("runBasicTest() keeps a level that did not converge and says so", async () => {
  const result = await simulateTest(runBasicTest, { durationMs: 1000 }, {
    fate: ({ index }) => ({ serviceMs: 20 + 400 * Number(index % 7 === 0) }),
  });
  assertEquals(result.converged, false);
  assert(result.requestsPerSecond !== null && result.latencyMs !== null);
});

Deno.test("runBasicTest() counts failures apart and never lets one enter a latency", async () => {
  const result = await simulateTest(runBasicTest, { requests: 100, warmUpRequests: 0 }, {
    fate: ({ index }) => index % 5 === 4 ? { failure: "rejected", afterMs: 1 } : { serviceMs: 50 },
  });
  assertEquals([result.requests, result.succeeded, result.failed], [100, 80, 20]);
  assertEquals(result.failuresByReason, { rejected: 20 });
  assertAlmostEquals(result.errorRate!.value, 0.2, 1e-9);
  assert(result.latencyMs!.min > 40, "the failures took 1 ms");
  assertAlmostEquals(result.requestsPerSecond!.value, 80 / (result.durationMs / 1000), 2);
});

Deno.test("runBasicTest() ends an open loop when so many requests are due on the mean, with the intervals of so long a window", async () => {
  const open = { ratePerSecond: 50, arrivals: "poisson" } as const;
  const service = { fate: () => ({ serviceMs: 5 }) };
  const byRequests = await simulateTest(runBasicTest, { ...open, requests: 500 }, service);
  const byTime = await simulateTest(runBasicTest, { ...open, durationMs: 10_000 }, service);
  assertAlmostEquals(byRequests.due!, 500, 3 * Math.sqrt(500));
  assertEquals([byRequests.due, byRequests.latencyMs], [byTime.due, byTime.latencyMs]);
  assertEquals(byRequests.requestsPerSecond, byTime.requestsPerSecond);
  const cut = await simulateTest(runBasicTest, { ...open, requests: 500, durationMs: 2000 }, service);
  assertAlmostEquals(cut.due!, 100, 3 * Math.sqrt(100));
});

Deno.test("runBasicTest() gives no rate and no latency where nothing succeeds, and says why", async () => {
  const result = await simulateTest(runBasicTest, {}, { fate: () => ({ failure: "status", afterMs: 2 }) });
  assertEquals([result.requestsPerSecond, result.latencyMs, result.converged], [null, null, false]);
  assertEquals(result.absences["latencyMs"], "no request succeeded");
  assert(result.durationMs < 2000, "more of nothing but failures teaches nothing");
});

Deno.test("runBasicTest() cuts a warm-up that is longer than its warm-up requests", async () => {
  const result = await simulateTest(runBasicTest, {}, {
    fate: ({ index }) => ({ serviceMs: index < 60 ? 60 - index / 2 : 10 }),
  });
  assert(result.cutRequests >= 40, `${result.cutRequests} requests were cut`);
  assertAlmostEquals(result.requestsPerSecond!.value, 100, 3);
});

Deno.test("runBasicTest() cuts nothing where a number of requests was asked for, though time ends first", async () => {
  const logged: unknown[] = [];
  const sampleLog: SampleLog = {
    begin: () => () => {},
    ended: (visit) => logged.push((visit as ReturnType<typeof recordOf>).run.isUncut),
  };
  const { cutRequests } = await simulateTest(runBasicTest, { requests: 100_000, durationMs: 8000, sampleLog }, {
    fate: ({ index }) => ({ serviceMs: index < 160 ? 60 - index / 8 : 10 }),
  });
  assertEquals([cutRequests, logged], [0, [true]]);
});

Deno.test("runBasicTest() keeps a stall in its tail", async () => {
  const result = await simulateTest(runBasicTest, { requests: 200 }, {
    fate: ({ index }) => ({ serviceMs: index === 60 ? 2000 : 10 }),
  });
  assertEquals(result.cutRequests, 0);
  assert(result.latencyMs!.max > 1900);
});

const diesAfter = (atMs: number): Pick<SimulationOptions, "fate"> => ({
  fate: ({ nowMs, index }) =>
    nowMs > atMs ? { failure: "refused", afterMs: 0 } : { serviceMs: 20 + 80 * Number(index % 7 === 0) },
});

Deno.test("runBasicTest() marks a run partial when the server is lost, and keeps what was measured", async () => {
  for (const durationMs of [2000, 60_000]) {
    const result = await simulateTest(runBasicTest, { durationMs }, {
      ...diesAfter(2000),
      capabilities: () => ({ health: () => Promise.reject(new Error("connection refused")) }),
    });
    assertEquals([result.partial, result.stopping], ["target-lost", undefined]);
    assert(result.succeeded > 30);
  }
});

Deno.test("runBasicTest() keeps what was answered where the server is lost while the run warms up", async () => {
  const result = await simulateTest(runBasicTest, { durationMs: 2000 }, {
    ...diesAfter(250),
    capabilities: () => ({ health: () => Promise.reject(new Error("connection refused")) }),
  });
  assertEquals(result.partial, "target-lost");
  assert(result.succeeded > 4, `${result.succeeded}`);
});

Deno.test("runBasicTest() does not call a server lost that drops its requests but is healthy", async () => {
  const result = await simulateTest(runBasicTest, { durationMs: 60_000 }, diesAfter(1500));
  assertEquals(result.partial, null);
  assert(result.failuresByReason.refused! > 10);
});

for (const [name, backMs] of [["only behind the run", 4000], ["when the run has just ended", 2500]] as const) {
  Deno.test(`runBasicTest() tells that the server was away where it answers again ${name}`, async () => {
    const { partial, outages = [] } = await simulateTest(runBasicTest, { durationMs: 2000 }, {
      ...diesAfter(2000),
      capabilities: (clock) => ({
        health: () =>
          clock.now() < backMs
            ? Promise.reject(new Error("connection refused"))
            : Promise.resolve({ healthy: true, detail: "" }),
      }),
    });
    assertEquals([partial, outages.length], [null, 1]);
    assertAlmostEquals(outages[0]!.fromMs, 2000, 100);
    assertAlmostEquals(outages[0]!.toMs, backMs, 300);
    assert(outages[0]!.failed > 0);
  });
}

Deno.test("runBasicTest() gives an empty partial result when the signal is aborted before", async () => {
  const result = await simulateTest(runBasicTest, { signal: AbortSignal.abort() }, { fate: () => ({ serviceMs: 1 }) });
  assertEquals([result.partial, result.requests, result.latencyMs], ["interrupted", 0, null]);
});

Deno.test("runBasicTest() refuses options that cannot be meant", async () => {
  for (
    const options of [{ concurrency: 0 }, { batchSize: 1.5 }, { durationMs: -1 }, { requests: NaN }, { timeoutMs: 0 }]
  ) {
    const [name] = Object.keys(options);
    await assertRejects(
      () => simulateTest(runBasicTest, options, { fate: () => ({ serviceMs: 1 }) }),
      UsageError,
      `"${name}" must be`,
    );
  }
});

Deno.test("runBasicTest() has no rate where no request was due in so short a time, and says that", async () => {
  const options = { ratePerSecond: 1, arrivals: "constant", durationMs: 300, warmUpRequests: 1 } as const;
  const result = await simulateTest(runBasicTest, options, { fate: () => ({ serviceMs: 500 }) });
  assertEquals([result.due, result.requests, result.requestsPerSecond], [0, 0, null]);
  const text = formatText(reportOf({ basic: result })).replace(/\s+/g, " ");
  assertStringIncludes(text, "Throughput: not measured: no request was due in so short a time");
  assertStringIncludes(text, "Success Rate: not measured: no request was due");
});
