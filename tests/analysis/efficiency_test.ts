import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import { efficiencyOf } from "../../src/analysis/efficiency.ts";
import { UsageError } from "../../src/core/errors.ts";
import { createReport } from "../../src/report/create_report.ts";
import type { OperatingPoint, TestResults } from "../../src/results/result.ts";
import { distribution, estimate } from "../core/estimates.ts";
import { reportOf } from "../report/report_of.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { gpuUse, h200 } from "../results/window/gpu_use.ts";
import { withFailures } from "../results/window/windows.ts";

const RATES = { 1: 216, 4: 595, 16: 1449, 64: 576 };
const levels = throughputResult(RATES).levels.map((level) => ({ ...level, gpu: h200(level.batchSize) }));
const sweep: TestResults = { throughput: throughputResult(RATES, { levels }) };

/** A point with energy and a p95 latency of its own. */
const point = (
  batchSize: number,
  [rate, joules, halfWidth, p95Ms]: readonly [number, number, number, number],
  overrides: Partial<OperatingPoint> = {},
) =>
  operatingPoint(rate, batchSize, 1, {
    gpu: gpuUse({ energyPerPrediction: estimate(joules, halfWidth) }),
    latencyMs: { ...distribution(p95Ms / 1.2), p95: estimate(p95Ms) },
    ...overrides,
  });
const ofPoints = (...points: readonly OperatingPoint[]): TestResults => ({
  "operating-points": operatingPointsResult(points),
});

const batches = (tests: TestResults) => {
  const { fastest, mostEfficient, equivalents } = efficiencyOf(tests)!;
  return [fastest.batchSize, mostEfficient?.batchSize, equivalents.map(({ batchSize }) => batchSize)];
};

Deno.test("efficiencyOf() puts the load with the least energy a prediction beside the fastest", () => {
  const { fastest, mostEfficient, equivalents, pricePerHour } = efficiencyOf(sweep)!;
  assertEquals([fastest.batchSize, fastest.energyPerPrediction?.value], [16, 0.102]);
  assertEquals([mostEfficient?.batchSize, mostEfficient?.energyPerPrediction?.value], [64, 0.094]);
  assertEquals([equivalents, pricePerHour, fastest.costPerMillion], [[], undefined, undefined]);
  assertEquals(mostEfficient?.p95Ms, levels.at(-1)!.latencyMs!.p95);
});

const choices: readonly [why: string, tests: TestResults, expected: unknown[]][] = [
  [
    "of two that cannot be told apart the one with the lower p95",
    ofPoints(point(1, [1500, 0.5, 0.01, 5]), point(64, [900, 0.1, 0.006, 80]), point(16, [850, 0.103, 0.006, 20])),
    [1, 16, [64]],
  ],
  [
    "the fastest where another cannot be told to take less",
    ofPoints(point(64, [900, 0.1, 0.006, 80]), point(16, [850, 0.098, 0.006, 20]), point(1, [200, 0.5, 0.01, 5])),
    [64, 64, [16]],
  ],
  [
    "none that measured more than a tenth above the least, however little is known of it",
    ofPoints(point(64, [900, 0.1, 0.02, 80]), point(16, [850, 0.12, 0.06, 20])),
    [64, 64, [16]],
  ],
  [
    "the fastest where it is the most efficient too",
    ofPoints(point(16, [900, 0.1, 0.001, 20]), point(1, [200, 0.5, 0.01, 5])),
    [16, 16, []],
  ],
  [
    "no load of which requests fail",
    ofPoints(point(16, [900, 0.1, 0.001, 20]), withFailures(point(64, [950, 0.05, 0.001, 80]), 30)),
    [16, 16, []],
  ],
  [
    "no load without energy",
    ofPoints(point(64, [900, 0.1, 0.001, 80], { gpu: null }), point(16, [850, 0.2, 0.001, 20])),
    [64, 16, []],
  ],
];

for (const [why, tests, expected] of choices) {
  Deno.test(`efficiencyOf() takes ${why}`, () => assertEquals(batches(tests), expected));
}

Deno.test("efficiencyOf() takes a load that several tests measured once", () => {
  const scalability = scalabilityResult({ 1: 216, 4: 250 });
  const tests = {
    ...sweep,
    scalability: { ...scalability, levels: scalability.levels.map((level) => ({ ...level, gpu: h200(1) })) },
    ...ofPoints(point(16, [1449, 0.102, 0.001, 13])),
  };
  const { fastest, mostEfficient, equivalents } = efficiencyOf(tests)!;
  assertEquals([fastest.test, mostEfficient?.test, equivalents], ["operating-points", "throughput", []]);
});

Deno.test("efficiencyOf() holds intervals to a comparison of all loads together", () => {
  const apart = [point(64, [900, 0.1, 0.0008, 80]), point(16, [850, 0.1018, 0.0008, 20])];
  assertEquals(batches(ofPoints(...apart)), [64, 64, [16]], "each alone they are apart, together they are not");
});

Deno.test("efficiencyOf() gives what a million predictions cost by rates alone", () => {
  const { fastest, mostEfficient, pricePerHour } = efficiencyOf({ basic: basicResult() }, 3.6)!;
  assertEquals([mostEfficient, pricePerHour], [null, 3.6]);
  const { value, low, high } = fastest.predictionsPerSecond;
  assertAlmostEquals(fastest.costPerMillion!.value, 1000 / value, 1e-9);
  assertAlmostEquals(fastest.costPerMillion!.low!, 1000 / high!, 1e-9);
  assertAlmostEquals(fastest.costPerMillion!.high!, 1000 / low!, 1e-9);
});

Deno.test("efficiencyOf() gives the most that a million predictions cost where the client was the limit", () => {
  const { fastest } = efficiencyOf({ basic: basicResult({ clientLimited: true }) }, 3.6)!;
  assertEquals([fastest.atLeast, fastest.costPerMillion!.low], [true, null]);
  assert(fastest.costPerMillion!.high! > fastest.costPerMillion!.value);
});

Deno.test("efficiencyOf() names the rate of an open loop", () => {
  const { fastest } = efficiencyOf({ load: loadResult() }, 1)!;
  assertEquals([fastest.concurrency, fastest.ratePerSecond], [null, 40]);
});

Deno.test("efficiencyOf() has nothing to say where neither energy nor a price is known", () => {
  assertEquals(efficiencyOf({ throughput: throughputResult() }), null);
  assertEquals(efficiencyOf({}, 3.6), null);
  assertEquals(analyze({ throughput: throughputResult() }).efficiency, undefined);
});

Deno.test("analyze() recommends the most efficient load where it is not the fastest", () => {
  const advised = (tests: TestResults) => analyze(tests).recommendations.map(({ code }) => code);
  assert(advised(sweep).includes("efficient-point"));
  assert(!advised(ofPoints(point(16, [900, 0.1, 0.001, 20]))).includes("efficient-point"));
  const alike = ofPoints(point(64, [900, 0.1, 0.006, 80]), point(16, [850, 0.103, 0.006, 20]));
  assert(!advised(alike).includes("efficient-point"), "another is within noise, and has a lower p95");
  const unknown = ofPoints(point(64, [900, 0.1, 0.001, 80], { gpu: null }), point(16, [850, 0.2, 0.001, 20]));
  assert(!advised(unknown).includes("efficient-point"), "the fastest may take less");
});

Deno.test("createReport() takes a price above 0 and no other", () => {
  const measured = reportOf({ basic: basicResult() });
  assertEquals(createReport(measured, { pricePerHour: 2 }).efficiency?.pricePerHour, 2);
  assertEquals(createReport(measured).efficiency, undefined);
  for (const pricePerHour of [0, -1, NaN, Infinity]) {
    assertThrows(() => createReport(measured, { pricePerHour }), UsageError, "pricePerHour");
  }
});
