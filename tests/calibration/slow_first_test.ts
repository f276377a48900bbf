import { assert } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import { findingOf } from "../../src/analysis/rule.ts";
import type { TestResults } from "../../src/results/kinds.ts";
import { windowsOf } from "../../src/results/windows.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import type { Target } from "../../src/core/target.ts";
import { startRealServer } from "./real_server.ts";

/** Slow by so much that a busy machine does not make up for it. */
const SLOW = {
  service: { kind: "uniform", meanMs: 8, halfWidth: 0.1 },
  warmUp: { requests: 150, factor: 4, falls: "at-once" },
} as const;

/** Whether each latency that is shown is that of the warm server, or of a test that is said to hold some of before. */
async function assertHonest(measure: (target: Target) => Promise<TestResults>): Promise<void> {
  await using server = await startRealServer(SLOW, 1);
  const tests = await measure(server.target);
  const { served } = await server.log();
  const warm = served.slice(150).map(({ actualMs }) => actualMs).sort((a, b) => a - b);
  assert(warm.length > 50, `only ${served.length} requests were sent`);
  const warmMs = warm[warm.length >> 1]!;
  const said = findingOf(analyze(tests).findings, "warming-up")?.evidence.within ?? [];
  for (const { kind, window } of windowsOf(tests)) {
    const isWarm = (window.latencyMs?.p50.value ?? 0) < 2.5 * warmMs;
    assert(isWarm || said.includes(kind), `${kind} shows ${window.latencyMs?.p50.value} ms, warm are ${warmMs} ms`);
  }
}

Deno.test("runBasicTest() does not show the first requests of a server that was slow for them", async () => {
  await assertHonest(async (target) => ({ basic: await runBasicTest(target) }));
});

Deno.test("runThroughputTest() does not show the first requests of a server that was slow for them", async () => {
  await assertHonest(async (target) => ({ throughput: await runThroughputTest(target, { batchSizes: [1, 2, 4] }) }));
});

Deno.test("a quick run of several tests does not show such requests, or says where it does", async () => {
  const options = { quick: true, batchSizes: [1, 4], concurrencies: [1] };
  await assertHonest(async (target) => (await runTests(target, ["basic", "throughput", "scalability"], options)).tests);
});
