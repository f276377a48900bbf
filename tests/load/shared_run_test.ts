import { assertEquals } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
import type { SampleRow } from "../../src/core/sample.ts";
import { constantArrivals, dealtArrivals, poissonArrivals } from "../../src/load/arrivals.ts";
import { isOpenRun, type Issue } from "../../src/load/run_load.ts";
import { RowWriter } from "../../src/load/samples/row_block.ts";
import type { RunPlan } from "../../src/load/run_plan.ts";
import { RunRecorder } from "../../src/load/run_recorder.ts";
import { SharedRun, type ShareEnd } from "../../src/load/shared_run.ts";
import { sampleRow } from "../core/sample_row.ts";
import { streamRow } from "../core/stream/stream_row.ts";
import { simulatedProtocol, SimulatedServer } from "./simulated_server.ts";
import { VirtualClock } from "./virtual_clock.ts";

function planOf(given: Partial<RunPlan>): { clock: VirtualClock; plan: RunPlan } {
  const clock = new VirtualClock();
  const transport = new SimulatedServer(clock, () => ({ serviceMs: 1 })).openTransport();
  const plan: RunPlan = {
    transport,
    protocol: simulatedProtocol,
    pool: { next: () => simulatedProtocol.encode("m", []) } as unknown as RunPlan["pool"],
    asked: { model: "m", predictions: 1, allowNullResults: false },
    timeoutMs: 1000,
    warmUpRequests: 0,
    durationMs: Infinity,
    clock,
    ...given,
  };
  return { clock, plan };
}

/** Attempts of one lane after another, each `meanMs` on the mean. */
function attempts(seed: number, meanMs: number, untilMs: number): SampleRow[] {
  const random = seededRandom(seed);
  const rows: SampleRow[] = [];
  for (let atMs = 0; atMs < untilMs;) {
    const sentAt = atMs;
    atMs += meanMs * (0.5 + random());
    rows.push(
      sampleRow({ scheduledAt: sentAt, sentAt, endedAt: atMs, result: rows.length % 9 === 8 ? "status" : "success" }),
    );
  }
  return rows;
}

const END: ShareEnd = { endReason: "duration", mostOutstanding: 1, unsentDueMs: [], backlog: [] };

/** Tells the rows that ended in `(fromMs, toMs]` of one thread. */
function tell(run: SharedRun, part: number, rows: readonly SampleRow[], fromMs: number, toMs: number): void {
  const writer = new RowWriter(4096);
  const messages: string[] = [];
  for (const row of rows.filter(({ endedAt }) => endedAt > fromMs && endedAt <= toMs)) {
    writer.add(row);
    if (row.result !== "success" && row.result !== "cancelled") messages.push(`at ${row.endedAt}`);
  }
  run.tell(part, {
    block: writer.take(),
    messages,
    upToMs: toMs,
    warm: toMs > 50,
    outstanding: 1,
    holdUntilMs: -Infinity,
  });
}

Deno.test("a run of three threads is that of one which recorded all attempts in the order in which they ended", async () => {
  const threads = [attempts(1, 7, 2000), attempts(2, 11, 2000), attempts(3, 40, 2000)];
  const given = { warmUpRequests: 20, durationMs: 1000 };
  const shared = planOf(given);
  const run = new SharedRun({ kind: "closed", concurrency: 3 }, shared.plan, 3);
  // The threads tell what they have at different times.
  for (let step = 0; step < 250; step++) {
    threads.forEach((rows, part) => {
      const every = [1, 2, 5][part]!;
      if (step % every === 0) tell(run, part, rows, 10 * (step - every), 10 * step);
    });
  }
  threads.forEach((_, part) => run.ended(part, END));
  const single = planOf(given);
  const recorder = new RunRecorder({ ...single.plan, isWarm: () => true });
  const all = threads.flat().toSorted((a, b) => a.endedAt - b.endedAt);
  for (const row of all) recorder.attemptEnded({ ...row, message: row.result === "status" ? `at ${row.endedAt}` : "" });
  const merged = await run.result(), expected = recorder.result();
  const rowsOf = ({ samples }: typeof expected) => Array.from({ length: samples.length }, (_, i) => samples.row(i));
  assertEquals(rowsOf(merged), rowsOf(expected));
  assertEquals({ ...merged, samples: null }, { ...expected, samples: null });
});

Deno.test("a thread that has told nothing yet holds back what others told after", async () => {
  const { plan } = planOf({});
  const counted: number[] = [];
  const run = new SharedRun({ kind: "closed", concurrency: 2 }, { ...plan, onCounted: (n) => counted.push(n) }, 2);
  tell(run, 0, attempts(1, 10, 100), 0, 100);
  assertEquals(counted, []);
  tell(run, 1, [], 0, 30);
  const before = counted.length;
  run.ended(1, END);
  assertEquals(counted.length > before, true);
  run.ended(0, END);
  assertEquals((await run.result()).endReason, "duration");
});

Deno.test("the window of a closed loop begins when every thread's lanes are warm", async () => {
  const { plan } = planOf({ warmUpRequests: 1 });
  const run = new SharedRun({ kind: "closed", concurrency: 2 }, plan, 2);
  const rows = attempts(1, 10, 400);
  for (let atMs = 10; atMs <= 400; atMs += 10) {
    for (const part of [0, 1]) tell(run, part, rows, atMs - 10, atMs);
  }
  for (const part of [0, 1]) run.ended(part, END);
  const { windowStartMs } = await run.result();
  assertEquals(windowStartMs > 50 && windowStartMs < 90, true);
});

Deno.test("an open loop of two threads counts what was due in its window, and what was given up", async () => {
  const issue: Issue = { kind: "open", arrivals: constantArrivals(100), maxConnections: 4 };
  const { clock, plan } = planOf({ warmUpRequests: 0, durationMs: 995 });
  const run = new SharedRun(issue, plan, 2);
  const rowsOf = (part: number) =>
    Array.from({ length: 60 }, (_, i) => {
      const scheduledAt = 20 * i + 10 * part;
      const isLast = scheduledAt > 960;
      return sampleRow({
        scheduledAt,
        sentAt: scheduledAt,
        endedAt: scheduledAt + (isLast ? 500 : 5),
        result: isLast ? "cancelled" : "success",
      });
    });
  await clock.run((async () => {
    for (let atMs = 10; atMs <= 2000; atMs += 10) {
      await clock.sleep(10);
      for (const part of [0, 1]) tell(run, part, rowsOf(part), atMs - 10, atMs);
    }
  })());
  for (const part of [0, 1]) {
    const unsentDueMs = [990, 1010 + part];
    run.ended(part, { ...END, unsentDueMs, mostOutstanding: 2, backlog: [{ atMs: 100 * part, requests: 1 }] });
  }
  const open = await run.result();
  if (!isOpenRun(open)) throw new TypeError("it must be that of an open loop");
  assertEquals([open.dueFromMs, open.dueToMs, open.due, open.mostOutstanding], [0, 995, 100, 4]);
  assertEquals(open.unanswered, 3 + 2, "three were cut off, two of those never sent were due in the window");
  assertEquals(open.backlog, [{ atMs: 0, requests: 2 }]);
});

Deno.test("an open loop of two threads doubts a server that answers nothing more, without a word", async () => {
  const issue: Issue = { kind: "open", arrivals: constantArrivals(100), maxConnections: 4 };
  const doubtOf = async (waitedMs: number, result: SampleRow["result"]) => {
    const { clock, plan } = planOf({ durationMs: 1000 });
    const run = new SharedRun(issue, plan, 2);
    const last = { scheduledAt: 990, sentAt: 990, endedAt: 1000 + waitedMs, result };
    const rows = [sampleRow({ scheduledAt: 500, sentAt: 500, endedAt: 505 }), sampleRow(last)];
    clock.work(1000);
    for (const part of [0, 1]) tell(run, part, rows, 0, 1000);
    clock.work(waitedMs);
    for (const part of [0, 1]) tell(run, part, rows, 1000, 1000 + waitedMs);
    for (const part of [0, 1]) run.ended(part, END);
    return (await run.result()).doubt;
  };
  assertEquals(await doubtOf(6000, "cancelled"), { sinceMs: 505, failed: 0, longestMs: 5 });
  assertEquals(await doubtOf(200, "cancelled"), null);
  assertEquals(await doubtOf(6000, "success"), null);
});

Deno.test("dealt arrivals are all arrivals, each once", () => {
  const all = poissonArrivals(100, () => seededRandom(3));
  const take = (arrivals: typeof all, count: number) => {
    const due = arrivals.dueAtMs();
    return Array.from({ length: count }, () => due.next().value as number);
  };
  const dealt = [0, 1, 2].flatMap((part) => take(dealtArrivals(all, part, 3), 20));
  assertEquals(dealt.toSorted((a, b) => a - b), take(all, 60));
});

Deno.test("a run of several threads keeps the moments of chunks of its own answers, whichever thread read them", async () => {
  const run = new SharedRun({ kind: "closed", concurrency: 2 }, planOf({}).plan, 2);
  const told = (part: number, firstMs: number) => {
    const writer = new RowWriter(8);
    const times = [0, 1].map((k) => {
      const firstTokenAt = firstMs + 100 * k;
      const at = { scheduledAt: firstTokenAt - 10, sentAt: firstTokenAt - 10, endedAt: firstTokenAt + 40 };
      writer.add(sampleRow({ ...at, result: "status" }));
      writer.add(sampleRow({ ...at, stream: streamRow({ firstTokenAt, longestGapMs: 30 }) }));
      return { length: 2, atMs: Float64Array.of(firstTokenAt, firstTokenAt + 30), gapMs: Float64Array.of(0, 30) };
    });
    const news = { messages: ["no", "no"], upToMs: 1000, warm: true, outstanding: 1, holdUntilMs: -Infinity };
    run.tell(part, { ...news, block: writer.take(), times });
  };
  told(0, 20);
  told(1, 55);
  for (const part of [0, 1]) run.ended(part, END);
  const { answers } = await run.result();
  const kept = answers!.usual.map(({ stream, times }) => [stream.firstTokenAt, ...times.atMs]);
  assertEquals(kept.toSorted((a, b) => a[0]! - b[0]!), [[20, 20, 50], [55, 55, 85], [120, 120, 150], [155, 155, 185]]);
});
