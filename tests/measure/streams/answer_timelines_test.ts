import { assertEquals } from "@std/assert";
import { AnswerPicks, type Picked } from "../../../src/core/stream/answer_picks.ts";
import { ChunkClock } from "../../../src/core/stream/chunk_times.ts";
import { answerTimelines } from "../../../src/measure/streams/answer_timelines.ts";
import { streamRow } from "../../core/stream/stream_row.ts";

/** Answers that were due every 10 ms and sent 2 ms later, each with what sets it apart. */
function picked(answers: readonly { readonly firstMs?: number; readonly gapMs?: number }[]): Picked {
  const picks = new AnswerPicks(), clock = new ChunkClock();
  for (const [k, { firstMs = 20 + k, gapMs = 5 }] of answers.entries()) {
    const scheduledAt = 10 * k, firstTokenAt = scheduledAt + firstMs;
    clock.begin();
    clock.add(firstTokenAt);
    clock.add(firstTokenAt + gapMs);
    const stream = streamRow({ firstEventAt: firstTokenAt - 1, firstTokenAt, longestGapMs: gapMs, outputTokens: 2 });
    const times = {
      scheduledAt,
      sentAt: scheduledAt + 2,
      writtenAt: NaN,
      firstByteAt: NaN,
      endedAt: firstTokenAt + gapMs,
    };
    picks.add({ ...times, serverMs: NaN, judgingMs: 0, result: "success", stream }, clock);
  }
  return picks.picked;
}

const plain = (count: number) => Array.from({ length: count }, () => ({}));

Deno.test("some usual answers are shown, the latest, and those with the longest gaps, each once", () => {
  const answers = picked([...plain(12), { firstMs: 300 }, { gapMs: 77 }, { firstMs: 400, gapMs: 88 }]);
  const shown = answerTimelines([{ answers, origin: "due", startMs: 0, endMs: 1000 }]).answers!;
  assertEquals(shown.map(({ why }) => why), [
    ...Array(6).fill("usual"),
    ...Array(3).fill("late first token"),
    ...Array(3).fill("long gap"),
  ]);
  assertEquals(shown.slice(6, 8).map(({ firstTokenMs }) => firstTokenMs), [400, 300]);
  assertEquals(Math.max(...shown[9]!.gapMs), 5);
  assertEquals(new Set(shown.map(({ firstTokenMs }) => firstTokenMs)).size, shown.length);
});

Deno.test("moments count from when a request was due, and what is not known is said to be so", () => {
  const answers = picked([{ firstMs: 21.234, gapMs: 5 }]);
  assertEquals(answerTimelines([{ answers, origin: "due", startMs: 0, endMs: 1000 }]).answers, [{
    why: "usual",
    sentMs: 2,
    headersMs: null,
    firstEventMs: 20.23,
    firstTokenMs: 21.23,
    endMs: 26.23,
    chunks: 2,
    tokens: 2,
    atMs: [21.23, 26.23],
    gapMs: [0, 5],
  }]);
});

Deno.test("answers outside of the part that counts are not shown, and there is nothing where none was streamed", () => {
  const answers = picked(plain(4)); // over at 25, 36, 47 and 58 ms, due at 0, 10, 20 and 30 ms
  const count = (origin: "due" | "sent", startMs: number, endMs: number) =>
    answerTimelines([{ answers, origin, startMs, endMs }]).answers?.length ?? 0;
  assertEquals([count("due", 10, 30), count("sent", 25, 47), count("sent", 100, 200)], [2, 2, 0]);
  assertEquals(answerTimelines([{ answers: undefined, origin: "sent", startMs: 0, endMs: 9 }]), {});
});
