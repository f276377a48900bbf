import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { seededRandom } from "../../../src/core/random.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import type { OpenLoopRun } from "../../../src/load/open_loop.ts";
import { summariseWindow } from "../../../src/measure/window/summarise_window.ts";
import type { Visit } from "../../../src/measure/window/visit.ts";
import type { ClosedLoad, OpenLoad } from "../../../src/results/window/load.ts";
import { calmUse } from "../../results/result_base.ts";
import { RUN } from "./scripted_run.ts";

const load: OpenLoad = {
  kind: "open",
  arrivals: { kind: "constant", ratePerSecond: 10 },
  maxConnections: 8,
  batchSize: 2,
};

/** What runs here have alike. */

/** Ten requests due in a second, each sent 30 ms late and answered 50 ms after that; the backlog as given. */
function openVisit(backlog: readonly number[], overrides: Partial<OpenLoopRun> = {}): Visit {
  const samples = new SampleTable();
  for (let i = 0; i < 10; i++) {
    samples.record(sampleRow({ scheduledAt: 100 * i, sentAt: 100 * i + 30, endedAt: 100 * i + 80 }));
  }
  const run: OpenLoopRun = {
    ...RUN,
    samples,
    recorded: samples.length,
    windowEndMs: 1000,
    windowTo: 10,
    dueFromMs: 0,
    dueToMs: 1000,
    due: 10,
    unanswered: 0,
    unsentDueMs: [],
    mostOutstanding: 1,
    backlog: backlog.map((requests, i) => ({ atMs: 100 * i, requests })),
    ...overrides,
  };
  return { by: "load", load, atMs: 0, run, use: calmUse, cpuMsPerRequest: null, ceiling: null, server: "not counted" };
}
const windowOf = (...visits: Visit[]) => summariseWindow(load, visits).window;

Deno.test("summariseWindow() takes the latency of an open loop from when a request was due, and says so", () => {
  const { latencyFrom, latencyMs, serviceMs, latenessMs } = windowOf(openVisit([0, 0, 0, 0, 0]));
  assertEquals(latencyFrom, "due");
  assertAlmostEquals(latencyMs!.p50.value, 80, 1e-9);
  assertAlmostEquals(serviceMs!.p50.value, 50, 1e-9);
  assertAlmostEquals(latenessMs!.p50.value, 30, 1e-9);
});

Deno.test("summariseWindow() counts as many answers as were due where a steady server's answer begins the window", () => {
  const { requestsPerSecond, offeredPerSecond } = windowOf(openVisit([], { dueFromMs: 80, dueToMs: 980, due: 9 }));
  assertEquals([requestsPerSecond?.value, offeredPerSecond], [10, 10]);
});

Deno.test("summariseWindow() counts what was given up as failed, and what the user cut off as nothing", () => {
  assertAlmostEquals(windowOf(openVisit([], { unanswered: 10 })).errorRate!.value, 0.5, 1e-9);
  const cut = windowOf(openVisit([], { unanswered: 10, endReason: "interrupted" }));
  assertEquals([cut.errorRate!.value, cut.unanswered], [0, 0]);
});

Deno.test("summariseWindow() holds the client to have set no numbers where every answer was a failure", () => {
  const samples = new SampleTable();
  samples.record(sampleRow({ scheduledAt: 0, sentAt: 0, endedAt: 5, result: "limited" }));
  const use = { ...calmUse, judgingShare: 0.2, because: ["judging"] } as const;
  const { failed, clientLimited, clientUse } = windowOf({ ...openVisit([], { samples }), use });
  assertEquals([failed, clientLimited, clientUse!.because], [1, false, []]);
});

Deno.test("summariseWindow() adds up visits, is limited where one of them is, and lists them", () => {
  const use = { ...calmUse, threadShare: 0.95, because: ["thread"] } as const;
  const limited: Visit = { ...openVisit([0, 0, 0, 0, 0]), by: "basic", atMs: 5000, use };
  const window = windowOf(openVisit([0, 0, 0, 0, 0], { mostOutstanding: 4 }), limited);
  assertEquals([window.due, window.succeeded, window.durationMs, window.clientLimited], [20, 20, 2000, true]);
  assertEquals([window.clientUse!.because, window.clientUse!.threadShare], [["thread"], 0.95]);
  assertEquals([window.mostOutstanding, window.offeredPerSecond], [4, 10]);
  assertEquals(window.visits!.map(({ by, atMs, durationMs }) => [by, atMs, durationMs]), [
    ["load", 0, 1000],
    ["basic", 5000, 1000],
  ]);
  assertAlmostEquals(window.requestsPerSecond!.value, 10, 1e-9);
  assertAlmostEquals(window.predictionsPerSecond!.value, 20, 1e-9);
});

Deno.test("summariseWindow() says of a visit when what counts of it began, behind what was cut from its front", () => {
  const samples = new SampleTable();
  const random = seededRandom(1);
  let atMs = 0;
  for (let i = 0; i < 400; i++) {
    const sentAt = atMs;
    atMs += (i < 50 ? 40 : 10) + random();
    samples.record(sampleRow({ scheduledAt: sentAt, sentAt, endedAt: atMs }));
  }
  const closed: ClosedLoad = { kind: "closed", concurrency: 1, batchSize: 1 };
  const run: LoadRun = { ...RUN, samples, recorded: 400, windowEndMs: atMs, windowTo: 400 };
  const window = summariseWindow(closed, [{ ...openVisit([]), load: closed, atMs: 1000, run }]).window;
  const [visit] = window.visits!;
  assert(window.cutRequests >= 50);
  assertEquals(visit!.atMs, 1000 + samples.endedAt(window.cutRequests - 1));
  assertAlmostEquals(visit!.atMs + visit!.durationMs, 1000 + atMs, 1e-6);
});

Deno.test("summariseWindow() takes the growth of a backlog of hours from a thinned one", () => {
  const hours = Array.from({ length: 36_000 }, (_, i) => i % 7 + i / 100);
  const { backlogGrowthPerSecond } = windowOf(openVisit(hours, { dueToMs: 3_600_000 }));
  assertAlmostEquals(backlogGrowthPerSecond!.value, 0.1, 0.001);
  assertEquals(backlogGrowthPerSecond!.n, 1000);
});
