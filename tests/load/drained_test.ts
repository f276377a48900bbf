import { assertEquals } from "@std/assert";
import { openDrainMs } from "../../src/load/drained.ts";

const answers = (...times: readonly number[]) => ({
  length: times.length,
  succeeded: (i: number) => times[i]! > 0,
  sentAt: (i: number) => 100 * i,
  endedAt: (i: number) => 100 * i + Math.abs(times[i]!),
});

Deno.test("openDrainMs() waits twice as long as the first requests took, where that is more than five seconds", () => {
  assertEquals(openDrainMs(answers()), Infinity);
  assertEquals(openDrainMs(answers(10, 20, 30)), 5000);
  assertEquals(openDrainMs(answers(8000, -1, 9000, 10_000)), 18_000);
  const queued = Array.from({ length: 100 }, (_, i) => i < 16 ? 4000 : 60_000);
  assertEquals(openDrainMs(answers(...queued)), 8000, "later ones waited in a queue");
});
