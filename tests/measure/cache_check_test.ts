import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cacheVerdict } from "../../src/measure/cache_check.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { CACHING_SERVERS, calibrateCache } from "./cache_calibration.ts";
import { simulateTest } from "./simulation.ts";

const check = { cacheCheck: true, requests: 5, warmUpRequests: 0, inputs: { kind: "text", words: 12 } } as const;

Deno.test("checkCache() takes neither noise nor a slow beginning for a cache, and finds one of twice the speed", async () => {
  for (const server of CACHING_SERVERS) {
    const { share, requests } = await calibrateCache(server, 20);
    if (server.times === 1) assert(share.cache <= 0.1, `${server.name}: ${share.cache}`);
    if (server.times >= 2) assert(share.cache >= 0.95, `${server.name}: ${share.cache}`);
    if (server.times >= 2) assert(share["no cache seen"] === 0, server.name);
    if (server.times === 1.2) assert(share["no cache seen"] <= 0.15, `${server.name}: ${share["no cache seen"]}`);
    assert(requests <= 257, `${server.name}: ${requests}`);
  }
});

Deno.test("checkCache() is bounded in time, and tells a cache of a slow server from few requests", async () => {
  const fate = () => ({ serviceMs: 1000 });
  const { cache, elapsedMs } = await simulateTest(runBasicTest, { ...check, requests: 1 }, { fate });
  assertEquals(cache?.verdict, "cannot tell", "nothing of what the simulated server is sent may differ");
  assert(elapsedMs < 15_000, `${elapsedMs}`);
  const slow = { name: "slow", times: 8, noise: 0.05, slower: () => 100 };
  const { share, requests } = await calibrateCache(slow, 10);
  assert(share.cache >= 0.9 && requests < 12, `${share.cache} of ${requests}`);
});

Deno.test("checkCache() says why it cannot tell, and is left out where it was not asked for or the run was cut short", async () => {
  const fate = () => ({ serviceMs: 10 });
  const plain = await simulateTest(runBasicTest, { requests: 5 }, { fate });
  assertEquals(plain.cache, undefined);
  const { cache } = await simulateTest(runBasicTest, { ...check, repeatInputs: true }, { fate });
  assertStringIncludes(cache?.because ?? "", "as was asked for");
  const stateful = { fate, capabilities: () => ({ takesParameters: true }) };
  const { cache: ofSequences } = await simulateTest(runBasicTest, { ...check, sequence: true }, stateful);
  assertStringIncludes(ofSequences?.because ?? "", "stateful");
  assertEquals(ofSequences?.requests, 0);
  const interrupted = await simulateTest(runBasicTest, { ...check, signal: AbortSignal.abort() }, { fate });
  assertEquals(interrupted.cache, undefined);
});

Deno.test("cacheVerdict() is by the whole interval", () => {
  const ratio = (low: number | null, high: number | null) => ({ value: 1, low, high, level: 0.95, n: 8 });
  assertEquals(cacheVerdict(ratio(1.2, 3)), "cache");
  assertEquals(cacheVerdict(ratio(0.7, 1.1)), "no cache seen");
  assertEquals(cacheVerdict(ratio(0.7, 1.2)), "cannot tell", "a cache of a cheap model saves a fifth");
  assertEquals(cacheVerdict(ratio(1.02, 1.1)), "cannot tell", "something is surely faster");
  assertEquals(cacheVerdict(ratio(1, 1.3)), "cannot tell");
  assertEquals(cacheVerdict(ratio(null, null)), "cannot tell");
  assertEquals(cacheVerdict(null), "cannot tell");
});
