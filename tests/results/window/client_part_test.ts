import { assertAlmostEquals, assertEquals } from "@std/assert";
import { clientPartMs } from "../../../src/results/window/client_part.ts";
import { basicResult } from "../kinds/basic_result.ts";
import { calmUse } from "../result_base.ts";

const of = (meanMs: number, concurrency: number, aloneMs?: number) => {
  const { latencyMs } = basicResult();
  return basicResult({
    load: { kind: "closed", batchSize: 1, concurrency },
    latencyMs: { ...latencyMs!, mean: { ...latencyMs!.mean, value: meanMs } },
    clientUse: {
      ...calmUse,
      threadShare: 0.5,
      starvedShare: 0,
      ceilingPerSecond: 10_000,
      ...(aloneMs === undefined ? {} : { aloneMs }),
    },
  });
};

Deno.test("clientPartMs() is what a lone request takes elsewhere, and of several what they wait for the client's thread", () => {
  assertEquals(clientPartMs(of(2, 1, 0.1)), 0.1);
  assertAlmostEquals(clientPartMs(of(2, 5, 0.1))!, 0.3, 1e-9);
  assertEquals(clientPartMs(of(0.2, 32, 0.1)), 0.2, "a latency has no more than itself");
});

Deno.test("clientPartMs() holds what the client waited for a core, of long latencies too", () => {
  const starved = (meanMs: number) => {
    const window = of(meanMs, 1, 0.1);
    return clientPartMs({ ...window, clientUse: { ...window.clientUse!, starvedShare: 0.2 } });
  };
  assertAlmostEquals(starved(2)!, 0.5, 1e-9);
  assertAlmostEquals(starved(50)!, 10.1, 1e-9);
});

Deno.test("clientPartMs() is null of 10 ms and more where it is small, and where it was not measured", () => {
  assertEquals([clientPartMs(of(10, 1, 0.1)), clientPartMs(of(2, 1))], [null, null]);
});

Deno.test("clientPartMs() leaves out the time in which a streamed answer is written", () => {
  const window = of(500, 5, 30);
  const { latencyMs } = window;
  const readingMs = { ...latencyMs!, mean: { ...latencyMs!.mean, value: 400 } };
  const clientUse = { ...window.clientUse!, starvedShare: 0.2 };
  assertAlmostEquals(clientPartMs({ ...window, readingMs, clientUse })!, 30 + 0.2 + 100, 1e-9);
  assertAlmostEquals(clientPartMs({ ...window, readingMs, firstTokenMs: latencyMs, clientUse })!, 50.04, 1e-9);
  assertEquals(clientPartMs({ ...window, readingMs: null, firstTokenMs: latencyMs, clientUse }), 30);
});
