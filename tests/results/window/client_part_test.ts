import { assertAlmostEquals, assertEquals } from "@std/assert";
import { clientPart } from "../../../src/results/window/client_part.ts";
import { basicResult } from "../kinds/basic_result.ts";
import { calmUse } from "../result_base.ts";

/** A window whose mean latency and rate are known to half of `halfWidth` to each side. */
const of = (meanMs: number, concurrency: number, aloneMs?: number, halfWidth = 0.5) => {
  const { latencyMs, requestsPerSecond } = basicResult();
  const known = { low: meanMs * (1 - halfWidth), high: meanMs * (1 + halfWidth) };
  return basicResult({
    load: { kind: "closed", batchSize: 1, concurrency },
    latencyMs: { ...latencyMs!, mean: { ...latencyMs!.mean, value: meanMs, ...known } },
    requestsPerSecond: { ...requestsPerSecond!, value: 10, low: 10 * (1 - halfWidth), high: 10 * (1 + halfWidth) },
    clientUse: {
      ...calmUse,
      threadShare: 0.5,
      starvedShare: 0,
      judgingShare: 0,
      betweenShare: 0,
      ceilingPerSecond: 10_000,
      ...(aloneMs === undefined ? {} : { aloneMs }),
    },
  });
};

Deno.test("clientPart() is what a lone request takes elsewhere, and of several what they wait for the client's thread", () => {
  assertEquals(clientPart(of(2, 1, 0.1)), { latencyMs: 0.1, betweenMs: 0, tokenMs: 0 });
  assertAlmostEquals(clientPart(of(2, 5, 0.1))!.latencyMs, 0.3, 1e-9);
  assertEquals(clientPart(of(0.2, 32, 0.1))!.latencyMs, 0.2, "a latency has no more than itself");
});

Deno.test("clientPart() holds what the client waited for a core, of long latencies too", () => {
  const starved = (meanMs: number) => {
    const window = of(meanMs, 1, 0.1);
    return clientPart({ ...window, clientUse: { ...window.clientUse!, starvedShare: 0.2 } })!.latencyMs;
  };
  assertAlmostEquals(starved(2), 0.5, 1e-9);
  assertAlmostEquals(starved(50), 10.1, 1e-9);
});

Deno.test("clientPart() tells what passes between two requests of a closed loop, and none of an open one", () => {
  const window = of(8, 1, 0.1);
  const clientUse = { ...window.clientUse!, judgingShare: 0.1, betweenShare: 0.2 };
  // A cycle of 8 / 0.9 / 0.8 ms.
  assertAlmostEquals(clientPart({ ...window, clientUse })!.betweenMs, 8 / 0.72 - 8, 1e-9);
  const arrivals = { kind: "poisson", ratePerSecond: 10 } as const;
  const load = { kind: "open", arrivals, maxConnections: 64, batchSize: 1 } as const;
  assertEquals(clientPart({ ...window, clientUse, load })!.betweenMs, 0);
});

Deno.test("clientPart() is null of 10 ms and more where it is small, and where it was not measured", () => {
  assertEquals([clientPart(of(10, 1, 0.1)), clientPart(of(2, 1))], [null, null]);
});

Deno.test("clientPart() of long latencies is told where they, or the rate, claim to be known better than that", () => {
  assertEquals(clientPart(of(20, 1, 0.3, 0.02)), null);
  assertEquals(clientPart(of(20, 1, 0.3, 0.01)), { latencyMs: 0.3, betweenMs: 0, tokenMs: 0 });
  const window = of(20, 1, 0.3, 0.02);
  const { latencyMs } = clientPart({ ...window, clientUse: { ...window.clientUse!, betweenShare: 0.01 } })!;
  assertEquals(latencyMs, 0.3, "0.5 ms of a cycle of 20.2");
});

Deno.test("clientPart() leaves out the time in which a streamed answer is written", () => {
  const window = of(500, 5, 30);
  const { latencyMs } = window;
  const readingMs = { ...latencyMs!, mean: { ...latencyMs!.mean, value: 400 } };
  const clientUse = { ...window.clientUse!, starvedShare: 0.2 };
  assertAlmostEquals(clientPart({ ...window, readingMs, clientUse })!.latencyMs, 30 + 0.2 + 100, 1e-9);
  assertAlmostEquals(clientPart({ ...window, readingMs, firstTokenMs: latencyMs, clientUse })!.latencyMs, 50.04, 1e-9);
  assertEquals(clientPart({ ...window, readingMs: null, firstTokenMs: latencyMs, clientUse })!.latencyMs, 30);
});

Deno.test("clientPart() of streamed answers tells by how much their last tokens wait where they end together", () => {
  const window = of(100, 5, 0, 0.02);
  const { latencyMs } = window;
  const known = (value: number) => ({
    ...latencyMs!,
    mean: { ...latencyMs!.mean, value, low: 0.999 * value, high: 1.001 * value },
  });
  const clientUse = { ...window.clientUse!, threadShare: 0, judgingShare: 0.001 };
  const streamed = { ...window, firstTokenMs: latencyMs, readingMs: latencyMs, outputTokens: known(26), clientUse };
  // Four others, 0.1 ms each, over 25 tokens: 16 us.
  assertAlmostEquals(clientPart({ ...streamed, tokenMs: known(4) })!.tokenMs, 0.016, 1e-4);
  assertEquals(clientPart({ ...streamed, tokenMs: known(40) }), null);
});

Deno.test("clientPart() of streamed answers is told where a first token or a longest gap claims to be known better", () => {
  const window = of(500, 1, 0.3, 0.02), { mean, ...others } = window.latencyMs!;
  const known = (value: number, share: number) => ({
    ...others,
    mean: { ...mean, value, low: (1 - share) * value, high: (1 + share) * value },
  });
  const [loose, tight] = [known(40, 0.01), known(40, 0.005)];
  const part = (times: Partial<typeof window>) => clientPart({ ...window, ...times })?.latencyMs;
  assertEquals([loose, tight].map((firstTokenMs) => part({ firstTokenMs })), [undefined, 0.3]);
  assertEquals([loose, tight].map((longestGapMs) => part({ firstTokenMs: loose, longestGapMs })), [undefined, 0.3]);
});
