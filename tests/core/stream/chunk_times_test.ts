import { assert, assertEquals } from "@std/assert";
import { ChunkClock, type ChunkTimes, MOST_TIMES } from "../../../src/core/stream/chunk_times.ts";

const momentsOf = ({ length, atMs, gapMs }: ChunkTimes) => [[...atMs.slice(0, length)], [...gapMs.slice(0, length)]];

Deno.test("moments of chunks are kept with the gap before each, several at one moment as one", () => {
  const clock = new ChunkClock();
  for (const atMs of [100, 110, 110, 110, 130]) clock.add(atMs);
  assertEquals(momentsOf(clock), [[100, 110, 130], [0, 10, 20]]);
  clock.begin();
  clock.add(5);
  assertEquals(momentsOf(clock), [[5], [0]]);
});

Deno.test("an answer of any length takes no more memory, and its longest gap is never lost", () => {
  const clock = new ChunkClock();
  let atMs = 0;
  for (let k = 0; k < 20_011; k++) clock.add(atMs += k === 7_777 ? 900 : 3);
  assert(clock.length <= MOST_TIMES && clock.length > MOST_TIMES / 4, `${clock.length}`);
  const [moments, gaps] = momentsOf(clock);
  assertEquals([Math.max(...gaps!), moments![gaps!.indexOf(900)]], [900, 3 * 7_777 + 900]);
  assertEquals(moments, moments!.toSorted((a, b) => a - b));
});
