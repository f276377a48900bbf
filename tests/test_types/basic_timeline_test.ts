import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { simulateTest } from "../measure/simulation.ts";

Deno.test("runBasicTest() keeps the warm-up that it cut, before the window's start", async () => {
  const { warmUpTimeline = [], timeline, warmUpRequests, cutRequests } = await simulateTest(runBasicTest, {}, {
    fate: ({ index }) => ({ serviceMs: index < 60 ? 60 - index / 2 : 10 }),
  });
  assertAlmostEquals(warmUpTimeline.length, warmUpRequests + cutRequests, 1);
  assert(warmUpTimeline.every(({ atMs }) => atMs <= 0) && timeline.every(({ atMs }) => atMs >= 0));
  assert(warmUpTimeline[0]!.latencyMs > 50 && timeline.every(({ latencyMs }) => latencyMs < 20));
});

Deno.test("runBasicTest() gives quantiles of the latency where its timeline is thinned, and only there", async () => {
  const server = { fate: () => ({ serviceMs: 10 }) };
  const short = await simulateTest(runBasicTest, { requests: 500 }, server);
  assertEquals(short.latencyQuantiles, undefined);
  const { latencyQuantiles = [], timeline, latencyMs } = await simulateTest(runBasicTest, { requests: 9000 }, server);
  assert(timeline.length <= 2000);
  const latencies = latencyQuantiles.map(({ latencyMs }) => latencyMs);
  assertEquals(latencies, latencies.toSorted((a, b) => a - b));
  assertEquals([latencies[0], latencies.at(-1)], [latencyMs!.min, latencyMs!.max]);
  assertAlmostEquals(latencyQuantiles.find(({ share }) => share === 0.5)!.latencyMs, latencyMs!.p50.value, 1e-9);
  assert(latencyQuantiles.length > 201 && latencyQuantiles.at(-2)!.share < 1 - 1 / 9000);
});
