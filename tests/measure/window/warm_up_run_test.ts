import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { SampleRow } from "../../../src/core/sample.ts";
import type { SampleLog } from "../../../src/measure/sample_log.ts";
import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { openVirtualStreams } from "../../calibration/streams/virtual_streams.ts";
import { simulateTest } from "../../measure/simulation.ts";

/** When the first window of a run began, ms, before a server whose service time depends on the moment. */
async function firstWindowMs(serviceMs: (nowMs: number) => number, options: BasicOptions = {}) {
  const { visits } = await simulateTest(runBasicTest, { durationMs: 1000, ...options }, {
    fate: ({ nowMs }) => ({ serviceMs: serviceMs(nowMs) }),
    jitter: 0,
  });
  return visits![0]!.atMs;
}

/** The level's own warm-up: ten requests of 2 ms. */
const LEVEL_MS = 20;

Deno.test("warmUpRun() ends soon where rates do not rise", async () => {
  const atMs = await firstWindowMs(() => 2);
  assertGreater(atMs, 200);
  assertLess(atMs, 450);
});

Deno.test("warmUpRun() goes on while rates rise", async () => {
  const rising = await firstWindowMs((nowMs) => nowMs < 600 ? 8 - nowMs / 100 : 2);
  assertGreater(rising, 600);
});

Deno.test("warmUpRun() takes at most a second, with quick half of one", async () => {
  const forever = (nowMs: number) => 20 / (1 + nowMs / 50);
  assertLess(await firstWindowMs(forever), 1000 + 5 * LEVEL_MS);
  assertLess(await firstWindowMs(forever, { quick: true }), 500 + 5 * LEVEL_MS);
});

Deno.test("warmUpRun() sends nothing where the user said how many requests warm up", async () => {
  assertEquals(await firstWindowMs(() => 2, { warmUpRequests: 5 }), 10);
});

Deno.test("warmUpRun() keeps a start that is slow out of what is counted, so that it is no drift", async () => {
  const { latencyMs, cutRequests } = await simulateTest(runBasicTest, { requests: 200 }, {
    fate: ({ nowMs }) => ({ serviceMs: nowMs < 500 ? 6 - nowMs / 100 : 1 }),
    jitter: 0,
  });
  assertEquals([latencyMs!.max.toFixed(6), cutRequests], ["1.000000", 0]);
});

Deno.test("warmUpRun() that is interrupted tells a log of samples when the tokens of each answer came", async () => {
  const rows: SampleRow[] = [];
  const sampleLog: SampleLog = {
    begin: () => ({ stream = null, ...row }) => rows.push({ ...row, stream: stream && { ...stream } }),
    ended() {},
  };
  const { clock, target } = openVirtualStreams({ firstMs: 5, tokenMs: 2, tokens: [3, 5] }, 1);
  const interrupt = new AbortController();
  clock.after(200, () => interrupt.abort());
  await clock.run(runBasicTest(target, { concurrency: 2, clock, signal: interrupt.signal, sampleLog }));
  const answered = rows.filter(({ result }) => result === "success");
  assertGreater(answered.length, 10);
  for (const { sentAt, endedAt, stream } of answered) {
    assert(stream!.firstTokenAt >= sentAt && stream!.lastTokenAt <= endedAt, `${sentAt}, ${stream!.firstTokenAt}`);
  }
});
