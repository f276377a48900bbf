import { assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
import type { Target } from "../../src/core/target.ts";
import { withSession } from "../../src/measure/run_session.ts";
import { RunWindows } from "../../src/measure/run_windows.ts";
import type { BasicOptions, LevelOptions } from "../../src/measure/settings/options.ts";
import { isKnown, visitLoad } from "../../src/measure/visit_load.ts";
import { closedBudget } from "../../src/measure/window/window_budget.ts";
import type { ResultKind } from "../../src/results/kinds.ts";
import { basicTest } from "../../src/test_types/basic.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { simulateTest } from "./simulation.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

const load = { kind: "closed", concurrency: 1, batchSize: 1 } as const;
const BUDGET = { durationMs: 60_000, minimumMs: 0, minimumRequests: 0, warmUpRequests: 0 };

interface Case {
  readonly why: string;
  /** Requests of each visit, by the test that made it. */
  readonly visits: readonly (readonly [by: ResultKind, requests: number])[];
  /** Half width of the jitter of service times. */
  readonly jitter?: number;
  readonly expected: boolean;
}

const cases: readonly Case[] = [
  { why: "a load that another test knows well", visits: [["basic", 400]], expected: true },
  { why: "a load that nobody visited", visits: [], expected: false },
  { why: "a load that it visited itself", visits: [["scalability", 400]], expected: false },
  {
    why: "a load that it visited too",
    visits: [["basic", 400], ["scalability", 400]],
    expected: false,
  },
  { why: "a load of few requests", visits: [["basic", 4]], expected: false },
  { why: "a load that is noisy", visits: [["basic", 60]], jitter: 0.95, expected: false },
];

for (const { why, visits, jitter = 0.05, expected } of cases) {
  Deno.test(`isKnown() is ${expected} to the scalability test for ${why}`, async () => {
    const clock = new VirtualClock();
    const random = seededRandom(1);
    const server = new SimulatedServer(clock, () => ({ serviceMs: 10 * (1 + jitter * (2 * random() - 1)) }));
    const target = simulatedTarget(server, simulatedProtocol);
    await clock.run(withSession("scalability", target, { clock, quick: true }, undefined, async (session) => {
      let sum = 0;
      for (const [by, requests] of visits) {
        sum += requests;
        await visitLoad({ ...session, kind: by }, load, { ...BUDGET, requests: sum });
      }
      assertEquals(session.windows.of(load).map(({ by }) => by), visits.map(([by]) => by));
      assertEquals(isKnown(session, load), expected);
    }));
  });
}

/** Visits a load of a server that is slow for its first requests, twice, and gives what is kept and what was seen. */
async function visitsOf(serviceMs: (request: number) => number, options: Omit<LevelOptions, "clock"> = {}) {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  let sent = 0;
  const server = new SimulatedServer(clock, () => ({ serviceMs: serviceMs(sent++) * (1 + 0.05 * random()) }));
  const target = simulatedTarget(server, simulatedProtocol);
  const { value } = await clock.run(withSession("basic", target, { ...options, clock }, undefined, async (session) => {
    for (let i = 0; i < 2; i++) await visitLoad(session, load, { ...closedBudget(options), durationMs: 4000 });
    const starts = session.windows.of(load).map(({ requestsBefore = 0, run }) => requestsBefore + run.windowFrom);
    return { starts, shifts: session.shifts };
  }));
  return value;
}

Deno.test("visitLoad() sends a server's first requests on until it can tell whether they were slower, and measures again", async () => {
  const { starts, shifts } = await visitsOf((request) => request < 400 ? 8 : 4);
  assertEquals(starts.map((start) => start >= 400), [true, true]);
  assertEquals(shifts.map(({ cause, again }) => [cause, again]), [["warm-up", true]]);
  assertAlmostEquals(shifts[0]!.lastBefore, 400, 2);
  assertAlmostEquals(shifts[0]!.ratio.value, 2, 0.05);
});

Deno.test("visitLoad() leaves out a first visit that ended while the server was still warming up", async () => {
  const { starts, shifts: [shift] } = await visitsOf((request) => request < 600 ? 4 : 3);
  assertEquals([starts.length, starts[0]! >= 500], [1, true]);
  assertEquals([shift!.cause, shift!.again], ["warm-up", true]);
  assertEquals(shift!.lastBefore < 600 && 600 <= shift!.firstAfter + 30, true);
});

Deno.test("visitLoad() keeps what was measured where the server became slower, or the user said how many requests", async () => {
  const slower = await visitsOf((request) => request < 560 ? 3 : 4);
  assertEquals([slower.starts.length, slower.shifts.map(({ cause, again }) => [cause, again])], [2, [[
    "unknown",
    undefined,
  ]]]);
  const fixed = await visitsOf((request) => request < 400 ? 8 : 4, { requests: 500 });
  assertEquals([fixed.starts.length, fixed.shifts.map(({ again }) => again)], [1, [undefined]]);
});

/** A basic test of a server that is slow for 450 requests, and of which something becomes as soon as it is measured again. */
async function whoseRepeat(what: "comes about" | "is interrupted" | "loses the server") {
  const windows = new RunWindows(0);
  const controller = new AbortController();
  const isGone = () => what === "loses the server" && windows.repeats > 0;
  const test = async (target: Target, options: BasicOptions = {}) => {
    return (await basicTest(target, options, { windows, onlooker: null })).result();
  };
  return await simulateTest(test, { durationMs: 4000, signal: controller.signal }, {
    fate: ({ index }) => {
      if (what === "is interrupted" && windows.repeats > 0) controller.abort();
      return isGone() ? { failure: "refused", afterMs: 1 } : { serviceMs: index < 450 ? 8 : 4 };
    },
    capabilities: () => ({
      health: () => isGone() ? Promise.reject(new Error("refused")) : Promise.resolve({ healthy: true, detail: "" }),
    }),
  });
}

Deno.test("visitLoad() keeps what was measured before the server was warm where it is not measured again", async () => {
  for (const [what, partial] of [["is interrupted", "interrupted"], ["loses the server", "target-lost"]] as const) {
    const result = await whoseRepeat(what);
    assertEquals([result.partial, result.succeeded > 350], [partial, true], what);
    assertEquals(result.shifts!.map(({ cause, again }) => [cause, again]), [["warm-up", undefined]], what);
  }
  const { partial, succeeded, latencyMs, shifts } = await whoseRepeat("comes about");
  assertEquals([partial, succeeded > 0, shifts!.map(({ again }) => again)], [null, true, [true]]);
  assertAlmostEquals(latencyMs!.mean.value, 4, 0.1);
});
