import { assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Protocol, Verdict } from "../../../src/core/protocol.ts";
import { constantArrivals } from "../../../src/load/arrivals.ts";
import { judged } from "../../../src/load/judged.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import { runLoad } from "../../../src/load/run_load.ts";
import { sendOne } from "../../../src/load/send_one.ts";
import { MOST_HOLD_MS, ServerHold } from "../../../src/load/server/server_hold.ts";
import { madePool } from "../requests/made_pool.ts";
import { simulatedProtocol, SimulatedServer } from "../simulated_server.ts";
import { VirtualClock } from "../virtual_clock.ts";

const asked = { model: "m", predictions: 1, allowNullResults: false };
const failure: Verdict = { kind: "failure", reason: "limited", message: "status 429", waitMs: 5000 };

/** A protocol whose `nth` answer asks for a wait. */
function limiting(nth: number, verdict: Verdict = failure): Protocol {
  let answers = 0;
  return { ...simulatedProtocol, judge: () => ++answers === nth ? verdict : { kind: "success", serverMs: null } };
}

async function send(issue: Parameters<typeof runLoad>[0], nth: number, heeds: boolean, durationMs = 2000) {
  const clock = new VirtualClock(), sentAtMs: number[] = [];
  const server = new SimulatedServer(clock, ({ nowMs }) => {
    sentAtMs.push(nowMs);
    return { serviceMs: 10 };
  });
  const protocol = limiting(nth);
  const run = await clock.run<LoadRun>(runLoad(issue, {
    transport: server.openTransport(),
    protocol,
    pool: madePool(protocol, { kind: "text", words: 1 }),
    asked,
    timeoutMs: 60_000,
    warmUpRequests: 0,
    durationMs,
    clock,
    ...heeds ? { hold: new ServerHold(clock) } : {},
  }));
  const gaps = sentAtMs.slice(1).map((at, i) => at - sentAtMs[i]!);
  return { run, sentAtMs, longestGapMs: Math.max(...gaps) };
}

Deno.test("no lane of a closed loop sends while the server is to be left alone, and the window goes on", async () => {
  const { run, sentAtMs, longestGapMs } = await send({ kind: "closed", concurrency: 4 }, 40, true);
  assertEquals(longestGapMs, 5000);
  assertEquals(sentAtMs.filter((at) => at > 100 && at < 5100), [], "of no lane");
  assertEquals(run.heldMs, 5000);
  assertGreater(run.windowEndMs, 5000, "its rate holds the wait");
});

Deno.test("without being asked for, a wait that the server wants changes nothing", async () => {
  const { run, longestGapMs } = await send({ kind: "closed", concurrency: 4 }, 40, false);
  assertEquals([longestGapMs, run.heldMs, run.failureExamples], [10, undefined, { limited: "status 429" }]);
});

Deno.test("what is due in an open loop meanwhile waits and counts from when it was due", async () => {
  const issue = { kind: "open", arrivals: constantArrivals(10), maxConnections: 512 } as const;
  const { run, sentAtMs } = await send(issue, 20, true, 10_000);
  const heldUntil = sentAtMs.filter((at) => at < 5000).at(-1)! + 10 + 5000;
  const { samples } = run;
  const late = Array.from({ length: samples.length }, (_, i) => samples.sentAt(i) - samples.scheduledAt(i));
  assertEquals(late.filter((ms) => ms > 0).length, 50, "ten a second for five seconds");
  assertEquals(Math.max(...sentAtMs.map((at) => at > 2000 && at < heldUntil ? at : 0)), 0);
  assertGreater(Math.max(...late), 4800);
  assertEquals([run.recorded, run.heldMs], [100, 5000]);
});

Deno.test("a run that ends meanwhile ends", async () => {
  const issue = { kind: "open", arrivals: constantArrivals(10), maxConnections: 512 } as const;
  const { run } = await send(issue, 10, true, 2000);
  assertEquals(run.endReason, "duration");
  assertLess(run.windowEndMs, 6500);
});

Deno.test("a server is waited for a minute at most at a time, and the longest wait counts", () => {
  const clock = new VirtualClock(), hold = new ServerHold(clock), told: number[] = [];
  hold.onHold = (ms) => told.push(ms);
  hold.asked(0);
  assertEquals([hold.leftMs, hold.heldMs], [0, 0]);
  hold.asked(2000);
  hold.asked(1000);
  assertEquals(hold.leftMs, 2000);
  hold.asked(Infinity);
  assertEquals([hold.leftMs, told], [MOST_HOLD_MS, [2000]]);
});

Deno.test("a request by itself waits as well", async () => {
  const clock = new VirtualClock(), hold = new ServerHold(clock), protocol = limiting(1);
  const server = new SimulatedServer(clock, () => ({ serviceMs: 10 }));
  const lane = server.openTransport().openLane();
  const request = protocol.encode("m", []);
  const once = () => sendOne(lane, { request, asked, protocol, timeoutMs: 1000, clock, hold });
  await clock.run(once());
  const second = await clock.run(once());
  assertEquals([clock.now(), second.latencyMs, second.verdict.kind], [5020, 10, "success"]);
});

Deno.test("429, and 503 with a time, are told as the limit that they are; other answers stay what they are", () => {
  const judge = (status: number, headers: Record<string, string>, verdict: Verdict) =>
    judged({ judge: () => verdict }, { status, headers, body: new Uint8Array() }, asked);
  const status: Verdict = { kind: "failure", reason: "status", message: "status 503" };
  assertEquals(judge(503, {}, status), status);
  assertEquals(judge(429, {}, status), { ...status, reason: "limited" });
  assertEquals(judge(503, { "retry-after": "7" }, status), {
    kind: "failure",
    reason: "limited",
    message: "status 503; the server asked to wait 7 s (Retry-After)",
    waitMs: 7000,
  });
  assertEquals(judge(429, { "retry-after": "-1" }, status), {
    kind: "failure",
    reason: "limited",
    message: "status 503; its Retry-After is no time",
  });
  const success: Verdict = { kind: "success", serverMs: null };
  assertEquals(judge(200, { "retry-after": "7" }, success), success);
});
