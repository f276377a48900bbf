import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLessOrEqual,
  assertStringIncludes,
} from "@std/assert";
import { ExchangeError, TargetError } from "../../src/core/errors.ts";
import type { Protocol } from "../../src/core/protocol.ts";
import { KEPT_SAMPLES } from "../../src/load/samples/sample_store.ts";
import { createReport } from "../../src/report/create_report.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import type { SampleLog } from "../../src/measure/sample_log.ts";
import type { recordOf } from "../../src/measure/window/visit_record.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import { runLoadTest } from "../../src/test_types/load/load.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import type { Arrival, Fate } from "../load/simulated_server.ts";
import type { VirtualClock } from "../load/virtual_clock.ts";
import { simulateTest } from "./simulation.ts";

const FREEZES_MS = 4000;

/** What answers in 10 ms until it freezes: nothing is answered then, its health neither. */
const freezing = (atMs: number) => ({
  fate: ({ nowMs }: Arrival): Fate => ({ serviceMs: nowMs < atMs ? 10 : 1e9 }),
  capabilities: (clock: VirtualClock): Partial<Protocol> => ({
    health: async ({ timeoutMs = 0 } = {}) => {
      if (clock.now() < atMs) return { healthy: true, detail: "" };
      await clock.sleep(timeoutMs);
      throw new TargetError("Cannot ask as the server must answer: GET /health: no answer", {
        cause: new ExchangeError("timeout", "GET /health: no answer"),
      });
    },
  }),
});
const frozen = freezing(FREEZES_MS);

Deno.test("the figures of a window end where the server froze, and say so", async () => {
  const result = await simulateTest(runBasicTest, { requests: 10_000, concurrency: 4, timeoutMs: 5000 }, frozen);
  assertEquals([result.partial, result.lost?.reason], ["target-lost", "GET /health: no answer"]);
  assertAlmostEquals(result.lost!.atMs, FREEZES_MS, 20);
  assertAlmostEquals(result.requestsPerSecond!.value, 400, 20);
  assertEquals(result.failuresByReason, { timeout: 4 });
  assertEquals(result.lost?.failed, result.failed);
});

Deno.test("what was sent to a server that was lost is left out behind as many requests as are kept, too", async () => {
  const FAILS_MS = 12_000, LANES = 64;
  const { failuresByReason, requests } = await simulateTest(runBasicTest, { requests: 1e6, concurrency: LANES }, {
    fate: ({ nowMs }) => nowMs < FAILS_MS ? { serviceMs: 10 } : { failure: "refused", afterMs: 0.1 },
    capabilities: freezing(FAILS_MS).capabilities,
  });
  assertGreater(requests, KEPT_SAMPLES);
  assertLessOrEqual(failuresByReason.refused ?? 0, LANES);
});

Deno.test("a log of samples holds every row of a visit that was cut short while the run warms up", async () => {
  let rows = 0;
  const visits: unknown[] = [];
  const sampleLog: SampleLog = {
    begin: () => () => void rows++,
    ended: (visit) => visits.push((visit as ReturnType<typeof recordOf>).run.recorded),
  };
  await simulateTest(runBasicTest, { concurrency: 4, timeoutMs: 5000, sampleLog }, freezing(150));
  assertGreater(rows, 40);
  assertEquals(visits, [rows]);
});

Deno.test("an open loop is neither saturated nor sustained at the rate at which the server froze", async () => {
  const rates = {
    rates: [50, 100],
    arrivals: "constant" as const,
    durationMs: 2500,
    warmUpRequests: 0,
    timeoutMs: 2000,
  };
  const { levels, partial, sustainedPerSecond, saturatedPerSecond } = await simulateTest(runLoadTest, rates, frozen);
  assertEquals([partial, sustainedPerSecond, saturatedPerSecond], ["target-lost", 50, null]);
  assertEquals(levels.map(({ lost }) => lost === undefined), [true, false]);
  assertAlmostEquals(levels[1]!.requestsPerSecond!.value, 100, 5);
});

Deno.test("what was due of a ramp until the server froze is counted, not taken for an even share", async () => {
  const ramp = { fromPerSecond: 0, toPerSecond: 100 };
  const options = { ramp, durationMs: 8000, warmUpRequests: 0, timeoutMs: 2000 };
  const { levels: [level] } = await simulateTest(runLoadTest, options, frozen);
  assertAlmostEquals(level!.lost!.atMs, FREEZES_MS, 50);
  // A quarter of the 400: the rate rises from 0.
  assertAlmostEquals(level!.due, 100, 3);
});

Deno.test("a level in which the server was lost is no optimum, in no fit and in no chart, and is marked everywhere", async () => {
  const options = { levels: [1, 2, 4], durationMs: 3000, timeoutMs: 1000 };
  const result = await simulateTest(runScalabilityTest, options, frozen);
  const lost = result.levels.filter((level) => level.lost !== undefined);
  assertEquals([result.partial, lost.length], ["target-lost", 1]);
  assert(!result.equivalentConcurrencies.includes(lost[0]!.concurrency));
  assertEquals([lost[0]!.efficiency, lost[0]!.littlesLawRatio], [null, null]);
});

Deno.test("a run that lost its server names the tests it did not come to, and every format marks it", async () => {
  const kinds = ["basic", "scalability", "load"] as const;
  const options = { quick: true, timeoutMs: 1000 };
  const measured = await simulateTest((target, options) => runTests(target, kinds, options), options, freezing(2500));
  const report = createReport(measured, { command: "test" });
  assertEquals([report.partial, Object.keys(report.tests)], ["target-lost", ["basic", "scalability"]]);
  assertEquals(report.tests.basic!.lost, undefined);
  const text = formatText(report);
  for (const words of ["PARTIAL RESULTS: the server was lost", "server lost", "Not tried", "load"]) {
    assertStringIncludes(text, words);
  }
  assertStringIncludes(formatHtml(report), "server lost");
  assertStringIncludes(formatCsv(report), "server_lost_at");
  assertEquals(parseReport(formatJson(report)).tests.scalability!.lost, report.tests.scalability!.lost);
});

Deno.test("a window of one request that the user cut short is no ground for advice", async () => {
  const abort = new AbortController();
  const options = { durationMs: 60_000, warmUpRequests: 0, signal: abort.signal };
  const run = (target: Parameters<typeof runTests>[0], options?: object) => runTests(target, ["basic"], options);
  const measured = await simulateTest(run, options, {
    fate: ({ index }) => {
      if (index === 3) abort.abort();
      return { serviceMs: 10 };
    },
  });
  const report = createReport(measured, { command: "test" });
  assertEquals([report.partial, report.tests.basic!.cutShort, report.recommendations], ["interrupted", true, []]);
  assertStringIncludes(formatText(report), "too few to advise on");
});

Deno.test("cold cycles end where the server does not answer for its health, not where one question failed", async () => {
  const cycles = (failsAt: number, isThere: boolean) =>
    simulateTest(runLatencyTest, { coldStarts: 3, quick: true, requests: 20 }, {
      fate: () => ({ serviceMs: 10 }),
      capabilities: () => {
        let loads = 0, loaded = true;
        return {
          health: () =>
            isThere || loads < failsAt
              ? Promise.resolve({ healthy: true, detail: "" })
              : Promise.reject(new Error("gone")),
          load: () => {
            loaded = true;
            if (++loads === failsAt) return Promise.reject(new ExchangeError("reset", "connection reset"));
            return Promise.resolve();
          },
          unload: () => {
            loaded = false;
            return Promise.resolve();
          },
          verifyAbsent: () => Promise.resolve({ absent: !loaded, evidence: "" }),
        };
      },
    });
  const gone = await cycles(3, false), there = await cycles(3, true);
  assertEquals([gone.partial, gone.lost?.reason, gone.warm], ["target-lost", "gone", null]);
  assertEquals([there.partial, there.lost], [null, undefined]);
  assertGreater(there.warm!.succeeded, 0);
});
