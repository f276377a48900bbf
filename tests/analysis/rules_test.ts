import { assertEquals } from "@std/assert";
import { batchSize } from "../../src/analysis/batching.ts";
import type { TestResults, ThroughputLevel } from "../../src/results/result.ts";
import { estimate } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { gpuUse } from "../results/window/gpu_use.ts";
import { failedMeasurement, measurement } from "../results/window/windows.ts";
import { calmUse } from "../results/result_base.ts";
import { testRules } from "./rule_cases.ts";

const overhead = (value: number, low: number | null, high: number | null): TestResults => ({
  latency: latencyResult({ overheadMs: { value, low, high, level: 0.95, n: 5 } }),
});
const plateau = (plateauBatchSize: number | null, optimalBatchSize: number): TestResults => ({
  throughput: throughputResult(undefined, { plateauBatchSize, optimalBatchSize }),
});
const degradation = (value: number, halfWidth: number, kappaLow = -0.001): TestResults => {
  const usl = scalabilityResult().usl!;
  return {
    scalability: scalabilityResult(undefined, {
      degradationPercent: estimate(value, halfWidth),
      usl: { ...usl, kappa: { ...usl.kappa, low: kappaLow } },
    }),
  };
};
const failing = (failed: number, of: number): TestResults => ({
  basic: basicResult({ requests: of, failed, succeeded: of - failed, failuresByReason: { status: failed } }),
});
const limiting = (limited: number, of: number, heldMs?: number): TestResults => ({
  basic: basicResult({
    requests: of,
    failed: limited,
    succeeded: of - limited,
    failuresByReason: { limited },
    ...heldMs === undefined ? {} : { heldMs },
  }),
});
const littlesLaw = (ratio: number, succeeded = 1000): TestResults => ({
  scalability: scalabilityResult(undefined, {
    levels: scalabilityResult().levels.map((level) => ({ ...level, littlesLawRatio: ratio, succeeded })),
  }),
});
const clocksOf = (...clocks: readonly number[]): TestResults => {
  const throughput = throughputResult({ 1: 45, 2: 71 });
  const levels = throughput.levels.map((level, i) => ({ ...level, gpu: gpuUse({ smClockMhz: clocks[i]! }) }));
  return { throughput: { ...throughput, levels } };
};
const sweepOf = (change: Partial<ThroughputLevel>): TestResults => ({
  throughput: throughputResult(undefined, {
    levels: throughputResult().levels.map((level) => level.batchSize === 8 ? { ...level, ...change } : level),
    optimalBatchSize: 8,
  }),
});
const together = operatingPoint(160, 8, 4);

testRules([
  { why: "overhead of 1 s", tests: overhead(1000, 900, 1100), notFound: "cold-start-overhead", notAdvised: "preload" },
  { why: "overhead above 1 s", tests: overhead(1001, 900, 1100), found: "cold-start-overhead", advised: "preload" },
  { why: "overhead whose interval reaches 1 s", tests: overhead(900, 800, 1000), advised: "no-preload-needed" },
  { why: "overhead whose interval passes 1 s", tests: overhead(900, 800, 1001), notAdvised: "no-preload-needed" },
  { why: "overhead of unknown reach", tests: overhead(900, null, null), notAdvised: "no-preload-needed" },
  { why: "no overhead measured", tests: { latency: latencyResult({ overheadMs: null }) }, notAdvised: "preload" },

  { why: "plateau at 4", tests: plateau(4, 4), found: "batch-plateau", advised: "batch-plateau" },
  { why: "plateau at 8", tests: plateau(8, 8), notFound: "batch-plateau", notAdvised: "batch-plateau" },
  {
    why: "a plateau below a size that may yet be faster",
    tests: {
      throughput: throughputResult(undefined, { plateauBatchSize: 4, optimalBatchSize: 4, optimumRivals: [16] }),
    },
    notFound: "batch-plateau",
    notAdvised: "batch-plateau",
  },
  { why: "dip at 4 below an optimum of 16", tests: plateau(4, 16), notFound: "batch-plateau" },
  {
    why: "a plateau that the client made",
    tests: {
      throughput: throughputResult(undefined, {
        plateauBatchSize: 4,
        optimalBatchSize: 2,
        levels: throughputResult().levels.map((level) => ({ ...level, clientLimited: level.batchSize === 4 })),
      }),
    },
    notFound: "batch-plateau",
  },
  { why: "no plateau", tests: plateau(null, 8), notFound: "batch-plateau" },

  { why: "loss of 20 %", tests: degradation(20, 1), notFound: "rapid-degradation", notAdvised: "reduce-contention" },
  { why: "loss over 20 %", tests: degradation(20.1, 1), found: "rapid-degradation", advised: "reduce-contention" },
  { why: "loss lost in noise", tests: degradation(25, 25), notFound: "rapid-degradation" },
  {
    why: "sure pairwise cost",
    tests: degradation(6, 2, 0.001),
    found: "rapid-degradation",
    notAdvised: "reduce-contention",
  },
  { why: "pairwise cost that may be none", tests: degradation(6, 2, 0), notFound: "rapid-degradation" },
  { why: "pairwise cost without a loss", tests: degradation(1, 2, 0.001), notFound: "rapid-degradation" },

  { why: "no failure", tests: failing(0, 1000), notFound: "errors" },
  { why: "a limit is no error", tests: limiting(500, 1000), notFound: "errors", notAdvised: "fix-errors" },
  { why: "a limit", tests: limiting(10, 1000), found: "rate-limited", advised: "heed-limit" },
  { why: "a limit met seldom", tests: limiting(9, 1000), found: "rate-limited", notAdvised: "heed-limit" },
  { why: "a limit that was heeded", tests: limiting(1, 1000, 5000), found: "rate-limited", advised: "heed-limit" },
  { why: "no limit", tests: failing(10, 1000), notFound: "rate-limited", notAdvised: "heed-limit" },
  { why: "failures under 1 %", tests: failing(9, 1000), found: "errors", notAdvised: "fix-errors" },
  { why: "failures of 1 %", tests: failing(10, 1000), found: "errors", advised: "fix-errors" },
  {
    why: "failures of warm requests",
    tests: {
      latency: latencyResult({ warm: failedMeasurement() }),
    },
    found: "errors",
    notFound: "not-converged",
    advised: "fix-errors",
  },

  { why: "wide intervals", tests: { basic: basicResult({ converged: false }) }, found: "not-converged" },
  { why: "narrow intervals", tests: { basic: basicResult() }, notFound: "not-converged" },
  {
    why: "wide warm intervals",
    tests: { latency: latencyResult({ warm: { ...latencyResult().warm!, converged: false } }) },
    found: "not-converged",
  },

  {
    why: "wide intervals of a level that was visited once",
    tests: { throughput: throughputResult(undefined, { left: [{ level: 32, reason: "no-gain", than: 8 }] }) },
    notFound: "not-converged",
  },
  {
    why: "wide intervals of a level that was not left",
    tests: { throughput: throughputResult() },
    found: "not-converged",
  },

  { why: "Little's law within 5 %", tests: littlesLaw(0.951), notFound: "littles-law" },
  { why: "Little's law off above", tests: littlesLaw(1.051), found: "littles-law" },
  { why: "Little's law off below", tests: littlesLaw(0.949), found: "littles-law" },
  {
    why: "Little's law off by what the ends of a window do to few requests",
    tests: littlesLaw(1.06, 16),
    notFound: "littles-law",
  },

  {
    why: "one load 26 % apart in two tests",
    tests: {
      basic: basicResult(),
      "operating-points": operatingPointsResult([operatingPoint(45.67 * 1.26, 1, 1)]),
    },
    found: "drift",
    advised: "repeat-run",
  },
  {
    why: "one load 24 % apart in two tests",
    tests: {
      basic: basicResult(),
      "operating-points": operatingPointsResult([operatingPoint(45.67 * 1.24, 1, 1)]),
    },
    notFound: "drift",
    notAdvised: "repeat-run",
  },
  {
    why: "one load apart within wide intervals",
    tests: {
      basic: basicResult({ requestsPerSecond: estimate(45.67, 60) }),
      scalability: scalabilityResult({ 1: 90, 2: 120 }),
    },
    notFound: "drift",
  },
  {
    why: "different loads apart",
    tests: { basic: basicResult({ ...measurement(90, 64, 1), concurrency: 64 }), scalability: scalabilityResult() },
    notFound: "drift",
  },

  {
    why: "a client that takes a quarter of the cores that it shares with the server",
    tests: { basic: basicResult({ clientUse: { ...calmUse, cpuShare: 0.5, sharedCores: 2 } }) },
    found: "client-cpu",
  },
  {
    why: "a client that takes less of them",
    tests: { basic: basicResult({ clientUse: { ...calmUse, cpuShare: 0.9, sharedCores: 4 } }) },
    notFound: "client-cpu",
  },
  {
    why: "a client on another machine",
    tests: { basic: basicResult({ clientUse: { ...calmUse, cpuShare: 1.1 } }) },
    notFound: "client-cpu",
  },

  {
    why: "a GPU that was throttled for a tenth of a window",
    tests: { basic: basicResult({ gpu: gpuUse({ throttledShare: 0.1, throttledBy: { power: 0.1 } }) }) },
    found: "gpu-throttled",
  },
  {
    why: "a GPU that was throttled for a moment",
    tests: { basic: basicResult({ gpu: gpuUse({ throttledShare: 0.005, throttledBy: { power: 0.005 } }) }) },
    notFound: "gpu-throttled",
  },
  { why: "levels at different clocks", tests: clocksOf(1980, 1755), found: "gpu-clocks" },
  { why: "levels at nearly the same clock", tests: clocksOf(1980, 1935), notFound: "gpu-clocks" },
  { why: "no GPU", tests: { basic: basicResult({ gpu: null }) }, notFound: "gpu-throttled" },

  { why: "a usable optimum", tests: sweepOf({}), advised: "batch-size" },
  {
    why: "an optimum that the client set",
    tests: sweepOf({ clientLimited: true }),
    found: "client-limited",
    advised: "batch-size",
  },
  {
    why: "an optimum with 1 % of errors",
    tests: sweepOf({ requests: 100, failed: 1, errorRate: estimate(0.01) }),
    notAdvised: "batch-size",
  },
  { why: "two levels", tests: { throughput: throughputResult({ 1: 32, 8: 145 }) }, advised: "batch-size" },
  {
    why: "two levels of which one failed",
    tests: {
      throughput: throughputResult({ 8: 145 }, {
        levels: [
          { ...failedMeasurement(), batchSize: 1, efficiency: null, speedup: null },
          ...throughputResult({ 8: 145 }).levels,
        ],
      }),
    },
    notAdvised: "batch-size",
  },
  { why: "one level only", tests: { throughput: throughputResult({ 8: 145 }) }, notAdvised: "batch-size" },
  { why: "a usable concurrency", tests: { scalability: scalabilityResult() }, advised: "concurrency" },
  { why: "two concurrencies", tests: { scalability: scalabilityResult({ 1: 45, 4: 118 }) }, advised: "concurrency" },
  { why: "one concurrency only", tests: { scalability: scalabilityResult({ 4: 118 }) }, notAdvised: "concurrency" },
  {
    why: "two optima that were not measured together",
    tests: { throughput: throughputResult(), scalability: scalabilityResult() },
    advised: "batch-size",
    notAdvised: "operating-point",
  },
  {
    why: "two optima that were measured together",
    tests: {
      throughput: throughputResult(),
      scalability: scalabilityResult(),
      "operating-points": operatingPointsResult([together]),
    },
    advised: "operating-point",
    notAdvised: "batch-size",
  },
  {
    why: "a joint point that the client set",
    tests: {
      throughput: throughputResult(),
      "operating-points": operatingPointsResult([{ ...together, clientLimited: true }]),
    },
    advised: "operating-point",
    notAdvised: "batch-size",
  },
]);

Deno.test("the advice of a batch size tells no gain where the client limited that size or batch 1", () => {
  const gainOf = (limited: number) => {
    const levels = throughputResult().levels.map((level) => ({ ...level, clientLimited: level.batchSize === limited }));
    const advice = batchSize({ throughput: throughputResult(undefined, { levels, optimalBatchSize: 8 }) }, [], {});
    return advice?.code === "batch-size" && advice.evidence.speedup !== null;
  };
  assertEquals([gainOf(4), gainOf(1), gainOf(8)], [true, false, false]);
});
