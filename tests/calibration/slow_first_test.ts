import type { Target } from "../../src/core/target.ts";
import type { TestOptions } from "../../src/measure/settings/options.ts";
import type { TestResults } from "../../src/results/kinds.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { assertHonest, SLOW, SLOW_REQUESTS, WARM_MS } from "../measure/slow_first.ts";
import { openVirtualServer } from "./virtual_server.ts";

/** Of servers in virtual time. */
const SEEDS = [1, 2, 3, 4, 5, 6];

type Measure = (target: Target, options: TestOptions) => Promise<TestResults>;

async function assertAlwaysHonest(measure: Measure): Promise<void> {
  for (const seed of SEEDS) {
    // Of several lengths, so that it ends in many places of a run.
    const warmUp = { ...SLOW.warmUp, requests: SLOW_REQUESTS + 20 * (seed - 3) };
    const { clock, target } = openVirtualServer({ ...SLOW, warmUp }, seed);
    assertHonest(await clock.run(measure(target, { seed, clock })), WARM_MS);
  }
}

const basic: Measure = async (target, options) => ({ basic: await runBasicTest(target, options) });

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
