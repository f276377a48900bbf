import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";
import { type CountedVisit, firstTokenParts } from "../../../src/measure/streams/first_token_parts.ts";
import type { FirstTokenReading } from "../../../src/measure/streams/first_token_watch.ts";

const BETWEEN_MS = 3;

/** One answer after another, of which the client sees `BETWEEN_MS` more than the server, and a little that varies. */
function visitOf(seed: number, { answers = 100, every = 10, others = 0 } = {}): CountedVisit {
  const random = seededRandom(seed), samples = new SampleTable();
  const counters = {
    firstTokens: 1000,
    firstTokenMs: 5e5,
    queued: 1000,
    queuedMs: 1e4,
    prefilled: 1000,
    prefilledMs: 4e5,
  };
  const readings: FirstTokenReading[] = [{ atMs: 0, source: "the server", ...counters }];
  let nowMs = 0.5;
  for (let i = 1; i <= answers; i++) {
    const serverMs = 40 + 20 * random(), firstTokenMs = serverMs + BETWEEN_MS + 2 * (random() - 0.5);
    const stream = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as Record<keyof StreamRow, number>;
    stream.chunks = 1;
    stream.firstTokenAt = nowMs + firstTokenMs;
    samples.record({
      scheduledAt: nowMs,
      sentAt: nowMs,
      writtenAt: NaN,
      firstByteAt: nowMs,
      endedAt: nowMs + 100,
      serverMs: NaN,
      judgingMs: 0,
      result: "success",
      stream,
    });
    counters.firstTokens += 1 + others;
    counters.firstTokenMs += serverMs * (1 + others);
    counters.queued++;
    counters.queuedMs += 1;
    counters.prefilled++;
    counters.prefilledMs += serverMs - 1;
    nowMs += 101;
    if (i % every === 0) readings.push({ atMs: nowMs - 0.5, ...counters });
  }
  return { samples, readings, concurrency: 1 };
}

Deno.test("firstTokenParts() tells the server's time to first token, its parts and what the client saw beyond", () => {
  let held = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const parts = firstTokenParts([visitOf(seed)]);
    assert(parts !== null && typeof parts !== "string");
    const { clientMs, serverMs, queueMs, prefillMs, differenceMs: { value, low, high }, requests, source } = parts;
    assertEquals([requests, source], [100, "the server"]);
    assertAlmostEquals(clientMs - serverMs, value, 1e-9);
    assertAlmostEquals(queueMs! + prefillMs!, serverMs, 1e-6);
    assert(high! - low! < 1, `${low} ${high}`);
    if (low! <= BETWEEN_MS && BETWEEN_MS <= high!) held++;
  }
  assert(held >= 36, `${held} of 40`);
});

Deno.test("firstTokenParts() has no interval of two parts, and nothing where nothing was counted", () => {
  const two = firstTokenParts([visitOf(1, { answers: 20 })]);
  assert(two !== null && typeof two !== "string");
  assertEquals([two.differenceMs.low, two.differenceMs.high], [null, null]);
  assertEquals(firstTokenParts([]), null);
  const { samples, readings } = visitOf(1);
  assertEquals(firstTokenParts([{ samples, readings: readings.slice(0, 1), concurrency: 1 }]), null);
});

Deno.test("firstTokenParts() says that others use the server, or that its counters are of a part of it", () => {
  const others = firstTokenParts([visitOf(1, { others: 1 })]);
  assertEquals(others, "the server counted 200 first tokens where 100 were seen: others use it too");
  const visit = visitOf(1);
  const readings = visit.readings.map((reading) => ({ ...reading, firstTokens: reading.firstTokens / 2 }));
  const half = firstTokenParts([{ ...visit, readings }]);
  assertStringIncludes(String(half), "its metrics are of one of several processes");
});
