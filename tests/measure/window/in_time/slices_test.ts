import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { LoadRun } from "../../../../src/load/load_run.ts";
import type { OpenLoopRun } from "../../../../src/load/open_loop.ts";
import { slicesOf } from "../../../../src/measure/window/in_time/slices_of.ts";
import { WindowFold } from "../../../../src/measure/window/window_fold.ts";
import { type FoldedRun, windowOf, withFold } from "../../../../src/measure/window/sample_window.ts";
import { collectSeries } from "../../../../src/measure/window/window_series.ts";
import type { VisitSlices } from "../../../../src/results/window/visit_slices.ts";
import { scriptedRun } from "../scripted_run.ts";

const AT_MS = 5000;
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function slicesAndSeries(run: FoldedRun, visits = 1) {
  const [window] = windowOf(run), series = collectSeries([window!]);
  return { slices: slicesOf(window!, series.durationMs, visits, AT_MS), series };
}

function assertFollowing({ startMs, endsMs, ...columns }: VisitSlices): void {
  endsMs.forEach((endMs, k) => assert(endMs > (endsMs[k - 1] ?? startMs)));
  for (const [name, column] of Object.entries(columns)) assertEquals(column.length, endsMs.length, name);
}

Deno.test("slicesOf() counts every request of a closed loop's window once, from its beginning to its end", () => {
  const run = scriptedRun({ requests: 4000, warmUpRequests: 100 });
  const { slices, series } = slicesAndSeries(run);
  assertFollowing(slices);
  assert(slices.endsMs.length > 10 && slices.endsMs.length <= 30, String(slices.endsMs.length));
  assertEquals([sum(slices.succeeded), sum(slices.failed)], [series.succeeded, series.failed]);
  assertAlmostEquals(slices.endsMs.at(-1)!, AT_MS + run.windowEndMs, 0.001);
  assertAlmostEquals(slices.startMs, AT_MS + run.windowEndMs - series.durationMs, 0.001);
  const latencies = series.metrics.get("latencyMs") as Float64Array;
  assertAlmostEquals(Math.max(...slices.maxMs.map(Number)), Math.max(...latencies), 0.001);
  slices.p50Ms.forEach((p50, k) => assert(p50! <= slices.p95Ms[k]! && slices.p95Ms[k]! <= slices.maxMs[k]!));
});

Deno.test("slicesOf() tells each of many visits in less detail, and few requests in fewer slices", () => {
  const run = scriptedRun({ requests: 4000, warmUpRequests: 100 });
  assert(slicesAndSeries(run, 80).slices.endsMs.length <= 3);
  const few = slicesAndSeries(scriptedRun({ requests: 40, warmUpRequests: 20 })).slices;
  assertEquals([few.endsMs.length <= 2, sum(few.succeeded)], [true, 20]);
});

Deno.test("slicesOf() tells the same of a window whose samples are not all kept", () => {
  const script = { requests: 80_000, warmUpRequests: 100 };
  const fold = new WindowFold("sent");
  const exact = slicesAndSeries(scriptedRun(script)).slices;
  const folded = slicesAndSeries(withFold(scriptedRun({ ...script, fold }), fold)).slices;
  assertFollowing(folded);
  assertEquals(folded, exact);
});

Deno.test("slicesOf() counts the successes of an open loop where they ended, and its latencies where they were due", () => {
  const run: LoadRun = scriptedRun({ requests: 4000, warmUpRequests: 100 });
  const open: OpenLoopRun = {
    ...run,
    dueFromMs: run.windowStartMs,
    dueToMs: run.windowEndMs,
    due: run.windowTo - run.windowFrom,
    unanswered: 0,
    unsentDueMs: [],
    mostOutstanding: 1,
    backlog: [],
  };
  const { slices, series } = slicesAndSeries(open);
  assertFollowing(slices);
  assertEquals([sum(slices.succeeded), sum(slices.failed)], [(series.endedAtMs as Float64Array).length, series.failed]);
});
