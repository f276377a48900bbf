import { assert, assertEquals, assertLess } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { isPrecise, seriesRate } from "../../../src/measure/window/precision.ts";
import type { WindowSeries } from "../../../src/measure/window/window_series.ts";
import { relativeHalfWidth } from "../../../src/core/estimate.ts";

/** Requests one after the other of some 10 ms, of which those at these places take 300 ms more. */
function seriesOf(longer: readonly number[]): WindowSeries {
  const random = seededRandom(5);
  const latencyMs = Float64Array.from(
    { length: 540 },
    (_, i) => 6 + 8 * random() + (longer.includes(i) ? 300 : 0),
  );
  let nowMs = 0;
  const endedAtMs = latencyMs.map((ms) => nowMs += ms);
  return {
    durationMs: nowMs,
    endedAtMs,
    metrics: new Map([["latencyMs", latencyMs]]),
    queues: new Map(),
    timeline: () => [],
    succeeded: latencyMs.length,
    failed: 0,
    failuresByReason: {},
    refusedServerTimes: 0,
    cutRequests: 0,
  };
}

Deno.test("a rate that is an end of its narrow interval is not precise", () => {
  const lopsided = seriesOf([0]);
  assertLess(relativeHalfWidth(seriesRate(lopsided, 1)!)!, 0.05);
  assertEquals(isPrecise(lopsided, "sent"), false);
  assert(isPrecise(seriesOf([]), "sent"));
});

Deno.test("what an open loop drained of an earlier backlog is no part of the lower end of its rate", () => {
  const drained = seriesOf([]);
  const plain = seriesRate(drained, 1)!, seconds = drained.durationMs / 1000;
  const { low, value, high } = seriesRate({ ...drained, succeeded: drained.succeeded - 40 }, 1)!;
  assertEquals([low, value, high], [plain.low! - 40 / seconds, plain.value, plain.high]);
  assertEquals(seriesRate({ ...drained, succeeded: drained.succeeded + 40 }, 1), plain);
});
