import type { Distribution, Estimate } from "../../src/core/estimate.ts";
import { type Random, seededRandom } from "../../src/core/random.ts";
import type {
  BasicResult,
  ColdSample,
  LatencyResult,
  ResultBase,
  ScalabilityResult,
  ThroughputResult,
  Window,
} from "../../src/results/result.ts";
import { bootstrapDistribution } from "../../src/stats/estimates/bootstrap_distribution.ts";
import { distribution } from "../../src/stats/estimates/distribution.ts";

/** An estimate with a symmetric interval. */
export function estimate(value: number, relative = 0.04, n = 400): Estimate {
  return { value, low: value * (1 - relative), high: value * (1 + relative), level: 0.95, n };
}

export const BASE: ResultBase = {
  startedAt: "2026-01-15T09:30:00.000Z",
  elapsedMs: 20_000,
  partial: null,
  absences: {},
  client: { cpuMsPerRequest: 0.2, cpuShare: 0.2, eventLoopLagP99Ms: 2, ceilingPerSecond: 20_000, limited: false },
};

/** Latencies with a long tail around a median, ms. */
function latencies(n: number, medianMs: number, random: Random, tail = 0.25): number[] {
  return Array.from({ length: n }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return medianMs * Math.exp(tail * normal);
  });
}

/** Summary with intervals of a few percent, made up: statistics have their own tests. */
function summary(medianMs: number, n: number): Distribution {
  const open = (value: number): Estimate => ({ ...estimate(value, 0.08, n), high: n < 300 ? null : value * 1.08 });
  return {
    n,
    min: medianMs * 0.7,
    mean: estimate(medianMs * 1.05, 0.03, n),
    p50: estimate(medianMs, 0.03, n),
    p90: estimate(medianMs * 1.4, 0.05, n),
    p95: estimate(medianMs * 1.6, 0.07, n),
    p99: open(medianMs * 2.1),
    max: medianMs * 2.6,
  };
}

/** What distinguishes a level. */
export interface LevelFacts {
  readonly rate: number;
  readonly batchSize?: number;
  readonly concurrency?: number;
  readonly medianMs: number;
  readonly n?: number;
  readonly failedShare?: number;
  readonly converged?: boolean;
  readonly clientLimited?: boolean;
}

/** A closed-loop window. */
export function level(facts: LevelFacts): Window {
  const { rate, batchSize = 1, concurrency = 1, medianMs, n = 400 } = facts;
  const { failedShare = 0, converged = true, clientLimited = false } = facts;
  const failed = Math.round(n * failedShare), succeeded = n - failed;
  const some = succeeded > 0;
  return {
    load: { kind: "closed", concurrency, batchSize },
    latencyFrom: "sent",
    requests: n,
    succeeded,
    failed,
    cancelled: 0,
    failuresByReason: failed === 0 ? {} : { status: failed },
    failureExamples: failed === 0 ? {} : { status: "503: CUDA out of memory" },
    warmUpRequests: 10,
    cutRequests: 5,
    durationMs: 3000,
    requestsPerSecond: some ? estimate(rate, converged ? 0.04 : 0.15, n) : null,
    predictionsPerSecond: some ? estimate(rate * batchSize, converged ? 0.04 : 0.15, n) : null,
    latencyMs: some ? summary(medianMs, n) : null,
    firstByteMs: null,
    serverMs: null,
    errorRate: {
      value: failedShare,
      low: failedShare * 0.8,
      high: Math.min(1, failedShare * 1.2 + 0.01),
      level: 0.95,
      n,
    },
    converged,
    clientLimited,
  };
}

/** Throughput that saturates: a plateau, equivalent sizes, one size out of memory, and what the client limits. */
export function throughput(
  { capacity = 900, sizes = [1, 2, 4, 8, 16, 32, 64], failing = [64], limited = [] }: {
    readonly capacity?: number;
    readonly sizes?: readonly number[];
    readonly failing?: readonly number[];
    readonly limited?: readonly number[];
  } = {},
): ThroughputResult {
  const rateOf = (batchSize: number) => capacity * batchSize / (batchSize + 3);
  const levels = sizes.map((batchSize) => {
    const predictions = rateOf(batchSize);
    const measured = level({
      rate: predictions / batchSize,
      batchSize,
      medianMs: 1000 * batchSize / predictions,
      n: batchSize >= 16 ? 120 : 400,
      failedShare: failing.includes(batchSize) ? 1 : 0,
      converged: batchSize !== 2,
      clientLimited: limited.includes(batchSize),
    });
    return { ...measured, batchSize, efficiency: null, speedup: estimate(predictions / rateOf(1), 0.06) };
  });
  const working = levels.filter(({ succeeded }) => succeeded > 0);
  const best = working.at(-1)?.predictionsPerSecond ?? null;
  const equivalent = working.filter(({ predictionsPerSecond: rate }) => rate!.high! >= best!.low!);
  const bound = equivalent.findLast(({ clientLimited }) => clientLimited);
  return {
    ...BASE,
    client: { ...BASE.client, limited: limited.length > 0 },
    kind: "throughput",
    concurrency: 1,
    levels,
    optimalBatchSize: (bound ?? equivalent[0])?.batchSize ?? null,
    equivalentBatchSizes: equivalent.map(({ batchSize }) => batchSize),
    maxPredictionsPerSecond: best,
    plateauBatchSize: bound ? null : working.find(({ batchSize }) => batchSize >= 32)?.batchSize ?? null,
  };
}

/** Scaling that peaks and falls, with errors at the top and a client that does not keep up. */
export function scalability(
  {
    lambda = 100,
    sigma = 0.06,
    kappa = 0.004,
    concurrencies = [1, 2, 4, 8, 16, 32, 64],
    fitted = true,
    limited = [64],
  } = {},
): ScalabilityResult {
  const rateOf = (n: number) => lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
  const levels = concurrencies.map((concurrency) => ({
    ...level({
      rate: rateOf(concurrency) * (1 + 0.02 * Math.sin(concurrency)),
      concurrency,
      medianMs: 1000 * concurrency / rateOf(concurrency),
      failedShare: concurrency >= 64 ? 0.08 : concurrency >= 32 ? 0.02 : 0,
      clientLimited: limited.includes(concurrency),
    }),
    concurrency,
    efficiency: estimate(rateOf(concurrency) / (concurrency * lambda)),
    littlesLawRatio: 1.01,
  }));
  const peakConcurrency = Math.sqrt((1 - sigma) / kappa);
  return {
    ...BASE,
    absences: fitted ? {} : { usl: "R² was 0.71, under 0.9" },
    client: { ...BASE.client, limited: concurrencies.some((concurrency) => limited.includes(concurrency)) },
    kind: "scalability",
    batchSize: 1,
    levels,
    optimalConcurrency: levels.length > 3 ? 16 : levels.at(-1)?.concurrency ?? null,
    equivalentConcurrencies: levels.length > 3 ? [16, 32].filter((n) => concurrencies.includes(n)) : [],
    degradationPercent: levels.length > 3 && concurrencies.at(-1) !== 16 ? estimate(31, 0.2) : null,
    usl: fitted
      ? {
        lambda: estimate(lambda),
        sigma: estimate(sigma, 0.2),
        kappa: estimate(kappa, 0.3),
        peakConcurrency,
        rSquared: 0.994,
      }
      : null,
    kneeConcurrency: levels.length > 3 ? 8 : null,
  };
}

/** Cold starts of a big model, with a slow first one. */
export function coldStarts(
  { cycles = 5, loadMs = 2100, warmMs = 22, loadCall = true } = {},
): LatencyResult {
  const random = seededRandom(5);
  const samples = Array.from({ length: cycles }, (_, k): ColdSample => {
    const load = loadCall ? loadMs * (1 + 0.3 * random()) + (k === 0 ? 900 : 0) : null;
    const firstInferenceMs = (loadCall ? 160 : loadMs) + 200 * random();
    return {
      unloadMs: 60 + 80 * random(),
      loadMs: load,
      firstInferenceMs,
      totalMs: (load ?? 0) + firstInferenceMs,
      evidence: "absent from the index",
    };
  });
  const total = bootstrapDistribution(samples.map(({ totalMs }) => totalMs), { seed: 1 });
  const warm = distribution(latencies(200, warmMs, seededRandom(6)))!;
  return {
    ...BASE,
    kind: "latency",
    cold: total === null ? null : { samples, totalMs: total },
    warm: { ...level({ rate: 1000 / warmMs, medianMs: warmMs, n: 200 }), latencyMs: warm },
    overheadMs: total === null ? null : estimate(total.mean.value - warm.mean.value),
    overheadPercent: null,
    warmUpCurveMs: Array.from({ length: 20 }, (_, k) => warmMs * (1 + 8 * Math.exp(-k / 2.5) + 0.1 * random())),
  };
}

/** Cold starts after a first cycle of another population. */
export function withFirstCycle(): LatencyResult {
  const result = coldStarts({ loadMs: 250, warmMs: 5 });
  const [first, ...samples] = result.cold!.samples as [ColdSample, ...ColdSample[]];
  const totalMs = bootstrapDistribution(samples.map((sample) => sample.totalMs), { seed: 1 })!;
  return {
    ...result,
    firstCycle: { ...first, sinceStart: false, expectedMs: { low: 100, high: 700 } },
    cold: { samples, totalMs },
  };
}

/** A run whose warm-up shows; with many requests its timeline is thinned, as the test does it. */
export function basic({ n = 1500, medianMs = 12, tail = 0.25, failed = 0, seed = 3 } = {}): BasicResult {
  const random = seededRandom(seed);
  const values = latencies(n, medianMs, random, tail);
  const step = Math.max(1, Math.ceil(n / 2000));
  const sorted = values.toSorted((a, b) => a - b);
  const point = (k: number) => ({ atMs: k * medianMs, latencyMs: Math.max(...values.slice(k, k + step)) });
  return {
    ...BASE,
    ...level({ rate: 1000 / medianMs, medianMs, n }),
    requests: n + failed,
    failed,
    kind: "basic",
    concurrency: 1,
    batchSize: 1,
    latencyMs: { ...distribution(values.slice(0, 20_000))!, n, max: sorted.at(-1)!, min: sorted[0]! },
    firstByteMs: distribution(values.slice(0, 2000).map((value) => 0.9 * value)),
    serverMs: distribution(values.slice(0, 2000).map((value) => 0.7 * value)),
    timeline: Array.from({ length: Math.ceil(n / step) }, (_, k) => point(k * step)),
    warmUpTimeline: Array.from({ length: 60 }, (_, k) => ({
      atMs: (k - 60) * medianMs,
      latencyMs: medianMs * (1 + 2 * Math.exp(-k / 15) + 0.1 * random()),
    })),
    ...(step === 1 ? {} : {
      latencyQuantiles: Array.from({ length: 201 }, (_, k) => ({
        share: k / 200,
        latencyMs: sorted[Math.min(n - 1, Math.floor(n * k / 200))]!,
      })),
    }),
  };
}

/** A run in which nothing succeeded. */
export function failedBasic(): BasicResult {
  return {
    ...BASE,
    ...level({ rate: 0, medianMs: 0, n: 50, failedShare: 1, concurrency: 4 }),
    absences: { latencyMs: "no request succeeded" },
    kind: "basic",
    concurrency: 4,
    batchSize: 1,
    timeline: [],
  };
}
