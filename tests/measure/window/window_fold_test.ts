import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { Distribution, Estimate } from "../../../src/core/estimate.ts";
import { SampleTable } from "../../../src/core/sample.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import type { OpenLoopRun } from "../../../src/load/open_loop.ts";
import { KEPT_SAMPLES } from "../../../src/load/samples/sample_store.ts";
import { isEnough } from "../../../src/measure/window/stop_rule.ts";
import { summariseWindow } from "../../../src/measure/window/summarise_window.ts";
import type { Visit } from "../../../src/measure/window/visit.ts";
import { WindowFold } from "../../../src/measure/window/window_fold.ts";
import { type FoldedRun, windowOf, withFold } from "../../../src/measure/window/sample_window.ts";
import { collectSeries } from "../../../src/measure/window/window_series.ts";
import { distribution } from "../../../src/stats/estimates/distribution.ts";
import { TIMELINE_POINTS } from "../../../src/measure/window/in_time/timeline.ts";
import { parseRequestLimits } from "../../../src/objectives/parse_objectives.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { calmUse } from "../../results/result_base.ts";
import { COLD, scriptedRun } from "./scripted_run.ts";

const REQUESTS = 1_000_000, WARM_UP = 20_000;
/** Widths of a bucket of the histogram, and of one that groups tell apart, relative to the value. */
const HISTOGRAM = 1 / 1024, GROUPS = 1 / 128;

const LIMITS = parseRequestLimits("latency<=4ms");

const closed = { kind: "closed", concurrency: 1, batchSize: 4 } as const;
const visitOf = (run: FoldedRun): Visit => {
  const load = "dueFromMs" in run
    ? { kind: "open", arrivals: { kind: "constant", ratePerSecond: 300 }, maxConnections: 8, batchSize: 4 } as const
    : closed;
  return {
    by: "basic",
    load,
    atMs: 0,
    run,
    use: calmUse,
    cpuMsPerRequest: null,
    ceiling: null,
    server: "not counted",
    limits: LIMITS,
  };
};

const exactRun: LoadRun = scriptedRun({ requests: REQUESTS, warmUpRequests: WARM_UP });

function foldedRun(origin: "sent" | "due", warmUpRequests = WARM_UP): LoadRun & { readonly fold: WindowFold } {
  const fold = new WindowFold(origin, { limits: LIMITS });
  return { ...withFold(scriptedRun({ requests: REQUESTS, warmUpRequests, fold }), fold), fold };
}

/** The same as an open loop whose requests were due when they were sent. */
const opened = <R extends LoadRun>(run: R): R & OpenLoopRun => ({
  ...run,
  dueFromMs: run.windowStartMs,
  dueToMs: run.windowEndMs,
  due: run.windowTo - run.windowFrom,
  unanswered: 0,
  unsentDueMs: [],
  mostOutstanding: 1,
  backlog: [],
});

function assertAlike(flat: Estimate, exact: Estimate, what: string): void {
  assertAlmostEquals(flat.value, exact.value, HISTOGRAM * exact.value, what);
  // The seam between what is kept and the rest moves the groups by some requests.
  const width = (exact.high ?? exact.value) - (exact.low ?? exact.value);
  for (const end of ["low", "high"] as const) {
    assertEquals(flat[end] === null, exact[end] === null, what);
    if (exact[end] !== null) assertAlmostEquals(flat[end]!, exact[end], GROUPS * exact.value + 0.4 * width, what);
  }
  assert((flat.low ?? 0) <= flat.value && flat.value <= (flat.high ?? Infinity), what);
}

function assertAlikeDistributions(flat: Distribution, exact: Distribution, what: string): void {
  assertEquals([flat.n, flat.min, flat.max], [exact.n, exact.min, exact.max], what);
  assertAlmostEquals(flat.mean.value / exact.mean.value, 1, 1e-9, what);
  for (const name of ["mean", "p50", "p90", "p95", "p99"] as const) {
    assertAlike(flat[name], exact[name], `${what} ${name}`);
  }
}

for (const origin of ["sent", "due"] as const) {
  Deno.test(`a million requests that were not all kept give the figures of those that were (${origin})`, () => {
    const folded = foldedRun(origin);
    assertEquals([folded.samples.length, folded.recorded], [KEPT_SAMPLES, REQUESTS]);
    const [exactVisit, flatVisit] = origin === "sent"
      ? [visitOf(exactRun), visitOf(folded)]
      : [visitOf(opened(exactRun)), visitOf(opened(folded))];
    const { window: exact } = summariseWindow(exactVisit!.load, [exactVisit!]);
    const { window: flat } = summariseWindow(flatVisit!.load, [flatVisit!]);
    const { requests, succeeded, failed, failuresByReason, durationMs, cutRequests, errorRate } = exact;
    assertEquals(
      [flat.requests, flat.succeeded, flat.failed, flat.failuresByReason, flat.durationMs, flat.cutRequests],
      [requests, succeeded, failed, failuresByReason, durationMs, cutRequests],
    );
    assertEquals(flat.errorRate, errorRate);
    if (origin === "sent") assert(cutRequests >= COLD - WARM_UP);
    assertAlmostEquals(flat.requestsPerSecond!.value / exact.requestsPerSecond!.value, 1, 1e-9);
    assertAlike(flat.requestsPerSecond!, exact.requestsPerSecond!, "rate");
    assertAlike(flat.predictionsPerSecond!, exact.predictionsPerSecond!, "predictions");
    assertEquals(flat.converged, exact.converged);
    assertAlike(flat.goodShare!, exact.goodShare!, "share of goodput");
    assertAlike(flat.goodRequestsPerSecond!, exact.goodRequestsPerSecond!, "goodput");
    for (const metric of ["latencyMs", "firstByteMs", "serverMs"] as const) {
      assertAlikeDistributions(flat[metric]!, exact[metric]!, metric);
    }
  });
}

Deno.test("a window folds what ended in it, not what ended before, also where it begins after the last that is kept", () => {
  const warmUp = KEPT_SAMPLES + 5000;
  const [folded] = windowOf(foldedRun("sent", warmUp));
  const series = collectSeries([folded!]);
  assertEquals([folded!.indices.length, series.succeeded + series.failed], [0, REQUESTS - warmUp]);
  const [exact] = windowOf(scriptedRun({ requests: REQUESTS, warmUpRequests: warmUp }));
  assertAlmostEquals(series.durationMs, exact!.endMs - exact!.startMs, 1e-6);
});

Deno.test("successes that kept their limits are counted among those that are not kept", () => {
  const { fold, windowFrom } = foldedRun("sent");
  let good = 0;
  for (let i = Math.max(windowFrom, KEPT_SAMPLES); i < REQUESTS; i++) {
    const ms = exactRun.samples.endedAt(i) - exactRun.samples.sentAt(i);
    if (exactRun.samples.succeeded(i) && ms <= 4) good++;
  }
  assertEquals(fold.goodput!.good.sum, good);
});

Deno.test("what was sent to a server that is gone is not counted, though it is not kept", () => {
  const rows = [
    { sentAt: 0, endedAt: 10 },
    { sentAt: 5, endedAt: 12, result: "reset" },
    { sentAt: 6, endedAt: 13 },
    { sentAt: 12, endedAt: 14, result: "refused" },
    { sentAt: 20, endedAt: 21, result: "refused" },
  ] as const;
  for (const origin of ["sent", "due"] as const) {
    const counted = (lostMs?: number) => {
      const fold = new WindowFold(origin, { limits: LIMITS });
      for (const row of rows) {
        const block = new SampleTable();
        block.record(sampleRow({ scheduledAt: row.sentAt, ...row }));
        fold.fold(block, 0, true);
      }
      assertEquals(fold.failed, 1, "nobody knows yet of what has failed since the last success");
      fold.settle(lostMs);
      return [fold.succeeded, fold.failuresByReason, fold.goodput!.kept.n];
    };
    assertEquals(counted(13), [2, { reset: 1, refused: 1 }, 4]);
    assertEquals(counted(), [2, { reset: 1, refused: 2 }, 5]);
  }
});

Deno.test("the timeline of a window that is not all kept holds its slowest requests, in time", () => {
  const series = collectSeries(windowOf(foldedRun("sent")));
  const points = series.timeline(), exact = collectSeries(windowOf(exactRun)).timeline();
  assertLess(points.length, TIMELINE_POINTS + 1);
  assert(points.length > TIMELINE_POINTS / 4);
  assert(points.every(({ atMs }, i) => i === 0 || atMs >= points[i - 1]!.atMs));
  const slowest = (of: typeof points) => Math.max(...of.map(({ latencyMs }) => latencyMs));
  assertEquals(slowest(points), slowest(exact));
  assertAlmostEquals(points.at(-1)!.atMs, exact.at(-1)!.atMs, series.durationMs / 100);
});

Deno.test("several visits of a load, one of them not all kept, add up", () => {
  const short = visitOf(scriptedRun({ requests: 30_000, warmUpRequests: 100 }));
  const long = visitOf(foldedRun("sent"));
  const { window } = summariseWindow(closed, [short, long, short]);
  const { window: exact } = summariseWindow(closed, [short, visitOf(exactRun), short]);
  assertEquals([window.succeeded, window.failed, window.cutRequests], [
    exact.succeeded,
    exact.failed,
    exact.cutRequests,
  ]);
  assertAlmostEquals(window.durationMs, exact.durationMs, 1e-6);
  assertAlike(window.requestsPerSecond!, exact.requestsPerSecond!, "rate");
  assertAlikeDistributions(window.latencyMs!, exact.latencyMs!, "latency");
  assertEquals(window.visits!.map(({ durationMs }) => Math.round(durationMs)).length, 3);
});

Deno.test("a window that is not all kept says the same each time that it is asked, alone or with others", () => {
  const windows = windowOf(foldedRun("sent"));
  const latencies = (only?: readonly ["latencyMs"]) => collectSeries(windows, only).metrics.get("latencyMs")!;
  const { succeeded, endedAtMs, timeline, metrics } = collectSeries(windows);
  const first = [succeeded, endedAtMs, timeline(), [...metrics.keys()], distribution(latencies())];
  assertEquals([...collectSeries(windows, ["latencyMs"]).metrics.keys()], ["latencyMs"]);
  const both = collectSeries([...windows, ...windows]);
  assertEquals([both.succeeded, distribution(both.metrics.get("latencyMs")!)!.n], [2 * succeeded, 2 * succeeded]);
  const again = collectSeries(windows);
  assertEquals(
    [again.succeeded, again.endedAtMs, again.timeline(), [...again.metrics.keys()], distribution(latencies())],
    first,
  );
  assertEquals(distribution(latencies(["latencyMs"])), first.at(-1));
});

Deno.test("the stop rule sees what is not kept", () => {
  const fold = new WindowFold("sent");
  const budget = { durationMs: Infinity, minimumMs: 0, minimumRequests: 0 };
  let sawFold = false;
  scriptedRun({
    requests: 200_000,
    warmUpRequests: 10,
    fold,
    stopWhen: ({ samples, windowStartMs: startMs, nowMs: endMs }) => {
      const indices = Int32Array.from({ length: samples.length - 10 }, (_, i) => i + 10);
      const current = { samples, origin: "sent", indices, startMs, endMs, whole: false } as const;
      if (fold.succeeded === 0) return false;
      sawFold = true;
      const series = collectSeries([{ ...current, fold }]);
      assertEquals(
        series.succeeded + series.failed + series.cutRequests,
        indices.length + fold.succeeded + fold.failed,
      );
      return isEnough({ ...current, fold }, [], budget);
    },
  });
  assert(sawFold);
});

Deno.test("5 million requests take at most 30 MB more than 50,000", async () => {
  const script = new URL("./flat_memory.ts", import.meta.url);
  // The heap that the tasks have.
  const heap = "--v8-flags=--expose-gc,--max-semi-space-size=4,--initial-old-space-size=24,--heap-growing-percent=50";
  let grownMb = Infinity;
  // What a busy machine has not yet given back is added by chance: of a few runs the least counts.
  for (let tries = 0; tries < 4 && grownMb >= 30; tries++) {
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", heap, script.pathname],
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const { requests, earlyMb, lateMb } = JSON.parse(new TextDecoder().decode(stdout));
    assert(requests > 4_900_000);
    grownMb = Math.min(grownMb, lateMb - earlyMb);
  }
  assertLess(grownMb, 30);
});
