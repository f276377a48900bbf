import { assert, assertEquals, assertGreater } from "@std/assert";
import { cycleGrowth } from "../../../src/test_types/memory/memory_cycles.ts";

const MB = 2 ** 20;

Deno.test("cycleGrowth() finds what each load and unload leaves behind", () => {
  const leaking = [0, 1, 2, 3, 4, 5].map((cycle) => (100 + 20 * cycle + (cycle % 2) * 0.3) * MB);
  const { verdict, bytesPerCycle } = cycleGrowth(leaking, 50 * MB)!;
  assertEquals(verdict, "growing");
  assert(Math.abs(bytesPerCycle.value - 20 * MB) < MB);
});

Deno.test("cycleGrowth() calls memory stable that only jitters", () => {
  const steady = [100, 101, 100.2, 100.7, 100.1, 100.6].map((megabytes) => megabytes * MB);
  assertEquals(cycleGrowth(steady, 50 * MB)!.verdict, "stable");
});

Deno.test("cycleGrowth() cannot tell where memory jumps up and down by more than a leak", () => {
  const jumpy = [100, 140, 95, 150, 120, 131].map((megabytes) => megabytes * MB);
  const { verdict, pValue } = cycleGrowth(jumpy, 20 * MB)!;
  assertEquals(verdict, "cannot tell");
  assertGreater(pValue!, 0.05);
});

Deno.test("cycleGrowth() says nothing under four cycles", () => {
  assertEquals(cycleGrowth([MB, 2 * MB, 3 * MB], null), null);
});
