import { assertEquals, assertNotEquals } from "@std/assert";
import { KINDS } from "../../../src/results/kinds.ts";
import { isOpen, type OpenWindow } from "../../../src/results/window/window.ts";
import { figuresOf, runLoadTest } from "../../../src/test_types/load/load.ts";
import { simulateTest } from "../../measure/simulation.ts";
import { estimate, failedMeasurement, openWindow } from "../../report/builders.ts";

const dead = (offeredPerSecond: number): OpenWindow => {
  const { load, latencyFrom, offeredPerSecond: offered, due } = openWindow(offeredPerSecond);
  return { ...openWindow(offeredPerSecond), ...failedMeasurement(), load, latencyFrom, offeredPerSecond: offered, due };
};

const rows: readonly [
  does: string,
  levels: readonly OpenWindow[],
  sustained: number | null,
  saturated: number | null,
][] = [
  ["the highest rate that was kept up with", [openWindow(40), openWindow(20)], 40, null],
  [
    "none above the lowest that saturated",
    [openWindow(20), openWindow(40, { saturated: true }), openWindow(60)],
    20,
    40,
  ],
  ["no rate at which 1 % failed", [openWindow(20), openWindow(40, { errorRate: estimate(0.01) })], 20, null],
  ["no rate at which nothing succeeded", [openWindow(20), dead(40)], 20, null],
  ["none where every rate failed", [dead(20), dead(40)], null, null],
  ["none of no rates", [], null, null],
];
for (const [does, levels, sustained, saturated] of rows) {
  Deno.test(`figuresOf() a load test takes for sustained ${does}`, () => {
    const { sustainedPerSecond, saturatedPerSecond } = figuresOf(levels);
    assertEquals([sustainedPerSecond, saturatedPerSecond], [sustained, saturated]);
  });
}

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
