import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { simulateTest } from "../../measure/simulation.ts";

/** Eight at a time, five seconds each, as of a language model: 1.6 requests a second at most. */
const SERVER = { fate: () => ({ serviceMs: 5000 }), workers: 8, isFair: true };
const SLO = { objectives: "p95<6s", arrivals: "constant" } as const;

Deno.test("a capacity is found where a request takes seconds: trials are as long as telling takes", async () => {
  const { capacity } = await simulateTest(runLoadTest, { ...SLO, rates: [0.5] }, SERVER);
  const { concurrency, rate } = capacity!;
  assertEquals([concurrency.ended, concurrency.highest, concurrency.lowestMissed], ["found", 8, 9]);
  assertEquals(concurrency.untold, undefined);
  assertEquals(rate.ended, "found");
  assert(rate.highest! > 0.75 && rate.highest! <= 1.65, `${rate.highest}`);
});

Deno.test("a quick test that is too short for slow requests says what a trial takes that tells", async () => {
  const { elapsedMs, capacity, levels, absences } = await simulateTest(runLoadTest, { ...SLO, quick: true }, SERVER);
  assertLess(elapsedMs, 56_000);
  assertEquals(levels.length, 0);
  assert(absences["levels"]!.includes("no time"), absences["levels"]);
  const { rate, concurrency } = capacity!;
  assertEquals([rate.highest, rate.probes.length], [null, 1]);
  for (const { untold } of [rate, concurrency]) {
    assertEquals([untold!.requests, untold!.quick], [72, true]);
    assertGreater(untold!.trialMs, 40_000);
  }
});

Deno.test("a quick test finds that a slow server misses, and of how slow ones it can tell nothing", async () => {
  const { capacity } = await simulateTest(runLoadTest, { ...SLO, objectives: "p95<4s", quick: true }, SERVER);
  const [probe] = capacity!.rate.probes;
  assertEquals(probe!.verdict, "missed");
  const slowest = await simulateTest(runLoadTest, { ...SLO, quick: true }, {
    ...SERVER,
    fate: () => ({ serviceMs: 40_000 }),
  });
  assertEquals([slowest.capacity, slowest.partial], [null, null]);
  assert(slowest.absences["capacity"]!.includes("too long for a quick test"));
});
