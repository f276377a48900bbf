import { assertAlmostEquals } from "@std/assert";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { streamTruth } from "./stream_truth.ts";

const SURE: StreamBehaviour = { firstMs: 20, tokenMs: 4, tokens: [3, 3] };
const LIMITS = { firstMs: 1000, tokenMs: 1000 };

Deno.test("streamTruth() adds to what is meant how late it was written and the ways there and back", () => {
  const truth = streamTruth(SURE, { concurrency: 1 }, LIMITS, {
    latenessesMs: [[1, 3, 2]],
    restsMs: [5],
    ways: [{ thereMs: 0.25, backMs: 0.5 }],
  });
  assertAlmostEquals(truth.first.mean, 20 + 1 + 0.75);
  assertAlmostEquals(truth.token.mean, (8 + 2 - 1) / 2);
  assertAlmostEquals(truth.longest.mean, 4 + 3 - 1);
  assertAlmostEquals(truth.latency.mean, 28 + 2 + 0.75);
  assertAlmostEquals(truth.requestsPerSecond, 1000 / (28 + 2 + 5), 1e-6);
});

Deno.test("streamTruth() lets nothing overtake what was written before it", () => {
  const { longest, token } = streamTruth(SURE, { concurrency: 1 }, LIMITS, {
    latenessesMs: [[30, 0, 0]],
    restsMs: [0],
    ways: [{ thereMs: 0, backMs: 0 }],
  });
  assertAlmostEquals(longest.mean, 0);
  assertAlmostEquals(token.mean, 0);
});
