import { DISTURBED_SCENARIOS } from "./disturbances/disturbed_scenarios.ts";
import { ENERGY_SCENARIOS } from "./gpu/energy_scenarios.ts";
import { GPU_SCENARIOS } from "./gpu/gpu_scenarios.ts";
import { INTERVAL_SCENARIOS } from "./intervals/interval_scenarios.ts";
import { SATURATION_SCENARIOS } from "./intervals/saturation_scenarios.ts";
import { measureBasic, measureLatency, measureMemory, measureQueue, measureStall } from "./measure.ts";
import { measureScalability, measureThroughput } from "./sweeps.ts";
import { fixed, type Scenario, virtual } from "./scenario.ts";
import type { MemoryBehaviour } from "./server_behaviour.ts";
import type { ServiceTime } from "./service_time.ts";
import { STREAM_SCENARIOS } from "./streams/stream_scenarios.ts";

export type { Scenario } from "./scenario.ts";

const steady: ServiceTime = { kind: "uniform", meanMs: 10, halfWidth: 0.05 };
const noisy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 0.3 };
const heavy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 1 };

const calm: ServiceTime = { kind: "lognormal", meanMs: 8, variation: 0.2 };

const slowFirst = (factor: number) => ({ warmUp: { requests: 400, factor, falls: "at-once" } }) as const;

const BASIC: readonly Scenario[] = [
  fixed("basic", "steady", { service: steady }, measureBasic()),
  fixed("basic", "lognormal", { service: heavy }, measureBasic()),
  fixed("basic", "pareto", { service: { kind: "pareto", meanMs: 10, alpha: 2.5 } }, measureBasic()),
  fixed(
    "basic",
    "bimodal",
    { service: { kind: "bimodal", fastMs: 8, slowMs: 40, slowShare: 0.1 } },
    measureBasic(),
  ),
  fixed(
    "basic",
    "rare-slow",
    { service: { kind: "bimodal", fastMs: 8, slowMs: 80, slowShare: 0.03 } },
    measureBasic(),
  ),
  fixed("basic", "autocorrelated", { service: noisy, autocorrelation: 0.8 }, measureBasic()),
  fixed("basic", "autocorrelated-heavy", { service: heavy, autocorrelation: 0.9 }, measureBasic()),
  fixed(
    "basic",
    "one-worker-queue",
    { service: { kind: "exponential", meanMs: 5 }, workers: 1 },
    measureBasic({ concurrency: 8 }),
  ),
  fixed(
    "basic",
    "three-worker-queue",
    { service: { kind: "exponential", meanMs: 10 }, workers: 3 },
    measureBasic({ concurrency: 16 }),
  ),
  fixed(
    "basic",
    "poisson-half-load",
    { service: { kind: "exponential", meanMs: 5 }, workers: 1 },
    measureQueue({ ratePerSecond: 100 }),
  ),
  fixed(
    "basic",
    "poisson-80-percent",
    { service: { kind: "exponential", meanMs: 5 }, workers: 1 },
    measureQueue({ ratePerSecond: 160 }),
  ),
  fixed(
    "basic",
    "poisson-overload",
    { service: { kind: "exponential", meanMs: 5 }, workers: 1 },
    measureQueue({ ratePerSecond: 260 }),
  ),
  fixed("basic", "failing-items", { service: noisy, failureRate: 0.03 }, measureBasic({ concurrency: 4 })),
  fixed("basic", "warm-up-50", { service: noisy, warmUp: { requests: 50, factor: 4 } }, measureBasic()),
  fixed("basic", "warm-up-50-heavy", { service: heavy, warmUp: { requests: 50, factor: 4 } }, measureBasic()),
  // Longer than the least that a window takes: what it shows without looking on is the warm-up alone. It must end in the window.
  fixed("basic", "slow-first-400-twice", { service: calm, ...slowFirst(2) }, measureBasic({ durationMs: 12e3 })),
  fixed("basic", "slow-first-400-by-30%", { service: calm, ...slowFirst(1.3) }, measureBasic({ durationMs: 12e3 })),
  fixed("basic", "autocorrelated-calm", { service: calm, autocorrelation: 0.9 }, measureBasic()),
  ...INTERVAL_SCENARIOS.map(({ name, behaviour, measure }) => fixed("basic", name, behaviour, measure)),
  ...SATURATION_SCENARIOS.map(({ name, behaviour, measure }) => fixed("basic", name, behaviour, measure)),
  ...ENERGY_SCENARIOS.map(({ name, behaviour, measure }) => virtual(fixed("basic", name, behaviour, measure))),
  ...DISTURBED_SCENARIOS,
  {
    name: "stall-2s",
    test: "basic",
    behaviour: (seed) => ({ service: noisy, stall: { atRequest: 30 + seed * 13 % 70, durationMs: 2000 } }),
    // With a fixed count the stall lies inside the window whatever the stop rule does.
    measure: measureStall({ requests: 200, warmUpRequests: 10 }),
  },
  {
    name: "stall-2s-adaptive",
    test: "basic",
    behaviour: (seed) => ({ service: noisy, stall: { atRequest: 15 + seed * 7 % 40, durationMs: 2000 } }),
    // Nor shall it lie in the warm-up of the run.
    measure: measureStall({ warmUpRequests: 10 }),
  },
];

const cold = { loadMs: 400, firstMs: 150, variation: 0.2 };

const LATENCY: readonly Scenario[] = [
  fixed("latency", "cold-start", { service: noisy, cold }, measureLatency()),
  fixed(
    "latency",
    "cold-start-skewed",
    { service: noisy, cold: { ...cold, variation: 0.6 } },
    measureLatency(),
  ),
  fixed(
    "latency",
    "cold-start-gamma",
    { service: noisy, cold: { ...cold, kind: "gamma", variation: 1 } },
    measureLatency(),
  ),
  fixed(
    "latency",
    "cold-start-gamma-skewed",
    { service: noisy, cold: { ...cold, kind: "gamma", variation: 1.4 } },
    measureLatency(),
  ),
  fixed("latency", "cold-first-longer", { service: noisy, cold: { ...cold, onceMs: 800 } }, measureLatency()),
  fixed(
    "latency",
    "cold-then-warm-up-50",
    { service: noisy, cold, warmUp: { requests: 50, factor: 3 } },
    measureLatency(),
  ),
  fixed("latency", "unload-lies", { service: noisy, cold, honestUnload: false }, measureLatency()),
];

const THROUGHPUT: readonly Scenario[] = [
  fixed(
    "throughput",
    "optimum-inside",
    { service: noisy, batchFixedItems: 6, largestBatch: 8 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 12, 20] }),
  ),
  fixed("throughput", "optimum-at-end", { service: noisy, batchFixedItems: 30 }, measureThroughput()),
  fixed(
    "throughput",
    "two-equal-sizes",
    { service: noisy, batchFixedItems: 6, largestBatch: 8 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 16] }),
  ),
  fixed(
    "throughput",
    "two-equal-heavy",
    { service: heavy, batchFixedItems: 6, largestBatch: 8 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 16] }),
  ),
  fixed(
    "throughput",
    "diminishing-heavy",
    { service: heavy, batchFixedItems: 1 },
    measureThroughput(),
  ),
  fixed("throughput", "linear-cost", { service: steady, batchFixedItems: 0 }, measureThroughput()),
  fixed("throughput", "batch-gains-nothing", { service: noisy, batchFixedItems: 0 }, measureThroughput()),
  fixed(
    "throughput",
    "drift",
    { service: noisy, batchFixedItems: 6, largestBatch: 8, driftPerSecond: 0.01 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 16] }, true),
  ),
  // As a part of comprehensive, which leaves levels that can no longer be the optimum after one visit.
  fixed(
    "throughput",
    "optimum-inside-left",
    { service: noisy, batchFixedItems: 6, largestBatch: 8 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 12, 20], full: false }),
  ),
  fixed(
    "throughput",
    "two-equal-heavy-left",
    { service: heavy, batchFixedItems: 6, largestBatch: 8 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 16], full: false }),
  ),
  fixed("throughput", "linear-cost-left", { service: steady, batchFixedItems: 0 }, measureThroughput({ full: false })),
  fixed(
    "throughput",
    "drift-left",
    { service: noisy, batchFixedItems: 6, largestBatch: 8, driftPerSecond: 0.01 },
    measureThroughput({ batchSizes: [1, 2, 4, 8, 16], full: false }, true),
  ),
];

const SCALABILITY: readonly Scenario[] = [
  fixed("scalability", "linear", { service: noisy, usl: { sigma: 0, kappa: 0 } }, measureScalability()),
  fixed("scalability", "saturating", { service: noisy, usl: { sigma: 0.15, kappa: 0 } }, measureScalability()),
  fixed("scalability", "retrograde", { service: noisy, usl: { sigma: 0.05, kappa: 0.01 } }, measureScalability()),
  fixed(
    "scalability",
    "retrograde-heavy",
    { service: heavy, usl: { sigma: 0.05, kappa: 0.01 } },
    measureScalability(),
  ),
  fixed(
    "scalability",
    "two-workers",
    { service: noisy, workers: 2 },
    measureScalability(),
  ),
  fixed(
    "scalability",
    "four-workers",
    { service: { kind: "exponential", meanMs: 10 }, workers: 4 },
    measureScalability(),
  ),
  fixed(
    "scalability",
    "retrograde-heavy-left",
    { service: heavy, usl: { sigma: 0.05, kappa: 0.01 } },
    measureScalability({ full: false }),
  ),
  fixed(
    "scalability",
    "two-workers-left",
    { service: noisy, workers: 2 },
    measureScalability({ full: false }),
  ),
];

const resident: MemoryBehaviour = {
  baseBytes: 200e6,
  modelBytes: 100e6,
  leakBytes: 0,
  stepBytes: 2 ** 20,
  noiseBytes: 300e3,
};

function memory(name: string, changes: Partial<MemoryBehaviour>): Scenario {
  return fixed("memory", name, { service: noisy, memory: { ...resident, ...changes } }, measureMemory());
}

const MEMORY: readonly Scenario[] = [
  memory("leak-none", {}),
  memory("leak-1KB", { leakBytes: 1024 }),
  memory("leak-20KB", { leakBytes: 20 * 1024 }),
  // An allocator takes memory in segments.
  memory("leak-20KB-4MB-segments", { leakBytes: 20 * 1024, stepBytes: 4 * 2 ** 20 }),
  memory("leak-20KB-16MB-segments", { leakBytes: 20 * 1024, stepBytes: 16 * 2 ** 20 }),
  memory("stair-that-ends", { cacheBytes: 60e6, cacheRequests: 600, stepBytes: 4 * 2 ** 20 }),
  memory("one-segment-of-16MB", { cacheBytes: 17e6, cacheRequests: 800, stepBytes: 16 * 2 ** 20 }),
  memory("garbage-collected", { garbageBytes: 60e3, garbageLimitBytes: 24e6 }),
  memory("garbage-and-leak-20KB", { garbageBytes: 60e3, garbageLimitBytes: 24e6, leakBytes: 20 * 1024 }),
  memory("cache-that-fills", { cacheBytes: 60e6, cacheRequests: 800 }),
  ...GPU_SCENARIOS.map(({ name, gpu, measure }) =>
    virtual(fixed("memory", name, { service: noisy, memory: { ...resident, gpu } }, measure))
  ),
];

/** Every scenario. */
export const SCENARIOS: readonly Scenario[] = [
  ...BASIC,
  ...LATENCY,
  ...THROUGHPUT,
  ...SCALABILITY,
  ...MEMORY,
  ...STREAM_SCENARIOS,
];
