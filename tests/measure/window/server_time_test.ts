import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import { TargetError } from "../../../src/core/errors.ts";
import type { Protocol, ServerTimings } from "../../../src/core/protocol.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { runScalabilityTest } from "../../../src/test_types/scalability.ts";
import { serverTimeOf, whyNoServerTime } from "../../../src/measure/window/server_time.ts";
import type { VirtualClock } from "../../load/virtual_clock.ts";
import { simulateTest } from "../simulation.ts";

const NOTHING: ServerTimings = { requests: 0, executions: 0, predictions: 0, queueMs: 0, computeMs: 0 };

/** A server that counts 2 ms of queue and 7 ms of work for each request, 100 ms of queue for the first ten. */
function countingServer(change: (counted: ServerTimings) => ServerTimings = (counted) => counted) {
  let counted: ServerTimings = { ...NOTHING, requests: 1000, executions: 900, queueMs: 5e6, computeMs: 5e6 };
  return {
    jitter: 0,
    fate: ({ index }: { index: number }) => {
      counted = {
        requests: counted.requests + 1,
        executions: counted.executions! + 0.25,
        predictions: counted.predictions! + 1,
        queueMs: counted.queueMs! + (index < 10 ? 100 : 2),
        computeMs: counted.computeMs! + 7,
        inputMs: (counted.inputMs ?? 0) + 0.5,
      };
      return { serviceMs: 10 };
    },
    capabilities: (): Partial<Protocol> => ({ serverTimings: () => Promise.resolve(counted = change(counted)) }),
  };
}

/** A server that counts a request when it arrives, and its 10 ms when it is answered; 8 lanes keep out of step. */
function arrivalsServer() {
  const answeredAtMs: number[] = [];
  return {
    jitter: 0,
    fate: ({ index, nowMs }: { index: number; nowMs: number }) => {
      const serviceMs = index < 8 ? 1 + index : 10;
      answeredAtMs.push(nowMs + serviceMs);
      return { serviceMs };
    },
    capabilities: (clock: VirtualClock): Partial<Protocol> => ({
      async serverTimings() {
        await clock.sleep(0.1);
        const answered = answeredAtMs.filter((at) => at <= clock.now()).length;
        return { ...NOTHING, requests: answeredAtMs.length, countedAt: "arrival", computeMs: 10 * answered };
      },
    }),
  };
}

/** A server that counts the items of an execution some time after the execution itself, from the hundredth request on. */
function lateServer(lateMs: number) {
  const answeredAtMs: number[] = [];
  const readings: number[] = [];
  return {
    readings,
    jitter: 0,
    fate: ({ nowMs }: { nowMs: number }) => {
      answeredAtMs.push(nowMs + 10);
      return { serviceMs: 10 };
    },
    capabilities: (clock: VirtualClock): Partial<Protocol> => ({
      serverTimings() {
        readings.push(clock.now());
        const counted = (late: number) =>
          answeredAtMs.filter((at, index) => at + (index < 100 ? 0 : late) <= clock.now()).length;
        const executions = counted(0);
        return Promise.resolve({ ...NOTHING, requests: executions, executions, predictions: 4 * counted(lateMs) });
      },
    }),
  };
}

Deno.test("runBasicTest() waits for counters that settle after the window, at most some readings", async () => {
  for (const [lateMs, readings] of [[0, 3], [8, 4]] as const) {
    const server = lateServer(lateMs);
    const result = await simulateTest(runBasicTest, { requests: 200, batchSize: 4 }, server);
    assertEquals(result.server!.meanBatch, 4, `${lateMs} ms late`);
    assertEquals(server.readings.length, readings, `${lateMs} ms late`);
  }
});

Deno.test("runBasicTest() takes the last of four readings where the counters do not settle", async () => {
  let requests = 0;
  const serverTimings = () => Promise.resolve({ ...NOTHING, requests: requests += 50 });
  const { server } = await simulateTest(runBasicTest, { requests: 50 }, {
    ...countingServer(),
    capabilities: () => ({ serverTimings }),
  });
  assertEquals([server!.requests, requests], [4 * 50, 5 * 50]);
});

Deno.test("runBasicTest() gives the server's own time per request over its window, the warm-up left out", async () => {
  const { server, absences } = await simulateTest(runBasicTest, { requests: 200 }, countingServer());
  assert(server);
  assertEquals(absences["server"], undefined);
  assertAlmostEquals(server.queueMs!, 2, 0.01);
  assertAlmostEquals(server.computeMs!, 7, 0.01);
  assertAlmostEquals(server.inputMs!, 0.5, 0.01);
  assertEquals(server.outputMs, undefined);
  assertAlmostEquals(server.restMs!, 0.5, 0.01);
  assertAlmostEquals(server.meanBatch!, 4, 0.01);
  assertAlmostEquals(server.requests, 200, 2);
});

Deno.test("runBasicTest() gives an open loop the server's own time, the client's check and whether it saturated", async () => {
  const { server, absences, client, clientLimited, saturated, latencyFrom } = await simulateTest(
    runBasicTest,
    { ratePerSecond: 50, arrivals: "constant", warmUpRequests: 20 },
    countingServer(),
  );
  assert(server);
  assertEquals(absences["server"], undefined);
  assertAlmostEquals(server.queueMs!, 2, 0.01);
  assertAlmostEquals(server.computeMs!, 7, 0.01);
  assertAlmostEquals(server.requests, 250, 2);
  assertEquals([client.limited, clientLimited, saturated, latencyFrom], [false, false, false, "due"]);
});

Deno.test("runBasicTest() says saturated of an open loop that the server does not keep up with", async () => {
  const options = { ratePerSecond: 150, arrivals: "constant" } as const;
  const result = await simulateTest(runBasicTest, options, { ...countingServer(), workers: 1 });
  assertEquals(result.saturated, true);
  assertAlmostEquals(result.backlogGrowthPerSecond!.value, 50, 5);
  assert(result.server);
});

Deno.test("runScalabilityTest() adds up what the server counted in the visits of each level", async () => {
  const options = { levels: [1, 2], requests: 100 };
  const { levels } = await simulateTest(runScalabilityTest, options, countingServer());
  for (const { server } of levels) {
    assertAlmostEquals(server!.computeMs!, 7, 0.01);
    assertAlmostEquals(server!.requests, 100, 8);
  }
});

Deno.test("runBasicTest() divides by the requests that were answered where the server counts those that arrive", async () => {
  const { server } = await simulateTest(runBasicTest, { requests: 80, concurrency: 8 }, arrivalsServer());
  // 8 of those answered in the window had arrived before it.
  assertAlmostEquals(server!.computeMs!, 10, 1e-9);
});

Deno.test("runBasicTest() says why the server's own time is not known", async () => {
  const reason = async (capabilities: Partial<Protocol>, options: BasicOptions = { requests: 50 }) => {
    const simulation = { ...countingServer(), capabilities: () => capabilities };
    const { server, absences } = await simulateTest(runBasicTest, options, simulation);
    assertEquals(server, null);
    return absences["server"];
  };
  assertEquals(await reason({}), "the server does not count its own time");
  assertEquals(await reason({ lacks: { serverTimings: "metrics are off" } }), "metrics are off");
  const failing = { serverTimings: () => Promise.reject(new TargetError("no counters")) };
  assertEquals(await reason(failing), "no counters");
  const still = { serverTimings: () => Promise.resolve(NOTHING) };
  assertEquals(await reason(still), "the server counted no request in the window");
  let requests = 100;
  const restarted = { serverTimings: () => Promise.resolve({ ...NOTHING, requests: requests -= 50 }) };
  assertEquals(await reason(restarted), "the server's counters went back: it was started anew");
});

Deno.test("serverTimeOf() leaves unknown what one of the counters lacks, and no time is less than nothing", () => {
  const window = { requests: 10, executions: 4, predictions: null, queueMs: 20, computeMs: 30 };
  assertEquals(serverTimeOf([], 1, 5), null);
  assertEquals(serverTimeOf([window], 2, 6), {
    requests: 10,
    queueMs: 2,
    computeMs: 3,
    executions: 4,
    meanBatch: 5,
    restMs: 1,
  });
  const { restMs, queueMs, meanBatch } = serverTimeOf([window, { ...window, queueMs: null, executions: null }], 1, 6)!;
  assertEquals([restMs, queueMs, meanBatch], [null, null, null]);
  assertEquals(serverTimeOf([window], 1, 4)!.restMs, null);
});

/** Metrics of a whole server, which count more or fewer requests than were sent. */
function metricsServer(countedOf: (sent: number) => number, eachMs = 7) {
  let sent = 0;
  return {
    jitter: 0,
    fate: () => {
      sent++;
      return { serviceMs: 10 };
    },
    capabilities: (): Partial<Protocol> => ({
      serverTimings() {
        const requests = countedOf(sent);
        const computeMs = eachMs * requests;
        return Promise.resolve({ ...NOTHING, source: "metrics", requests, queueMs: null, computeMs });
      },
    }),
  };
}

Deno.test("runBasicTest() takes metrics of a whole server where they hold the requests that were sent", async () => {
  const { server, absences } = await simulateTest(runBasicTest, { requests: 300 }, metricsServer((sent) => 40 + sent));
  assertEquals([server!.source, absences["server"], server!.queueMs], ["metrics", undefined, null]);
  assertAlmostEquals(server!.computeMs!, 7, 1e-9);
  assertAlmostEquals(server!.restMs!, 3, 1e-9);
});

Deno.test("runBasicTest() refuses metrics of other requests, of one of several processes and of no time", async () => {
  const refusal = async (countedOf: (sent: number) => number, eachMs = 7) => {
    const { server, absences } = await simulateTest(runBasicTest, { requests: 300 }, metricsServer(countedOf, eachMs));
    assertEquals(server, null);
    return absences["server"]!.replaceAll(/\d+/g, "N");
  };
  assertEquals(
    await refusal((sent) => 2 * sent),
    "the server counted N requests where N were sent: others ask the model too",
  );
  assertEquals(
    await refusal((sent) => Math.floor(sent / 2)),
    "the server counted N of N requests: its metrics are of one of several processes",
  );
  assertEquals(
    await refusal((sent) => 10_000 - sent),
    "the server's counters went back: it was started anew, or its metrics are of one of several processes at a time",
  );
  const longer = "the server's counters tell a longer time of a request than its whole latency";
  assertEquals(await refusal((sent) => sent, 13), longer);
  assertEquals(await refusal((sent) => sent, 1e300), longer);
});

Deno.test("serverTimeOf() divides a time by the requests that it is of, where a counter of its own tells them", () => {
  // First tokens came of 24, of which 16 ended.
  const window = {
    ...NOTHING,
    source: "metrics",
    requests: 24,
    queueMs: 160,
    queued: 16,
    computeMs: 1600,
    computed: 16,
  };
  const { requests, queueMs, computeMs, restMs } = serverTimeOf([window, window], 1, 120)!;
  assertEquals([requests, queueMs, computeMs, restMs], [48, 10, 100, 10]);
  assertEquals(
    whyNoServerTime([window], 90),
    "the server's counters tell a longer time of a request than its whole latency",
  );
  assertEquals(whyNoServerTime([window], 105), null);
});

Deno.test("whyNoServerTime() refuses what no time can be, whatever the latency", () => {
  const counted = (computeMs: number) => [{ ...NOTHING, requests: 10, computeMs }];
  assertEquals(whyNoServerTime([], null), null);
  assertEquals(whyNoServerTime(counted(50), null), null);
  assertEquals(whyNoServerTime(counted(50), 5), null);
  assertEquals(whyNoServerTime(counted(Infinity), null), "the server's counters of times are no times");
  assertEquals(whyNoServerTime(counted(-1), 5), "the server's counters of times went back");
});
