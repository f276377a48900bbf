/** Builders of plausible results, so that a test states only what it is about. */
import type { Distribution, Estimate } from "../../src/core/estimate.ts";
import type { FailureReason } from "../../src/core/outcome.ts";
import type {
  AbResult,
  BasicResult,
  ClientCheck,
  ClientUse,
  LatencyResult,
  LoadResult,
  MemoryPhaseName,
  MemoryResult,
  OpenWindow,
  OperatingPoint,
  OperatingPointsResult,
  ResultBase,
  ScalabilityLevel,
  ScalabilityResult,
  ThroughputLevel,
  ThroughputResult,
  Window,
} from "../../src/results/result.ts";
import { findOptimum } from "../../src/measure/find_optimum.ts";

export const MB = 2 ** 20;

export function estimate(value: number, halfWidth: number | null = Math.abs(value) * 0.02, n = 200): Estimate {
  if (halfWidth === null) return { value, low: null, high: null, level: 0.95, n };
  return { value, low: value - halfWidth, high: value + halfWidth, level: 0.95, n };
}

/** Latencies with a short tail; under 300 observations the p99 has no upper end. */
export function distribution(mean: number, n = 200): Distribution {
  const quantile = (factor: number, high: number | null) => ({
    value: mean * factor,
    low: mean * factor * 0.985,
    high: high === null ? null : mean * factor * high,
    level: 0.95,
    n,
  });
  return {
    n,
    min: mean * 0.91,
    mean: estimate(mean, mean * 0.011, n),
    p50: quantile(0.98, 1.01),
    p90: quantile(1.12, 1.03),
    p95: quantile(1.2, n < 100 ? null : 1.05),
    p99: quantile(1.45, n < 300 ? null : 1.12),
    max: mean * 1.71,
  };
}

export const calmClient: ClientCheck = {
  cpuMsPerRequest: 0.11,
  cpuShare: 0.04,
  eventLoopLagP99Ms: 1.2,
  ceilingPerSecond: 9120,
  limited: false,
};

/** What a client that has time to spare sees of itself in a window. */
export const calmUse: ClientUse = {
  cpuShare: 0.04,
  threadShare: 0.03,
  starvedShare: 0.002,
  sharedCores: null,
  writingShare: 0.01,
  readingShare: 0.01,
  judgingShare: 0.005,
  betweenShare: 0.01,
  lagP99Ms: 1.2,
  ceilingPerSecond: 9120,
  because: [],
};

export const base: ResultBase = {
  startedAt: "2026-03-04T09:30:00.000Z",
  elapsedMs: 5230,
  partial: null,
  absences: {},
  client: calmClient,
};

/** One closed-loop window at a rate; its latency follows from Little's law. */
export function measurement(
  requestsPerSecond: number,
  concurrency: number,
  batchSize: number,
  overrides: Partial<Window> = {},
): Window {
  const n = Math.max(12, Math.round(requestsPerSecond * 4));
  return {
    load: { kind: "closed", concurrency, batchSize },
    latencyFrom: "sent",
    requests: n,
    succeeded: n,
    failed: 0,
    cancelled: concurrency,
    failuresByReason: {},
    failureExamples: {},
    warmUpRequests: 10,
    cutRequests: 5,
    durationMs: 4000,
    requestsPerSecond: estimate(requestsPerSecond, requestsPerSecond * 0.014, n),
    predictionsPerSecond: estimate(requestsPerSecond * batchSize, requestsPerSecond * batchSize * 0.014, n),
    latencyMs: distribution(1000 * concurrency / requestsPerSecond, n),
    firstByteMs: null,
    serverMs: null,
    errorRate: { value: 0, low: 0, high: 3.84 / (n + 3.84), level: 0.95, n },
    converged: true,
    clientLimited: false,
    ...overrides,
  };
}

/** A window of which some requests failed. */
export function withFailures<W extends Window>(window: W, failed: number, reason: FailureReason = "status"): W {
  const { requests } = window;
  const share = failed / requests;
  return {
    ...window,
    succeeded: requests - failed,
    failed,
    failuresByReason: { [reason]: failed },
    errorRate: { value: share, low: share / 2, high: Math.min(1, 2 * share + 0.02), level: 0.95, n: requests },
  };
}

/** A window in which nothing succeeded. */
export function failedMeasurement(requests = 40): Window {
  return {
    load: { kind: "closed", concurrency: 1, batchSize: 1 },
    latencyFrom: "sent",
    requests,
    succeeded: 0,
    failed: requests,
    cancelled: 0,
    failuresByReason: { status: requests - 4, timeout: 4 },
    failureExamples: { status: "503 Service Unavailable: no worker for model resnet18", timeout: "no answer in 30 s" },
    warmUpRequests: 10,
    cutRequests: 0,
    durationMs: 4000,
    requestsPerSecond: null,
    predictionsPerSecond: null,
    latencyMs: null,
    firstByteMs: null,
    serverMs: null,
    errorRate: { value: 1, low: requests / (requests + 3.84), high: 1, level: 0.95, n: requests },
    converged: false,
    clientLimited: false,
  };
}

export function basicResult(overrides: Partial<BasicResult> = {}): BasicResult {
  return {
    ...base,
    ...measurement(45.67, 1, 1),
    kind: "basic",
    concurrency: 1,
    batchSize: 1,
    firstByteMs: distribution(21.7, 183),
    serverMs: distribution(20.3, 183),
    timeline: Array.from({ length: 180 }, (_, k) => ({ atMs: 22 * (k + 1), latencyMs: 21.5 + Math.sin(k) ** 8 * 12 })),
    ...overrides,
  };
}

export function latencyResult(overrides: Partial<LatencyResult> = {}): LatencyResult {
  const sample = (loadMs: number, firstInferenceMs: number) => ({
    unloadMs: 34.1,
    loadMs,
    firstInferenceMs,
    totalMs: loadMs + firstInferenceMs,
    evidence: "predict was refused with 404",
  });
  return {
    ...base,
    kind: "latency",
    cold: {
      samples: [sample(2105, 190), sample(2190, 204), sample(2302, 212), sample(2120, 188), sample(2140, 199)],
      totalMs: {
        ...distribution(2370, 5),
        min: 2295,
        max: 2514,
        mean: { value: 2370, low: 2310, high: 2446, level: 0.95, n: 5 },
        p50: { value: 2339, low: 2295, high: 2514, level: 0.95, n: 5 },
        p95: { value: 2490, low: 2394, high: null, level: 0.95, n: 5 },
      },
    },
    warm: { ...measurement(45.2, 1, 1, { latencyMs: distribution(22.1, 120) }), requests: 120, succeeded: 120 },
    overheadMs: { value: 2348, low: 2288, high: 2424, level: 0.95, n: 5 },
    overheadPercent: { value: 10_620, low: 10_300, high: 11_010, level: 0.95, n: 5 },
    warmUpCurveMs: [199, 31.2, 23.4, 22.6, 22.2, 22.1, 22.3, 22.0, 22.1, 22.2, 22.1],
    ...overrides,
  };
}

/** A batch sweep from predictions per second by batch size; its optimum is the one that the test would find. */
export function throughputResult(
  rates: Readonly<Record<number, number>> = { 1: 45.1, 2: 71.4, 4: 111.8, 8: 145.67, 16: 142.34, 32: 139.2 },
  overrides: Partial<ThroughputResult> = {},
): ThroughputResult {
  const levels = overrides.levels ?? Object.entries(rates).map(([size, rate]): ThroughputLevel => {
    const batchSize = Number(size);
    const measured = measurement(rate / batchSize, 1, batchSize, batchSize >= 32 ? { converged: false } : {});
    return {
      ...measured,
      batchSize,
      efficiency: estimate(rate / (measured.latencyMs!.mean.value / 1000)),
      speedup: rates[1] === undefined ? null : estimate(rate / rates[1], rate / rates[1] * 0.02),
    };
  });
  const candidates = levels.map((window) => ({ level: window.batchSize, rate: window.predictionsPerSecond, window }));
  const absences: Record<string, string> = {};
  const { optimal, equivalent, best } = findOptimum(candidates, absences, "optimalBatchSize");
  return {
    ...base,
    kind: "throughput",
    concurrency: 1,
    levels,
    optimalBatchSize: optimal,
    equivalentBatchSizes: equivalent,
    maxPredictionsPerSecond: best,
    plateauBatchSize: 16,
    ...overrides,
    absences: { ...absences, ...overrides.absences },
  };
}

/** A concurrency sweep from requests per second by concurrency; its optimum is the one that the test would find. */
export function scalabilityResult(
  rates: Readonly<Record<number, number>> = { 1: 45.3, 2: 81.2, 4: 118.6, 8: 119.4, 16: 117.2, 32: 112.4 },
  overrides: Partial<ScalabilityResult> = {},
): ScalabilityResult {
  const levels = overrides.levels ?? Object.entries(rates).map(([level, rate]): ScalabilityLevel => ({
    ...measurement(rate, Number(level), 1),
    concurrency: Number(level),
    efficiency: rates[1] === undefined ? null : estimate(rate / Number(level) / rates[1]),
    littlesLawRatio: 1.004,
  }));
  const candidates = levels.map((window) => ({ level: window.concurrency, rate: window.requestsPerSecond, window }));
  const absences: Record<string, string> = {};
  const { optimal, equivalent, best } = findOptimum(candidates, absences, "optimalConcurrency");
  const last = levels.at(-1)?.requestsPerSecond ?? null;
  return {
    ...base,
    kind: "scalability",
    batchSize: 1,
    levels,
    optimalConcurrency: optimal,
    equivalentConcurrencies: equivalent,
    degradationPercent: best === null || last === null ? null : estimate(100 * (1 - last.value / best.value), 1.9),
    usl: {
      lambda: estimate(46.1, 2.3, 6),
      sigma: estimate(0.214, 0.031, 6),
      kappa: estimate(0.0041, 0.0012, 6),
      peakConcurrency: 13.8,
      rSquared: 0.981,
    },
    kneeConcurrency: 4,
    ...overrides,
    absences: { ...absences, ...overrides.absences },
  };
}

/** Phases of a memory test from host and, where given, GPU megabytes. */
export function memoryResult(gpu = false, overrides: Partial<MemoryResult> = {}): MemoryResult {
  const megabytes: Record<MemoryPhaseName, number> = {
    absent: 143.2,
    loaded: 201.7,
    single: 214.3,
    batches: 287.9,
    concurrent: 291.4,
    soak: 292.0,
    unloaded: 151.8,
  };
  const phases = Object.entries(megabytes).map(([name, size], index) => ({
    name: name as MemoryPhaseName,
    cpuBytes: size * MB,
    gpuBytes: gpu ? (index === 0 || index === 6 ? 412 : 1290 + 30 * index) * MB : null,
    peakCpuBytes: (size + 1.4) * MB,
    startMs: index * 2000,
    endMs: index * 2000 + 1800,
    n: 18,
  }));
  return {
    ...base,
    kind: "memory",
    scope: {
      source: "process-tree-pss",
      pids: [41_203, 41_221],
      gpuSource: gpu ? "per-process" : null,
    },
    baseline: { cpuBytes: 143.2 * MB, gpuBytes: gpu ? 412 * MB : null },
    peak: { cpuBytes: 293.4 * MB, gpuBytes: gpu ? 1440 * MB : null },
    modelFootprintBytes: 58.5 * MB,
    phases,
    growth: { bytesPerRequest: estimate(42, 71, 80), verdict: "stable", pValue: 0.31, requests: 931 },
    fragmentation: gpu
      ? { verdict: "not detected", evidence: { allocatedBytes: 1180 * MB, reservedBytes: 1264 * MB } }
      : { verdict: "not observable", evidence: {} },
    requestsPerMb: 2.03,
    timeline: phases.flatMap(({ name, cpuBytes, gpuBytes, startMs, n }) =>
      Array.from({ length: n }, (_, k) => ({
        atMs: startMs + 100 * (k + 1),
        cpuBytes: cpuBytes + MB * Math.sin(k),
        gpuBytes,
        completedRequests: name === "soak" ? Math.round(931 * (k + 1) / n) : null,
      }))
    ),
    absences: gpu ? {} : {
      gpu: "no NVIDIA GPU on this host",
      fragmentation: "the server reports no allocator counters",
    },
    ...overrides,
  };
}

/** One window of an open loop at a rate that the server keeps up with. */
export function openWindow(offeredPerSecond: number, overrides: Partial<OpenWindow> = {}): OpenWindow {
  const n = Math.round(offeredPerSecond * 5);
  return {
    ...measurement(offeredPerSecond, 1, 1),
    load: {
      kind: "open",
      arrivals: { kind: "poisson", ratePerSecond: Math.round(offeredPerSecond) },
      maxConnections: 512,
      batchSize: 1,
    },
    latencyFrom: "due",
    requests: n,
    succeeded: n,
    durationMs: 5000,
    cutRequests: 0,
    cancelled: 0,
    latencyMs: distribution(24, n),
    serviceMs: distribution(22, n),
    latenessMs: distribution(0.3, n),
    offeredPerSecond,
    due: n,
    unanswered: 0,
    mostOutstanding: 6,
    backlogGrowthPerSecond: estimate(0.02, 0.1),
    saturated: false,
    ...overrides,
  };
}

/** A load test over three rates, the last of them too high. */
export function loadResult(overrides: Partial<LoadResult> = {}): LoadResult {
  return {
    ...base,
    kind: "load",
    arrivals: { kind: "poisson" },
    maxConnections: 512,
    batchSize: 1,
    levels: [
      openWindow(20.4),
      openWindow(39.8),
      openWindow(79.6, {
        saturated: true,
        requestsPerSecond: estimate(46.2, 1.1),
        latencyMs: distribution(900, 230),
        unanswered: 61,
        succeeded: 230,
        requests: 230,
        backlogGrowthPerSecond: estimate(32.8, 2.1),
        converged: false,
      }),
    ],
    sustainedPerSecond: 40,
    saturatedPerSecond: 80,
    capacity: null,
    ...overrides,
  };
}

/** A point of the confirmation. */
export function operatingPoint(
  predictionsPerSecond: number,
  batchSize: number,
  concurrency: number,
  overrides: Partial<OperatingPoint> = {},
): OperatingPoint {
  return {
    ...measurement(predictionsPerSecond / batchSize, concurrency, batchSize, overrides),
    batchSize,
    concurrency,
  };
}

/** Points that were measured together, best first. */
export function operatingPointsResult(
  points: readonly OperatingPoint[] = [operatingPoint(151.2, 8, 4), operatingPoint(145.1, 8, 1)],
  overrides: Partial<OperatingPointsResult> = {},
): OperatingPointsResult {
  return { ...base, kind: "operating-points", points, ...overrides };
}

/** Two servers of which the second is a tenth faster. */
export function abResult(overrides: Partial<AbResult> = {}): AbResult {
  const side = (port: number, rate: number) => ({
    ...measurement(rate, 1, 1),
    target: {
      url: `http://127.0.0.1:${port}`,
      protocol: "kserve-v2",
      model: "resnet18",
      embedded: false,
      device: "cpu",
    },
    client: calmClient,
    absences: {},
  });
  const blocks = Array.from({ length: 6 }, (_, k) => {
    const a = { requestsPerSecond: 45 + Math.sin(k), p50Ms: 22, p95Ms: 26 };
    const b = { requestsPerSecond: 1.1 * (45 + Math.cos(k)), p50Ms: 20, p95Ms: 24 };
    return { order: k % 2 === 0 ? "ABBA" : "BAAB", a, b } as const;
  });
  return {
    ...base,
    kind: "ab",
    seed: 1,
    concurrency: 1,
    batchSize: 1,
    requestsPerVisit: 24,
    a: side(8001, 45),
    b: side(8002, 49.5),
    blocks,
    effects: {
      throughput: {
        ratio: { value: 1.1, low: 1.07, high: 1.13, level: 0.95, n: 6 },
        verdict: "better",
        smallestShown: 0.04,
      },
      p50: {
        ratio: { value: 0.91, low: 0.88, high: 0.94, level: 0.975, n: 6 },
        verdict: "better",
        smallestShown: 0.05,
      },
      p95: {
        ratio: { value: 0.95, low: 0.86, high: 1.06, level: 0.975, n: 6 },
        verdict: "no difference found",
        smallestShown: 0.15,
      },
    },
    errorDifference: estimate(0, 0.01),
    verdict: "better",
    ...overrides,
  };
}
