import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { InputSpec } from "../../../src/core/model_input.ts";
import { runClosedLoop } from "../../../src/load/closed_loop.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import { runOpenLoop } from "../../../src/load/open_loop.ts";
import { constantArrivals } from "../../../src/load/arrivals.ts";
import type { AskServer } from "../../../src/load/server/why_gone.ts";
import { madePool } from "../requests/made_pool.ts";
import { type Fate, simulatedProtocol, SimulatedServer } from "../simulated_server.ts";
import { VirtualClock } from "../virtual_clock.ts";

const ANSWER: Fate = { serviceMs: 10 };
const REFUSED: Fate = { failure: "refused", afterMs: 0 };

/** A server that does something else between two moments, and what it says when it is asked whether it is there. */
interface Case {
  readonly meanwhile: Fate;
  readonly fromMs: number;
  readonly toMs?: number;
  readonly says: (nowMs: number) => "there" | "silent" | "gone";
  readonly kind?: "closed" | "open";
}

const SPEC: InputSpec = { kind: "text", words: 1 };

async function runCase(
  { meanwhile, fromMs, toMs = Infinity, says, kind = "closed" }: Case,
  { ask: asks = true, ...given }: { readonly ask?: boolean; readonly disconnectedMs?: number } = {},
) {
  const clock = new VirtualClock();
  const server = new SimulatedServer(
    clock,
    ({ nowMs }) => nowMs >= fromMs && nowMs < toMs ? meanwhile : ANSWER,
  );
  let asked = 0;
  const ask: AskServer = () => {
    asked++;
    const said = says(clock.now());
    return Promise.resolve(said === "there" ? null : { reason: "it is gone", isSaid: said === "gone" });
  };
  const plan = {
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: madePool(simulatedProtocol, SPEC),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    timeoutMs: 2000,
    warmUpRequests: 4,
    durationMs: 10_000,
    clock,
    ...asks ? { ask } : {},
    ...given,
  };
  const run = kind === "closed"
    ? runClosedLoop({ ...plan, concurrency: 4 })
    : runOpenLoop({ ...plan, arrivals: constantArrivals(100), maxLanes: 100 });
  const result: LoadRun = await clock.run(run);
  return { result, server, clock, asked };
}

for (const kind of ["closed", "open"] as const) {
  Deno.test(`a run in ${kind} loop ends where the server is gone, and says when it last answered`, async () => {
    const { result, clock } = await runCase({ meanwhile: REFUSED, fromMs: 3000, says: () => "silent", kind });
    assertEquals([result.endReason, result.lost?.reason], ["lost", "it is gone"]);
    assertAlmostEquals(result.lost!.sinceMs, 3000, 15);
    assertLess(clock.now(), 7000);
  });

  Deno.test(`a run in ${kind} loop sends hardly more to a server that says that the model is gone`, async () => {
    const status: Fate = { failure: "status", afterMs: 1 };
    const { result, server, clock } = await runCase({ meanwhile: status, fromMs: 3000, says: () => "gone", kind });
    assertEquals(result.endReason, "lost");
    assertLess(clock.now(), 3500);
    assertLess(server.received, (kind === "closed" ? 4 : 1) * 300 + 60);
  });

  Deno.test(`a run in ${kind} loop goes on where the server answers for its health, and counts what failed`, async () => {
    const late: Fate = { failure: "timeout", afterMs: 2000 };
    const { result, asked } = await runCase({ meanwhile: late, fromMs: 3000, toMs: 3100, says: () => "there", kind });
    assertEquals([result.endReason, result.lost, result.outages], ["duration", null, []]);
    assertEquals(asked > 0, true);
  });

  Deno.test(`a run in ${kind} loop tells of a server that was gone for a second`, async () => {
    const says = (nowMs: number) => nowMs < 4000 ? "silent" : "there";
    const { result } = await runCase({ meanwhile: REFUSED, fromMs: 3000, toMs: 4000, says, kind });
    assertEquals([result.endReason, result.lost, result.doubt, result.outages.length], ["duration", null, null, 1]);
    const [{ fromMs, toMs, failed }] = result.outages as [typeof result.outages[0] & object];
    assertAlmostEquals(fromMs, 3000, 15);
    assertAlmostEquals(toMs, 4000, 120);
    assertLess(20, failed);
  });
}

Deno.test("a run goes on where connections fail and the server says that it is there, and ends where nobody is asked", async () => {
  const broken: Case = { meanwhile: { failure: "reset", afterMs: 1 }, fromMs: 2000, toMs: 7000, says: () => "there" };
  const { result } = await runCase(broken);
  assertEquals([result.endReason, result.lost], ["duration", null]);
  assertEquals((await runCase(broken, { ask: false })).result.endReason, "disconnected");
  const commanded = { ask: false, disconnectedMs: Infinity };
  assertEquals((await runCase(broken, commanded)).result.endReason, "duration");
});

Deno.test("a server that answers other requests is not asked to death, and not lost, whatever its health is", async () => {
  const clock = new VirtualClock();
  const server = new SimulatedServer(clock, ({ index }) => index % 2 ? { failure: "reset", afterMs: 1 } : ANSWER);
  let asked = 0;
  const run = await clock.run(runClosedLoop({
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: madePool(simulatedProtocol, SPEC),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    timeoutMs: 1000,
    warmUpRequests: 0,
    durationMs: 5000,
    concurrency: 4,
    clock,
    ask: async (_, signal) => {
      asked++;
      await clock.sleep(1000, signal).catch(() => {});
      return { reason: "silent", isSaid: false };
    },
  }));
  assertEquals([run.endReason, run.lost], ["duration", null]);
  assertLess(asked, 60);
});
