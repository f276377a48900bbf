import { assertEquals } from "@std/assert";
import { saturationOf } from "../../../src/analysis/saturation.ts";
import { KINDS } from "../../../src/results/kinds.ts";
import { askedRate } from "../../../src/results/window/asked_rate.ts";
import { rateLimits } from "../../../src/results/window/rate_limits.ts";
import type { OpenWindow } from "../../../src/results/window/window.ts";
import { estimate } from "../../core/estimates.ts";
import { loadResult } from "../kinds/load_result.ts";
import { failedMeasurement, openWindow } from "./windows.ts";

const dead = (offeredPerSecond: number): OpenWindow => {
  const { load, latencyFrom, offeredPerSecond: offered, due } = openWindow(offeredPerSecond);
  return { ...openWindow(offeredPerSecond), ...failedMeasurement(), load, latencyFrom, offeredPerSecond: offered, due };
};
const failing = (offeredPerSecond: number) => openWindow(offeredPerSecond, { errorRate: estimate(0.01) });
const saturated = (offeredPerSecond: number) => openWindow(offeredPerSecond, { saturated: true });

const unclear = (offeredPerSecond: number) => openWindow(offeredPerSecond, { saturated: null });

Deno.test("rateLimits() names the rates above the sustained one of which nothing is sure", () => {
  const levels = [openWindow(20), unclear(40), openWindow(60), unclear(80), saturated(100), unclear(120)];
  const found = rateLimits(levels);
  assertEquals(found.unclear.map(askedRate), [80, 120]);
  assertEquals([found.sustained, found.saturated].map((window) => window && askedRate(window)), [60, 100]);
});

const rows: readonly [
  does: string,
  levels: readonly OpenWindow[],
  sustained: number | null,
  saturated: number | null,
][] = [
  [
    "the highest rate that was kept up with, by the rate that was asked for",
    [openWindow(39.8), openWindow(20.4)],
    40,
    null,
  ],
  ["none above the lowest that saturated", [openWindow(60), openWindow(20), saturated(40)], 20, 40],
  ["no rate at which 1 % failed", [openWindow(20), failing(40), saturated(80)], 20, 80],
  ["no rate at which nothing succeeded", [openWindow(20), dead(40)], 20, null],
  ["none where every rate failed", [dead(20), dead(40), saturated(80)], null, 80],
  ["none of which it cannot be told", [openWindow(20), unclear(40)], 20, null],
  ["none of no rates", [], null, null],
];
for (const [does, levels, sustainedPerSecond, saturatedPerSecond] of rows) {
  Deno.test(`rateLimits() takes for sustained ${does}, and so do the finding and the best of the result`, () => {
    const found = rateLimits(levels);
    const named = (window: OpenWindow | null) => window === null ? null : askedRate(window);
    assertEquals([named(found.sustained), named(found.saturated)], [sustainedPerSecond, saturatedPerSecond]);

    const load = loadResult({ levels, sustainedPerSecond, saturatedPerSecond });
    assertEquals(KINDS.load.best!(load)?.window ?? null, found.sustained);
    const finding = saturationOf("load")({ load });
    assertEquals(
      finding?.evidence ?? null,
      saturatedPerSecond === null ? null : { test: "load", sustainedPerSecond, saturatedPerSecond },
    );
  });
}

Deno.test("the best of a load test is found by its window, also where its rate was rounded in a file", () => {
  const trace = openWindow(1 / 3, {
    load: { kind: "open", arrivals: { kind: "trace", requests: 9 }, maxConnections: 8, batchSize: 1 },
  });
  assertEquals(KINDS.load.best!(loadResult({ levels: [trace], sustainedPerSecond: 0.333333 }))?.window, trace);
});
