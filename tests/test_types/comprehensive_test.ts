import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import type { Target } from "../../src/core/target.ts";
import type { TestKind } from "../../src/results/comprehensive_kinds.ts";
import { resultsOf } from "../../src/results/kinds.ts";
import type { Window } from "../../src/results/window/window.ts";
import { type AllOptions, planOf, runTests } from "../../src/test_types/comprehensive.ts";
import type { ResumeOptions } from "../../src/test_types/comprehensive/resume_options.ts";
import type { Fate } from "../load/simulated_server.ts";
import { simulateTest } from "../measure/simulation.ts";

/** Tests that all need batch 1 at concurrency 1. */
const SHARING: readonly TestKind[] = ["basic", "latency", "throughput", "scalability"];
const OPTIONS: AllOptions = { batchSizes: [1, 4], levels: [1, 2] };

/** One worker of 10 ms; `slowFromMs`: from then on it takes 15 ms. */
async function run(options: AllOptions = {}, slowFromMs = Infinity, kinds = SHARING) {
  const sent: number[] = [];
  const fate = ({ nowMs, batchSize, outstanding }: { nowMs: number; batchSize: number; outstanding: number }): Fate => {
    if (batchSize === 1 && outstanding === 1) sent.push(nowMs);
    return { serviceMs: (nowMs < slowFromMs ? 10 : 15) * (1 + 0.1 * (batchSize - 1)) };
  };
  const test = (target: Target, own?: AllOptions) => runTests(target, kinds, { ...OPTIONS, ...own });
  const { tests, partial } = await simulateTest(test, options, { fate, workers: 1 });
  assertEquals(partial, null);
  return { tests, sent };
}

/** The part of a result that is a window. */
function windowOf(
  { load, visits, durationMs, requests, requestsPerSecond, latencyMs, errorRate, converged }: Window,
) {
  return { load, visits, durationMs, requests, requestsPerSecond, latencyMs, errorRate, converged };
}

Deno.test("runTests() measures a load that several tests need once, and all of them show the same", async () => {
  const { basic, latency, throughput, scalability } = (await run()).tests;
  const window = windowOf(basic!);
  assertEquals(window.load, { kind: "closed", concurrency: 1, batchSize: 1 });
  assertEquals(windowOf(latency!.warm!), window);
  assertEquals(windowOf(throughput!.levels[0]!), window);
  assertEquals(windowOf(scalability!.levels[0]!), window);
});

Deno.test("runTests() visits such a load in each of its tests, spread over the run, and counts every visit", async () => {
  const { basic } = (await run()).tests;
  const visits = basic!.visits!;
  assertEquals(visits.map(({ by }) => by).slice(0, 4), [...SHARING]);
  assert(visits.every(({ atMs }, i) => i === 0 || atMs > visits[i - 1]!.atMs + visits[i - 1]!.durationMs));
  const together = visits.reduce((sum, { durationMs }) => sum + durationMs, 0);
  assertGreater(together, 0.9 * basic!.durationMs);
  assertLess(together, 1.1 * basic!.durationMs);
});

Deno.test("runTests() spends less on a load that is known than each of its tests would by itself", async () => {
  const { basic } = (await run()).tests;
  const [first, ...more] = basic!.visits!;
  for (const { durationMs } of more) assertLess(durationMs, 0.7 * first!.durationMs);
});

Deno.test("runTests() asks for so many requests of a load in all, not in each test", async () => {
  const { tests: { basic, latency, throughput, scalability }, sent } = await run({ requests: 50, warmUpRequests: 0 });
  assertEquals([basic!.requests, latency!.warm!.requests], [50, 50]);
  assertEquals([throughput!.levels[0]!.requests, scalability!.levels[0]!.requests], [50, 50]);
  assertEquals(basic!.visits!.length, 1);
  // Those at the start of each busier load find the server empty as well.
  assertLess(sent.length, 2 * 50);
});

Deno.test("runTests() shows a server that became slower in the middle as drift between the visits of one load", async () => {
  const kinds: readonly TestKind[] = ["basic", "latency", "scalability"];
  const steady = (await run({ levels: [1] }, Infinity, kinds)).tests;
  assertEquals(analyze(steady).findings.filter(({ code }) => code === "drift"), []);
  const middleMs = steady.basic!.visits!.at(-1)!.atMs - 1;
  const { tests } = await run({ levels: [1] }, middleMs, kinds);
  const found = analyze(tests).findings.find(({ code }) => code === "drift");
  assert(found?.code === "drift");
  const { load, slower, faster } = found.evidence;
  assertEquals([load, slower.source], [tests.basic!.load, "scalability"]);
  assertGreater(slower.atMs!, faster.atMs!);
  assertGreater(faster.requestsPerSecond.value / slower.requestsPerSecond.value, 1.4);
});

Deno.test("runTests() leaves a load alone that a test was interrupted in, and keeps what it knows of it", async () => {
  const controller = new AbortController();
  const fate = ({ nowMs }: { nowMs: number }): Fate => {
    if (nowMs > 2500) controller.abort();
    return { serviceMs: 10 };
  };
  const test = (target: Target, own?: AllOptions) => runTests(target, SHARING, { ...OPTIONS, ...own });
  const { tests, partial } = await simulateTest(test, { signal: controller.signal }, { fate });
  assertEquals(partial, "interrupted");
  assert(tests.basic !== undefined && tests.scalability === undefined);
  assertGreater(tests.basic.succeeded, 100);
});

Deno.test("runTests() leaves tests whole that ended before another was interrupted in a load of theirs", async () => {
  const controller = new AbortController();
  const onProgress: AllOptions["onProgress"] = ({ test }) => {
    if (test === "latency") controller.abort();
  };
  const test = (target: Target, own?: AllOptions) => runTests(target, SHARING, { ...OPTIONS, ...own });
  const simulation = { fate: () => ({ serviceMs: 400 }) };
  const options = { signal: controller.signal, onProgress, durationMs: 8000 };
  const { tests: { basic, latency } } = await simulateTest(test, options, simulation);
  assertEquals([basic!.partial, latency!.partial, latency!.warm!.cutShort], [null, "interrupted", true]);
  assertEquals([basic!.cutShort, basic!.visits!.map(({ by }) => by)], [undefined, ["basic"]]);
});

const PLANNED: readonly AllOptions[] = [{}, { concurrency: 2, batchSize: 2 }, { ratePerSecond: 20, rates: [20, 30] }];
for (const options of PLANNED) {
  Deno.test(`planOf() says before a run with ${JSON.stringify(options)} what its results say was asked`, async () => {
    const { tests } = await run({ ...options, durationMs: 500 }, Infinity, [...SHARING, "load"]);
    for (const { kind, spec, result } of resultsOf(tests)) {
      if (kind === "operating-points" || kind === "ab") continue;
      const { asked, arrivals = [] } = planOf(kind, options);
      const found = spec.asked(result);
      assertEquals({ ...found, ...asked }, found);
      const offered = spec.windows(result).flatMap(({ window: { load } }) =>
        load.kind === "open" ? [load.arrivals] : []
      );
      if (arrivals.length > 0) assertEquals(offered, arrivals);
    }
  });
}

Deno.test("runTests() says how busy the machine was before a server was started for it", async () => {
  const busy = { loadAverage1m: 5.9, cores: 2, programs: [] };
  const measured = (busy: ResumeOptions["busy"]) =>
    simulateTest((target: Target, own?: AllOptions) => runTests(target, ["basic"], { ...own, busy: busy! }), {
      durationMs: 500,
    }, { fate: () => ({ serviceMs: 10 }) });
  const { environment, warnings } = await measured(busy);
  assertEquals(environment.busy, busy);
  assertEquals(warnings[0], "This machine was busy before the run: load average 5.9 on 2 cores.");
  assertEquals((await measured(null)).environment.busy, undefined);
});
