import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { keyFigures } from "../../../src/report/html/key_figures.ts";
import { joined, plainText } from "../../../src/words/inline.ts";
import type { ResultKind } from "../../../src/results/kinds.ts";
import type { OperatingPoint, TestResults } from "../../../src/results/result.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { latencyResult } from "../../results/kinds/latency_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { operatingPoint, operatingPointsResult } from "../../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import type { CapacitySearch } from "../../../src/results/kinds/load.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { capacityReport } from "./html_fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { measurement, openWindow, withFailures } from "../../results/window/windows.ts";

const point = (batchSize: number, requestsPerSecond: number, failed: number) =>
  withFailures(operatingPoint(batchSize * requestsPerSecond, batchSize, 2), failed);

const throughputOf = (points: readonly OperatingPoint[]) => {
  const [card] = keyFigures({ "operating-points": operatingPointsResult(points), throughput: throughputResult() });
  return [card!.source, plainText(joined([card!.context]))];
};

Deno.test("keyFigures() shows the best operating point that can be used, never one whose requests fail", () => {
  assertEquals(throughputOf([point(16, 56, 0), point(8, 63, 0)]), ["operating-points", "batch 16, concurrency 2"]);
  assertEquals(throughputOf([point(16, 56, 200), point(8, 63, 0)]), ["operating-points", "batch 8, concurrency 2"]);
});

Deno.test("keyFigures() begins with the effect of an A/B test, where there is one", () => {
  const [card] = keyFigures({ ab: abResult() });
  const shown = [
    card!.label,
    ...[card!.value, card!.interval, card!.context].map((words) => plainText(joined([words]))),
  ];
  assertEquals(shown, ["Throughput, B against A", "+10.0%", "[7.0, 13.0]", "better, over 6 blocks"]);
  const nothing = { ratio: null, verdict: "cannot tell", smallestShown: null } as const;
  const ab = abResult({ effects: { throughput: nothing, p50: nothing, p95: nothing } });
  assertEquals(keyFigures({ ab }).map(({ label }) => label), ["Requests answered"]);
});

/** A batch of 8 that the server makes of single requests: 24 are outstanding. */
const serverMade = throughputResult(undefined, {
  batching: "server",
  concurrency: 3,
  levels: [{
    ...measurement(400, 24, 1),
    load: { kind: "closed", concurrency: 24, batchSize: 1, serverBatchSize: 8 },
    batchSize: 8,
    efficiency: null,
    speedup: null,
  }],
});

const openBasic = basicResult({ ...openWindow(40), concurrency: null });
const traceBasic = basicResult({
  ...openWindow(40),
  load: { kind: "open", arrivals: { kind: "trace", requests: 200 }, maxConnections: 512, batchSize: 2 },
  concurrency: null,
});
const limited = { clientLimited: true };
const limitedPoint = operatingPointsResult([operatingPoint(240, 8, 4, limited)]);
const limitedSweep = throughputResult(undefined, {
  levels: throughputResult().levels.map((level) => level.batchSize === 8 ? { ...level, ...limited } : level),
});

interface CardCase {
  readonly why: string;
  readonly tests: TestResults;
  readonly source: ResultKind;
  readonly label?: string;
  readonly value: string;
  readonly interval?: string;
  readonly context: string;
}

const cards: readonly CardCase[] = [
  {
    why: "a closed loop",
    tests: { basic: basicResult() },
    source: "basic",
    value: "45.7 req/s",
    context: "batch 1, concurrency 1",
  },
  {
    why: "an open loop, at the rate that was offered",
    tests: { basic: openBasic },
    source: "basic",
    value: "40.0 req/s",
    context: "batch 1, 40 req/s offered",
  },
  {
    why: "arrivals of a trace",
    tests: { basic: traceBasic },
    source: "basic",
    value: "40.0 req/s",
    context: "batch 2, trace",
  },
  {
    why: "a client that was the limit",
    tests: { basic: basicResult(limited) },
    source: "basic",
    label: "Throughput, at least",
    value: "45.7 req/s",
    interval: "[at least 45.0]",
    context: "batch 1, concurrency 1",
  },
  {
    why: "warm requests",
    tests: { latency: latencyResult() },
    source: "latency",
    value: "45.2 req/s",
    context: "batch 1, concurrency 1",
  },
  {
    why: "a load test, at the highest rate that was sustained",
    tests: { load: loadResult() },
    source: "load",
    value: "39.8 req/s",
    context: "batch 1, 40 req/s offered",
  },
  {
    why: "a load test beside a basic test",
    tests: { basic: basicResult(), load: loadResult() },
    source: "load",
    value: "39.8 req/s",
    context: "batch 1, 40 req/s offered",
  },
  {
    why: "a basic test beside a latency test",
    tests: { basic: basicResult(), latency: latencyResult() },
    source: "basic",
    value: "45.7 req/s",
    context: "batch 1, concurrency 1",
  },
  {
    why: "a concurrency sweep beside a load test",
    tests: { scalability: scalabilityResult(), load: loadResult() },
    source: "scalability",
    value: "119 req/s",
    context: "batch 1, concurrency 4",
  },
  {
    why: "a batch sweep beside a concurrency sweep",
    tests: { throughput: throughputResult(), scalability: scalabilityResult() },
    source: "throughput",
    value: "146 pred/s",
    context: "batch 8, concurrency 1",
  },
  {
    why: "a batch sweep that the client limited",
    tests: { throughput: limitedSweep },
    source: "throughput",
    label: "Throughput, at least",
    value: "146 pred/s",
    context: "batch 8, concurrency 1",
  },
  {
    why: "batches that the server makes",
    tests: { throughput: serverMade },
    source: "throughput",
    value: "400 pred/s",
    context: "batch 8, concurrency 24",
  },
  {
    why: "operating points beside sweeps",
    tests: {
      throughput: throughputResult(),
      scalability: scalabilityResult(),
      "operating-points": operatingPointsResult(),
    },
    source: "operating-points",
    value: "151 pred/s",
    context: "batch 8, concurrency 4",
  },
  {
    why: "an operating point that the client limited",
    tests: { throughput: throughputResult(), "operating-points": limitedPoint },
    source: "operating-points",
    label: "Throughput, at least",
    value: "240 pred/s",
    context: "batch 8, concurrency 4",
  },
];

for (const { why, tests, source, label = "Throughput", value, interval, context } of cards) {
  Deno.test(`keyFigures() begins with the throughput of ${why}`, () => {
    const [rate, tail] = keyFigures(tests);
    const text = [rate!.value, rate!.context].map((words) => plainText(joined([words])));
    assertEquals([rate!.label, ...text, rate!.source], [label, value, context, source]);
    if (interval !== undefined) assertEquals(plainText(joined([rate!.interval])), interval);
    assertEquals([tail!.label, tail!.context, tail!.source], ["p95 latency", "at that load", source]);
  });
}

Deno.test("keyFigures() has no throughput where no window stands for a result", () => {
  const load = loadResult({ levels: [openWindow(20, { saturated: true })], sustainedPerSecond: null });
  const none = keyFigures({ memory: memoryResult(), load });
  assertEquals(none.map(({ label }) => label), ["Model footprint", "Requests answered"]);
});

Deno.test("keyFigures() shows the optimum of a sweep where no operating point can be used", () => {
  assertEquals(throughputOf([point(16, 56, 200)]), ["throughput", "batch 8, concurrency 1"]);
});

Deno.test("keyFigures() counts no request that was offered to find where the server ends as unanswered", () => {
  const load = loadResult();
  assert(load.levels.some(({ saturated, unanswered }) => saturated && unanswered > 0));
  const answered = keyFigures({ load }).find(({ label }) => label === "Requests answered")!;
  assertEquals([answered.value, answered.isBad], ["100.0%", false]);
  assertStringIncludes(plainText(joined([answered.context])), "at loads that were kept up with");
});

Deno.test("keyFigures() shows the least energy and what a million predictions cost, each with its load", () => {
  const cardsOf = (name: string) => {
    const { tests, efficiency } = gpuReports[name]!;
    return keyFigures(tests, efficiency)
      .filter(({ label }) => /energy|million/.test(label))
      .map(({ label, value, context }) => [label, ...[value, context].map((words) => plainText(joined([words])))]);
  };
  assertEquals(cardsOf("gpu-host"), [
    ["Least energy a prediction", "0.0940 J", "batch size 64, concurrency 1"],
    ["A million predictions", "0.863 USD", "at the fastest load"],
  ]);
  assertEquals(cardsOf("priced"), [["A million predictions", "1.72 USD", "at the fastest load"]]);
  assertEquals(cardsOf("gpu-compute"), []);
});

Deno.test("keyFigures() shows the footprint on the GPU where there is one", () => {
  const [card] = keyFigures({ memory: memoryResult(true) });
  const words = [card!.value, card!.context].map((words) => plainText(joined([words])));
  assertEquals([card!.label, ...words], ["Model footprint on the GPU", "908.0 MiB", "GPU's peak: 1440.0 MiB"]);
});

Deno.test("keyFigures() of a load test with objectives shows what holds them, and nothing that breaks them", () => {
  const shown = (rate: Partial<CapacitySearch>) => {
    const load = capacityReport.tests.load!;
    const capacity = { ...load.capacity!, rate: { ...load.capacity!.rate, ...rate } };
    return keyFigures({ load: { ...load, capacity } }).map(({ label, value, isBad }) =>
      `${label}: ${plainText(joined([value]))}${isBad ? " (bad)" : ""}`
    );
  };
  const none = "Capacity in concurrency: none (bad)";
  assertEquals(shown({}), ["Capacity: 25 req/s", none, "p99<100ms: 48.0 ms"]);
  assertEquals(shown({ lowestMissed: null, ended: "stopped early" })[0], "Capacity: at least 25 req/s");
  const [missed] = capacityReport.tests.load!.capacity!.concurrency.probes;
  const never = { highest: null, lowestMissed: 1, ended: "never met" } as const;
  assertEquals(shown({ ...never, probes: [missed!] }), ["Capacity: none (bad)", none]);
  assertEquals(shown({ ...never, probes: [{ ...missed!, verdict: "unclear" }] }), ["Capacity: not known", none]);
  assertStringIncludes(formatHtml(capacityReport), '<span class="label">p99&lt;100ms</span>');
});
