import { assert, assertEquals } from "@std/assert";
import { AnswerPicks, type PickedAnswer } from "../../../src/core/stream/answer_picks.ts";
import { ChunkClock } from "../../../src/core/stream/chunk_times.ts";
import { streamRow } from "./stream_row.ts";

const clock = new ChunkClock();

function sampled(answers: number) {
  const picks = new AnswerPicks();
  for (let k = 0; k < answers; k++) {
    // The 500th is the latest, the 600th stalls.
    const firstTokenAt = 10 * k + (k === 500 ? 400 : 50), longestGapMs = k === 600 ? 300 : 10;
    const stream = streamRow({ firstEventAt: firstTokenAt, firstTokenAt, longestGapMs });
    clock.begin();
    clock.add(firstTokenAt);
    clock.add(firstTokenAt + longestGapMs);
    const at = { scheduledAt: 10 * k, sentAt: 10 * k, writtenAt: NaN, firstByteAt: 10 * k + 1, endedAt: 10 * k + 900 };
    picks.add({ ...at, serverMs: NaN, judgingMs: 0, result: "success", stream }, clock);
  }
  return picks.picked;
}

const numberOf = ({ sentAt }: PickedAnswer) => sentAt / 10;

Deno.test("few answers of many are kept: any of them, the latest, and those that stall", () => {
  const { usual, late, stalled } = sampled(2000);
  assertEquals([numberOf(late[0]!), numberOf(stalled[0]!)], [500, 600]);
  assertEquals([usual.length, late.length, stalled.length], [24, 6, 6]);
  const numbers = usual.map(numberOf);
  assert(numbers.some((number) => number > 1500) && numbers.some((number) => number < 500), numbers.join());
  // What is kept is a copy: the moments are overwritten by the next answer.
  assertEquals([...stalled[0]!.times.gapMs], [0, 300]);
});

Deno.test("all of few answers are kept", () => {
  const { usual, late } = sampled(3);
  assertEquals([usual.map(numberOf), late.length], [[0, 1, 2], 3]);
});
