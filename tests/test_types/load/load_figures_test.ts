import { assertEquals, assertNotEquals } from "@std/assert";
import { KINDS } from "../../../src/results/kinds.ts";
import { isOpen } from "../../../src/results/window/window.ts";
import { figuresOf, runLoadTest } from "../../../src/test_types/load/load.ts";
import { simulateTest } from "../../measure/simulation.ts";
import { openWindow } from "../../results/window/windows.ts";

Deno.test("figuresOf() a load test sorts its levels and calls rates as they were asked for", () => {
  const { levels, sustainedPerSecond, saturatedPerSecond } = figuresOf([
    openWindow(79.6, { saturated: true }),
    openWindow(39.8),
    openWindow(20.4),
  ]);
  assertEquals(levels.map(({ offeredPerSecond }) => offeredPerSecond), [20.4, 39.8, 79.6]);
  assertEquals([sustainedPerSecond, saturatedPerSecond], [40, 80]);
});

Deno.test("runLoadTest() calls rates as they were asked for, whatever independent arrivals came to", async () => {
  const run = (seed: number) =>
    simulateTest(runLoadTest, { rates: [20, 40], seed, durationMs: 2000 }, { fate: () => ({ serviceMs: 10 }) });
  const [first, second] = [await run(1), await run(2)];
  const offered = ({ levels }: typeof first) => levels.map((level) => level.offeredPerSecond);
  assertNotEquals(offered(first), offered(second));
  assertEquals([first.sustainedPerSecond, second.sustainedPerSecond], [40, 40]);
  assertEquals(KINDS.load.windows(first).map(({ level }) => level), [20, 40]);
  assertEquals(KINDS.load.best!(first)!.level, 40);
});

Deno.test("runLoadTest() sustains no rate at which most requests failed", async () => {
  const result = await simulateTest(runLoadTest, { rates: [50, 100], arrivals: "constant" }, {
    fate: ({ index }) => index % 5 === 0 ? { serviceMs: 10 } : { failure: "status", afterMs: 5 },
  });
  assertEquals(result.levels.map((level) => isOpen(level) && level.saturated), [false, false]);
  assertEquals([result.sustainedPerSecond, result.saturatedPerSecond], [null, null]);
});

Deno.test("runLoadTest() offers a rate that was given twice once", async () => {
  const result = await simulateTest(runLoadTest, { rates: [50, 20, 50] }, { fate: () => ({ serviceMs: 10 }) });
  assertEquals(result.levels.map(({ visits }) => visits!.length), [1, 1]);
});
