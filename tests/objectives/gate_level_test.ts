import { assert, assertEquals } from "@std/assert";
import { evaluateGate } from "../../src/objectives/evaluate_gate.ts";
import { gateLevel, placeOf } from "../../src/objectives/gate_level.ts";
import { parseObjectives } from "../../src/objectives/parse_objectives.ts";
import type { TestResults } from "../../src/results/kinds.ts";
import { estimate } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { measurement, openWindow } from "../results/window/windows.ts";

const load = loadResult();
const only = (tests: TestResults, text: string) => evaluateGate(tests, parseObjectives(text)).outcomes[0]!;

Deno.test("gateLevel() takes the highest rate that a load test sustained, not the first or the highest", () => {
  const { level, place } = gateLevel({ load })!;
  assertEquals(place, { test: "load", batchSize: 1, concurrency: null, offeredPerSecond: 40 });
  assertEquals(level, load.levels[1]!);
});

Deno.test("gateLevel() takes the optimum of a sweep, not its first level", () => {
  const throughput = throughputResult();
  assertEquals(gateLevel({ throughput })!.place.batchSize, throughput.optimalBatchSize);
  assert(throughput.optimalBatchSize !== 1);
});

Deno.test("gateLevel() takes the first level where none qualified, so that a gate does not pass for want of one", () => {
  const failing = openWindow(20, { errorRate: estimate(0.5, 0.02) });
  const none = loadResult({ levels: [failing], sustainedPerSecond: null, saturatedPerSecond: null });
  assertEquals(gateLevel({ load: none })!.level, failing);
  assertEquals(only({ load: none }, "errors<1%").verdict, "missed");
  assertEquals(gateLevel({}), null);
});

Deno.test("gateLevel() prefers the basic test, whose load the caller fixed", () => {
  assertEquals(gateLevel({ load, basic: basicResult(), throughput: throughputResult() })!.place.test, "basic");
  assertEquals(gateLevel({ throughput: throughputResult(), load })!.place.test, "load");
});

Deno.test("evaluateGate() measures the peak at no operating point with errors, however fast", () => {
  const failing = operatingPoint(900, 8, 4, { errorRate: estimate(0.5, 0.02) });
  const tests = { "operating-points": operatingPointsResult([failing, operatingPoint(500, 8, 1)]) };
  const outcome = only(tests, "peak>800pred/s");
  assertEquals([outcome.verdict, outcome.measured!.value], ["missed", 500]);
  assertEquals(outcome.place, { test: "operating-points", batchSize: 8, concurrency: 1 });
  const none = only({ "operating-points": operatingPointsResult([failing]) }, "peak>800pred/s");
  assertEquals([none.verdict, none.absence], ["cannot tell", "every point had 1 % errors or more"]);
});

Deno.test("evaluateGate() cannot miss a peak that the client limited: the server can do at least that", () => {
  const limited = operatingPoint(700, 8, 4, { clientLimited: true });
  const tests = { "operating-points": operatingPointsResult([limited]) };
  assertEquals(only(tests, "peak>800pred/s").verdict, "cannot tell");
  assertEquals(only(tests, "peak>600pred/s").verdict, "met");
});

Deno.test("placeOf() counts the requests that are outstanding, also where the server makes batches of them", () => {
  const window = measurement(100, 8, 1, {
    load: { kind: "closed", concurrency: 8, batchSize: 1, serverBatchSize: 4 },
  });
  assertEquals(placeOf("throughput", { level: 4, batchSize: 4, window }), {
    test: "throughput",
    batchSize: 4,
    concurrency: 8,
  });
});
