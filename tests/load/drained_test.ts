import { assertEquals } from "@std/assert";
import { openDrained, openDrainMs } from "../../src/load/drained.ts";
import { SampleTable } from "../../src/core/sample.ts";
import type { RunRecorder } from "../../src/load/run_recorder.ts";
import { VirtualClock } from "./virtual_clock.ts";

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

Deno.test("openDrained() waits no longer than others know is enough, where nothing has succeeded here", async () => {
  const waited = async (patienceMs?: number) => {
    const clock = new VirtualClock();
    const recorder = {
      clock,
      timeoutMs: 30_000,
      result: () => ({ samples: new SampleTable() }),
    } as unknown as RunRecorder;
    const known = patienceMs === undefined ? {} : { patienceMs: () => patienceMs };
    await clock.run(
      openDrained({ idle: new Promise(() => {}), recorder, signal: new AbortController().signal, ...known }),
    );
    return clock.now();
  };
  assertEquals(await waited(), 30_000);
  assertEquals(await waited(7000), 7000);
});
