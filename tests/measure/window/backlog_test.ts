import { assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import type { OpenLoopRun } from "../../../src/load/open_loop.ts";
import { backlogGrowth, isSaturated } from "../../../src/measure/window/backlog.ts";
import type { ArrivalPattern } from "../../../src/results/window/load.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { RUN } from "./scripted_run.ts";

const evenly: ArrivalPattern = { kind: "constant", ratePerSecond: 10 };

/** Fifty requests, one every 100 ms, each answered so long after it was due; and the backlog that this makes. */
function runOf(answeredAfterMs: (i: number) => number, overrides: Partial<OpenLoopRun> = {}): OpenLoopRun {
  const samples = new SampleTable();
  const ends = Array.from({ length: 50 }, (_, i) => 100 * i + answeredAfterMs(i));
  ends.forEach((endedAt, i) => {
    samples.record(sampleRow({
      scheduledAt: 100 * i,
      sentAt: 100 * i,
      endedAt: Math.min(endedAt, 10_000),
      ...(endedAt > 10_000 ? { result: "cancelled" as const } : {}),
    }));
  });
  return {
    samples,
    recorded: samples.length,
    ...RUN,
    windowEndMs: 5000,
    windowTo: 50,
    dueFromMs: 0,
    dueToMs: 5000,
    due: 50,
    unanswered: ends.filter((ms) => ms > 10_000).length,
    unsentDueMs: [],
    mostOutstanding: 1,
    backlog: Array.from({ length: 50 }, (_, k) => ({
      atMs: 100 * k + 50,
      requests: ends.filter((ms, i) => 100 * i <= 100 * k + 50 && ms > 100 * k + 50).length,
    })),
    ...overrides,
  };
}

const lost = { sinceMs: 2000, reason: "refused", failed: 3 } as unknown as OpenLoopRun["lost"];
const rows: readonly [does: string, run: OpenLoopRun, saturated: boolean | null][] = [
  ["answers each at once", runOf(() => 20), false],
  ["answers late, and no later as time goes by", runOf(() => 950), false],
  ["answers each later than the one before", runOf((i) => 50 + 50 * i), true],
  ["answers a tenth of them in time", runOf((i) => 800 + 900 * i), true],
  ["answers nobody yet", runOf(() => 9000), null],
  ["answers none that are due in the end, after many", runOf((i) => i < 25 ? 20 : 20 + 1000 * (i - 24)), true],
  ["answers all but one", runOf((i) => i === 20 ? 20_000 : 20), null],
  ["had been lost", runOf((i) => 50 + 50 * i, { lost }), null],
  ["was left by the user", runOf(() => 20, { endReason: "interrupted", unanswered: 3 }), false],
  ["was stalled at the end", runOf((i) => i < 40 ? 20 : 4020 - 80 * (i - 40)), null],
];
for (const [does, run, saturated] of rows) {
  Deno.test(`isSaturated() says ${saturated ?? "that it cannot tell"} of a server that ${does}`, () => {
    assertEquals(isSaturated([run], evenly), saturated);
  });
}

Deno.test("isSaturated() believes the visit that tells, and none of two that differ", () => {
  const kept = runOf(() => 20), unsure = runOf(() => 9000), saturated = runOf((i) => 50 + 50 * i);
  assertEquals(isSaturated([unsure, kept], evenly), false);
  assertEquals(isSaturated([saturated, unsure], evenly), true);
  assertEquals(isSaturated([saturated, kept], evenly), null);
});

Deno.test("isSaturated() holds a ramp against its steepest end, and a trace against its own moments", () => {
  const run = runOf(() => 20);
  assertEquals(isSaturated([run], { kind: "ramp", fromPerSecond: 10, toPerSecond: 20 }), false);
  const slow = runOf((i) => 50 + 50 * i);
  assertEquals(isSaturated([slow], { kind: "trace", requests: 50 }), true);
});

Deno.test("backlogGrowth() is that of a thinned backlog where it has hours", () => {
  const backlog = Array.from({ length: 36_000 }, (_, i) => ({ atMs: 100 * i, requests: i % 7 + i / 100 }));
  const growth = backlogGrowth({ backlog, dueFromMs: 0, dueToMs: 3_600_000 });
  assertAlmostEquals(growth!.value, 0.1, 0.001);
  assertEquals(growth!.n, 1000);
  assertEquals(backlogGrowth({ backlog: backlog.slice(0, 3), dueFromMs: 0, dueToMs: 3_600_000 }), null);
});

Deno.test("backlogGrowth() is that of the window, not of the time in which the server was gone", () => {
  const backlog = Array.from({ length: 40 }, (_, i) => ({ atMs: 100 * i, requests: 2 + Math.max(0, i - 20) }));
  assertEquals(backlogGrowth({ backlog, dueFromMs: 0, dueToMs: 2000 })!.value, 0);
});
