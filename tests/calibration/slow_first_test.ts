import { assert, AssertionError } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import { findingOf } from "../../src/analysis/rule.ts";
import type { Target } from "../../src/core/target.ts";
import type { TestOptions } from "../../src/measure/settings/options.ts";
import type { TestResults } from "../../src/results/kinds.ts";
import { windowsOf } from "../../src/results/windows.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { startRealServer } from "./real_server.ts";
import { openVirtualServer } from "./virtual_server.ts";

const WARM_MS = 8, SLOW_REQUESTS = 150;
/** Slow by so much that a busy machine does not make up for it. */
const SLOW = {
  service: { kind: "uniform", meanMs: WARM_MS, halfWidth: 0.1 },
  warmUp: { requests: SLOW_REQUESTS, factor: 4, falls: "at-once" },
} as const;

/** Of servers in virtual time. */
const SEEDS = [1, 2, 3, 4, 5, 6];

type Measure = (target: Target, options: TestOptions) => Promise<TestResults>;

/** Whether each latency that is shown is that of the warm server, or of a test that is said to hold some of before. */
function assertHonest(tests: TestResults, warmMs: number): void {
  const said = findingOf(analyze(tests).findings, "warming-up")?.evidence.within ?? [];
  for (const { kind, window } of windowsOf(tests)) {
    const isWarm = (window.latencyMs?.p50.value ?? 0) < 2.5 * warmMs;
    assert(isWarm || said.includes(kind), `${kind} shows ${window.latencyMs?.p50.value} ms, warm are ${warmMs} ms`);
  }
}

async function assertAlwaysHonest(measure: Measure): Promise<void> {
  for (const seed of SEEDS) {
    // Of several lengths, so that it ends in many places of a run.
    const warmUp = { ...SLOW.warmUp, requests: SLOW_REQUESTS + 20 * (seed - 3) };
    const { clock, target } = openVirtualServer({ ...SLOW, warmUp }, seed);
    assertHonest(await clock.run(measure(target, { seed, clock })), WARM_MS);
  }
}

const basic: Measure = async (target, options) => ({ basic: await runBasicTest(target, options) });

/** On a busy machine a latency may be several times the server's own time: then another try counts. */
async function withinTries(tries: number, check: () => Promise<void>): Promise<void> {
  for (let left = tries; left > 1; left--) {
    const isHeld = await check().then(() => true, (error) => {
      if (!(error instanceof AssertionError)) throw error;
      return false;
    });
    if (isHeld) return;
  }
  await check();
}

Deno.test("runBasicTest() does not show the first requests of a real server that was slow for them", () =>
  withinTries(3, async () => {
    await using server = await startRealServer(SLOW, 1);
    const tests = await basic(server.target, {});
    const { served } = await server.log();
    const warm = served.slice(SLOW_REQUESTS).map(({ actualMs }) => actualMs).sort((a, b) => a - b);
    assert(warm.length > 50, `only ${served.length} requests were sent`);
    assertHonest(tests, warm[warm.length >> 1]!);
  }));

Deno.test("runBasicTest() does not show the first requests of a server that was slow for them", async () => {
  await assertAlwaysHonest(basic);
});

Deno.test("runThroughputTest() does not show the first requests of a server that was slow for them", async () => {
  await assertAlwaysHonest(async (target, options) => ({
    throughput: await runThroughputTest(target, { batchSizes: [1, 2, 4], ...options }),
  }));
});

Deno.test("a quick run of several tests does not show such requests, or says where it does", async () => {
  const own = { quick: true, batchSizes: [1, 4], concurrencies: [1] };
  await assertAlwaysHonest(async (target, options) =>
    (await runTests(target, ["basic", "throughput", "scalability"], { ...own, ...options })).tests
  );
});
