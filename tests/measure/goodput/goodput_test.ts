import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";
import { goodputOf } from "../../../src/measure/goodput/goodput.ts";
import { parseRequestLimits } from "../../../src/objectives/parse_objectives.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;
const LIMITS = parseRequestLimits("ttft<30ms,tpot<10ms");

/** One stream behind the other, each 100 ms. */
function windowOf(
  streams: readonly { readonly ttftMs: number; readonly tpotMs: number; readonly tokens?: number; fails?: true }[],
) {
  const samples = new SampleTable();
  streams.forEach(({ ttftMs, tpotMs, tokens = 5, fails }, i) => {
    const sentAt = 100 * i, firstTokenAt = sentAt + ttftMs, lastTokenAt = firstTokenAt + tpotMs * (tokens - 1);
    const stream = { ...BLANK, firstTokenAt, lastTokenAt, outputTokens: tokens, firstTokens: 1, chunks: tokens };
    const times = { scheduledAt: sentAt, sentAt, writtenAt: NaN, firstByteAt: NaN, endedAt: sentAt + 100 };
    samples.record({ ...times, serverMs: NaN, judgingMs: 0, result: fails ? "rejected" : "success", stream });
  });
  const indices = Int32Array.from(streams, (_, i) => i);
  return { samples, indices, origin: "sent", startMs: 0, endMs: 100 * streams.length, whole: true } as const;
}

const contextOf = (requests: number) => (
  { durationMs: 100 * requests, unanswered: 0, isStreamed: true, times: new Map() }
);

Deno.test("goodputOf() counts what keeps all limits, and failures as bad", () => {
  const streams = [
    ...Array.from({ length: 60 }, () => ({ ttftMs: 20, tpotMs: 5 })),
    ...Array.from({ length: 20 }, () => ({ ttftMs: 20, tpotMs: 11 })),
    ...Array.from({ length: 10 }, () => ({ ttftMs: 31, tpotMs: 5 })),
    ...Array.from({ length: 10 }, () => ({ ttftMs: 20, tpotMs: 5, fails: true as const })),
  ];
  const { goodput, goodShare, goodRequestsPerSecond, goodTokensPerSecond } = goodputOf(
    [windowOf(streams.map((_, i) => streams[i * 37 % 100]!))],
    LIMITS,
    contextOf(100),
  );
  assertEquals(goodput, { limits: ["ttft<30ms", "tpot<10ms"], judged: 100, good: 60, unjudged: {} });
  assertEquals([goodShare!.value, goodRequestsPerSecond!.value, goodTokensPerSecond!.value], [0.6, 6, 30]);
  for (const { low, value, high } of [goodShare!, goodRequestsPerSecond!, goodTokensPerSecond!]) {
    assert(low! < value && value < high!);
  }
  // Good ones behind good ones weigh less than good and bad ones mixed.
  const inRuns = streams.map((_, i) => streams[(Math.floor(i / 5) * 35 + i % 5) % 100]!);
  const { goodShare: ofRuns } = goodputOf([windowOf(inRuns)], LIMITS, contextOf(100));
  assertEquals(ofRuns!.value, 0.6);
  assert(ofRuns!.high! - ofRuns!.low! > goodShare!.high! - goodShare!.low!);
});

Deno.test("goodputOf() leaves an answer of one token out of the share, unless it misses another limit", () => {
  const single = { ttftMs: 20, tpotMs: 0, tokens: 1 };
  const { goodput, goodShare, goodRequestsPerSecond } = goodputOf(
    [windowOf([...Array(10).fill({ ttftMs: 20, tpotMs: 5 }), ...Array(6).fill(single), { ...single, ttftMs: 40 }])],
    LIMITS,
    contextOf(17),
  );
  assertEquals([goodput.judged, goodput.good, goodput.unjudged], [11, 10, { tpot: 6 }]);
  assertAlmostEquals(goodShare!.value, 10 / 11);
  assertAlmostEquals(goodRequestsPerSecond!.value, 10 / 1.7);
});

Deno.test("goodputOf() gives none where no request can be judged, and bounds that of which none was good", () => {
  const single = { ttftMs: 20, tpotMs: 0, tokens: 1 };
  const { goodput, goodShare, goodRequestsPerSecond } = goodputOf(
    [windowOf(Array(8).fill(single))],
    LIMITS,
    contextOf(8),
  );
  assertEquals([goodput.unjudged, goodShare, goodRequestsPerSecond], [{ tpot: 8 }, null, null]);
  const none = goodputOf([windowOf(Array(20).fill({ ttftMs: 50, tpotMs: 5 }))], LIMITS, contextOf(20));
  assertEquals([none.goodShare!.low, none.goodRequestsPerSecond!.low, none.goodRequestsPerSecond!.high], [0, 0, null]);
  const unanswered = goodputOf([windowOf(Array(20).fill({ ttftMs: 20, tpotMs: 5 }))], LIMITS, {
    ...contextOf(20),
    unanswered: 5,
  });
  assertEquals(unanswered.goodShare!.value, 0.8);
});
