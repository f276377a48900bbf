import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { type CapacityPlan, searchCapacity } from "../../../src/test_types/load/capacity.ts";

const plan = (limit: number, more: Partial<CapacityPlan> = {}): CapacityPlan => ({
  start: 10,
  lowest: 0.1,
  highest: 10_000,
  whole: false,
  probe: (level) =>
    Promise.resolve({ level, verdict: level <= limit ? "met" : "missed", outcomes: [], saturated: false, runs: 1 }),
  stopped: () => false,
  ...more,
});

Deno.test("searchCapacity() closes in on the limit within 5 %, whatever it is", async () => {
  await fc.assert(fc.asyncProperty(fc.double({ min: 0.2, max: 9000, noNaN: true }), async (limit) => {
    const { highest, lowestMissed, ended, probes } = await searchCapacity(plan(limit));
    assertEquals(ended, "found");
    assert(highest! <= limit && lowestMissed! > limit);
    assertLessOrEqual(lowestMissed! / highest!, 1.06);
    assertLessOrEqual(probes.length, 16);
  }));
});

Deno.test("searchCapacity() finds the very number where levels are whole", async () => {
  for (const limit of [1, 2, 3, 7, 100]) {
    const { highest } = await searchCapacity(plan(limit, { start: 1, lowest: 1, highest: 128, whole: true }));
    assert(limit === 100 ? Math.abs(highest! - 100) <= 4 : highest === limit, `${limit}: ${highest}`);
  }
});

Deno.test("searchCapacity() says where objectives are never or always met", async () => {
  const never = await searchCapacity(plan(0));
  assertEquals([never.ended, never.highest, never.lowestMissed], ["never met", null, 0.1]);
  const always = await searchCapacity(plan(1e9));
  assertEquals([always.ended, always.highest, always.lowestMissed], ["always met", 10_000, null]);
});

Deno.test("searchCapacity() tries no rate above the highest, which its digits alone would exceed", async () => {
  for (const highest of [8437, 999.7, 5.678, 0.09996]) {
    const start = highest / 10;
    const { probes, ended, highest: found } = await searchCapacity(plan(1e9, { start, lowest: start, highest }));
    assertEquals(ended, "always met");
    for (const { level } of probes) assertLessOrEqual(level, highest);
    assert(found! > 0.99 * highest, `${found} of ${highest}`);
  }
  const { probes } = await searchCapacity(plan(1e9, { start: 20_000, highest: 8437 }));
  assertEquals(probes.map(({ level }) => level), [8430]);
});

Deno.test("searchCapacity() takes what stays unclear as missed", async () => {
  const { highest } = await searchCapacity(plan(0, {
    probe: (level) =>
      Promise.resolve({
        level,
        verdict: level < 40 ? "met" : level < 60 ? "unclear" : "missed",
        outcomes: [],
        saturated: false,
        runs: 2,
      }),
  }));
  assert(highest! < 40);
});

Deno.test("searchCapacity() keeps its trials when it is stopped early", async () => {
  let trials = 0;
  const { ended, probes } = await searchCapacity(plan(1000, { stopped: () => trials++ > 4 }));
  assertEquals(ended, "stopped early");
  assert(probes.length > 0);
});
