import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluateGate, gateMetrics } from "../../src/objectives/evaluate_gate.ts";
import { OBJECTIVE_METRICS } from "../../src/objectives/metrics.ts";
import { parseObjectives } from "../../src/objectives/parse_objectives.ts";
import { RESULT_KINDS, type ResultKind, type TestResults } from "../../src/results/kinds.ts";
import { UsageError } from "../../src/core/errors.ts";
import { distribution, estimate } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult, serverStarts } from "../results/kinds/latency_result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { gpuUse } from "../results/window/gpu_use.ts";
import { limited } from "../results/window/limited.ts";
import { streamed } from "../results/window/streamed.ts";
import { failedMeasurement } from "../results/window/windows.ts";

const whole: TestResults = {
  basic: basicResult(),
  latency: latencyResult(),
  throughput: throughputResult(),
  scalability: scalabilityResult(),
  memory: memoryResult(),
  "operating-points": operatingPointsResult([operatingPoint(240, 8, 4)]),
};

const gateOf = (tests: TestResults, text: string, lenient = false) =>
  evaluateGate(tests, parseObjectives(text), { lenient });
const only = (tests: TestResults, text: string) => gateOf(tests, text).outcomes[0]!;

Deno.test("evaluateGate() takes latency, errors and throughput from the basic test's level wherever there is one", () => {
  for (const objective of ["p99<1s", "errors<9%", "throughput>1/s", "ttfb-p95<1s"]) {
    assertEquals(only(whole, objective).place, { test: "basic", batchSize: 1, concurrency: 1 }, objective);
  }
  assertEquals(only(whole, "throughput>1/s").measured, whole.basic!.requestsPerSecond);
});

Deno.test("evaluateGate() takes them from a sweep's optimum or the warm requests where there is no basic test", () => {
  const { throughput, scalability, latency } = whole;
  assertEquals(only({ throughput: throughput! }, "p99<1s").place, {
    test: "throughput",
    batchSize: throughput!.optimalBatchSize,
    concurrency: 1,
  });
  assertEquals(only({ scalability: scalability! }, "p99<1s").place, {
    test: "scalability",
    batchSize: 1,
    concurrency: scalability!.optimalConcurrency,
  });
  assertEquals(only({ latency: latency! }, "p50<1s").measured, latency!.warm!.latencyMs!.p50);
});

Deno.test("evaluateGate() finds the figures that belong to one test", () => {
  const measured = (text: string) => only(whole, text).measured;
  assertEquals(measured("cold<5s"), whole.latency!.cold!.totalMs.mean);
  assertEquals(measured("warm<5s"), whole.latency!.warm!.latencyMs!.mean);
  assertEquals(measured("overhead<5s"), whole.latency!.overheadMs);
  assertEquals(measured("overhead<500%"), whole.latency!.overheadPercent);
  assertEquals(measured("footprint<1GB")?.value, whole.memory!.modelFootprintBytes);
  assertEquals(measured("growth<1KB/request"), whole.memory!.growth!.bytesPerRequest);
  assertEquals(only(whole, "peak>1pred/s").measured, whole["operating-points"]!.points[0]!.predictionsPerSecond);
  assertEquals(only({ throughput: whole.throughput! }, "peak>1pred/s").place?.batchSize, 8);
});

Deno.test("evaluateGate() judges a reading without an interval as it is", () => {
  const mib = whole.memory!.modelFootprintBytes! / 2 ** 20;
  assertEquals(only(whole, `footprint<${mib + 1}MiB`).verdict, "met");
  assertEquals(only(whole, `footprint<${mib - 1}MiB`).verdict, "missed");
  const { cold } = latencyResult();
  const once = {
    ...cold!,
    totalMs: { ...cold!.totalMs, mean: { ...cold!.totalMs.mean, low: null, high: null, n: 1 } },
  };
  const { verdict, absence } = only({ latency: latencyResult({ cold: once }) }, "cold<9s");
  assertEquals([verdict, absence], ["cannot tell", "one alone tells no other, and more of them do"]);
});

Deno.test("evaluateGate() says that a server was lost where that is why an objective cannot be told", () => {
  const basic = basicResult({ lost: { atMs: 4000, failed: 4, reason: "connection refused" } });
  const { verdict, absence } = only({ basic }, "p99<9s");
  assertEquals([verdict, absence], ["cannot tell", "the server was lost in it"]);
  assertEquals(only({ basic }, "p99<1ms").absence, null);
});

Deno.test("evaluateGate() passes only what is met, unless it is lenient; a miss always fails", () => {
  const straddles = `p95<${whole.basic!.latencyMs!.p95.value}ms`;
  assertEquals(only(whole, straddles).verdict, "cannot tell");
  const passes = (text: string, lenient: boolean) => gateOf(whole, text, lenient).passed;
  assertEquals([passes(straddles, false), passes(straddles, true)], [false, true]);
  assertEquals([passes("p95<1s", false), passes("p95<1s", true)], [true, true]);
  assertEquals([passes("p95<1ms", false), passes("p95<1ms", true)], [false, false]);
});

Deno.test("evaluateGate() says how many samples would tell, by which it then can be told", () => {
  const figure = only(whole, "throughput>45/s");
  assertEquals([figure.verdict, figure.observationsNeeded], ["met", null]);
  const close = only(whole, "throughput>45.3/s");
  assertEquals(close.verdict, "cannot tell");
  const { value, n } = close.measured!;
  const halfWidth = (value - close.measured!.low!) * Math.sqrt(n / close.observationsNeeded!);
  assert(value - halfWidth >= 45.3 - 1e-9 && close.observationsNeeded! > n);
  const errors = only(whole, "errors<1%");
  assert(errors.observationsNeeded! > 350 && errors.observationsNeeded! < 420, `${errors.observationsNeeded}`);
});

Deno.test("evaluateGate() cannot tell what was not measured, and says why", () => {
  const { cold: _, ...rest } = latencyResult();
  const noCold = { latency: { ...rest, cold: null, absences: { cold: "the model could not be unloaded" } } };
  const outcome = only(noCold, "cold<5s");
  assertEquals([outcome.verdict, outcome.absence], ["cannot tell", "the model could not be unloaded"]);
  assertEquals(gateOf(noCold, "cold<5s").passed, false);
  const noFirstByte = { basic: basicResult({ firstByteMs: null }) };
  assertEquals(only(noFirstByte, "ttfb-p95<1s").absence, "no first byte was timed");
});

Deno.test("evaluateGate() has a server that answers nothing miss what is wanted of it", () => {
  const dead = { basic: basicResult({ ...failedMeasurement() }) };
  const gate = gateOf(dead, "p99<1s,errors<5%,throughput>1/s", true);
  assertEquals(gate.outcomes.map(({ verdict }) => verdict), ["missed", "missed", "missed"]);
});

Deno.test("gateMetrics() covers every metric in a comprehensive test, and refuses what a single test lacks", () => {
  assertEquals(gateMetrics(RESULT_KINDS).toSorted(), OBJECTIVE_METRICS.toSorted());
  assertThrows(() => parseObjectives("cold<1s", gateMetrics(["basic"])), UsageError, "what is measured here");
  const timed = { firstByteMs: distribution(4), gpu: gpuUse(), ...streamed(), ...limited() };
  const levelsOf = <Level>({ levels }: { levels: readonly Level[] }) => levels.map((of) => ({ ...of, ...timed }));
  const memory = memoryResult(true, { growth: { ...whole.memory!.growth!, bytesPerRequest: estimate(42) } });
  const tests: TestResults = {
    basic: { ...whole.basic!, ...timed },
    latency: latencyResult({ starts: serverStarts(), warm: { ...whole.latency!.warm!, ...timed } }),
    throughput: throughputResult(undefined, { levels: levelsOf(whole.throughput!) }),
    scalability: scalabilityResult(undefined, { levels: levelsOf(whole.scalability!) }),
    load: loadResult({ levels: levelsOf(loadResult()) }),
    memory: { ...memory, gpu: { ...memory.gpu!, growth: memory.growth, allocatedGrowth: memory.growth } },
  };
  const units: Readonly<Record<string, string>> = {
    errors: "%",
    energy: "J",
    footprint: "GB",
    "footprint-gpu": "GB",
    growth: "B/request",
    "growth-gpu": "B/request",
    "growth-allocated": "B/request",
  };
  for (const kind of Object.keys(tests) as ResultKind[]) {
    for (const metric of gateMetrics([kind])) {
      const rates: Readonly<Record<string, string>> = {
        throughput: "/s",
        peak: "/s",
        goodput: "/s",
        output: "tokens/s",
      };
      const text = `${metric}${metric in rates ? `>1${rates[metric]}` : `<9${units[metric] ?? "s"}`}`;
      assert(only({ [kind]: tests[kind] }, text).measured !== null, `${kind} does not measure ${metric}`);
    }
  }
});
