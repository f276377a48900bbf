import type {
  BasicOptions,
  LatencyOptions,
  MemoryOptions,
  ScalabilityOptions,
  TestOptions,
  ThroughputOptions,
} from "../../src/measure/settings/options.ts";
import type { Distribution, Estimate } from "../../src/core/estimate.ts";
import type { Target } from "../../src/core/target.ts";
import type { LeftLevel } from "../../src/results/window/left_level.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import { runMemoryTest } from "../../src/test_types/memory/memory.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { accounted } from "./client_account.ts";
import { numberOf, type Observation, pointOf, toldVerdict, verdictOf } from "./observation.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import { meanOf } from "./service_time.ts";
import {
  type LevelTruth,
  levelTruth,
  meanOverheadMs,
  rightOptima,
  trueKnee,
  truePlateau,
  type TrueRate,
} from "./truth.ts";
import { warmUpVerdict } from "./warm_up_verdict.ts";

/**
 * Runs one test type against a server of known behaviour and puts what it says beside the truth.
 *
 * @param target The server.
 * @param options Seed and clock.
 * @param settle Gives the server's behaviour once the test has run, with what the way to it added meanwhile.
 */
export type Measure = (
  target: Target,
  options: TestOptions,
  settle: () => Promise<ServerBehaviour>,
) => Promise<readonly Observation[]>;

/** What converging claims of throughput and of p95 latency (method 6). */
const CLAIMED = { rate: 0.05, p95: 0.1 };

function isWithin(estimate: Estimate | undefined | null, truth: number, share: number): boolean {
  return estimate !== undefined && estimate !== null && Math.abs(estimate.value / truth - 1) <= share;
}

/** Whether a level that says that it converged is as near to the truth as that claims. */
function convergedVerdict(
  level: { converged: boolean; requestsPerSecond: Estimate | null; latencyMs: Distribution | null },
  truth: LevelTruth,
): Observation {
  const holds = isWithin(level.requestsPerSecond, truth.requestsPerSecond, CLAIMED.rate) &&
    isWithin(level.latencyMs?.p95, truth.p95Ms, CLAIMED.p95);
  return verdictOf("converged", level.converged ? holds : null, level.converged);
}

/** Mean and quantiles of a latency beside the truth. */
export function latencyNumbers(
  prefix: string,
  latency: Distribution | null,
  truth: Omit<LevelTruth, "requestsPerSecond" | "predictionsPerSecond">,
): Observation[] {
  return [
    numberOf(`${prefix}mean latency`, truth.meanMs, latency?.mean ?? null),
    numberOf(`${prefix}p50 latency`, truth.p50Ms, latency?.p50 ?? null),
    numberOf(`${prefix}p95 latency`, truth.p95Ms, latency?.p95 ?? null),
    numberOf(`${prefix}p99 latency`, truth.p99Ms, latency?.p99 ?? null),
  ];
}

/** Rate, latency, errors and the claim of precision of the basic test. */
export function measureBasic(own: BasicOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runBasicTest(target, { ...own, ...options });
    const behaviour = await settle();
    const truth = levelTruth(behaviour, { concurrency: own.concurrency ?? 1, batchSize: own.batchSize ?? 1 });
    const { requestsPerSecond, latencyMs } = accounted(result);
    return [
      numberOf("requests/s", truth.requestsPerSecond, requestsPerSecond),
      // Without a warm-up nothing is to be cut.
      ...(behaviour.warmUp ? [] : [pointOf("cut requests", 0, result.cutRequests)]),
      ...latencyNumbers("", latencyMs, truth),
      ...(behaviour.failureRate ? [numberOf("error rate", behaviour.failureRate, result.errorRate)] : []),
      convergedVerdict(result, truth),
      warmUpVerdict(behaviour, result),
    ];
  };
}

/**
 * The open loop against one worker of exponential service times: M/M/1, whose time in the system is exponential with the
 * mean 1 / (mu - lambda) (L. Kleinrock, "Queueing Systems", 1975); past mu it saturates.
 */
export function measureQueue(own: BasicOptions & { readonly ratePerSecond: number }): Measure {
  return async (target, options, settle) => {
    const result = await runBasicTest(target, { arrivals: "poisson", ...own, ...options });
    const behaviour = await settle();
    const spareMs = 1000 / (1000 / meanOf(behaviour.service) - own.ratePerSecond);
    const isRight = result.saturated === null ? null : result.saturated === spareMs < 0;
    const saturated = verdictOf("saturated", isRight, result.saturated);
    if (spareMs < 0) {
      // A latency without a limit has no interval.
      const { mean, p95 } = result.latencyMs!;
      const isRefused = mean.high === null && p95.high === null;
      return [
        numberOf("requests/s", 1000 / meanOf(behaviour.service), result.requestsPerSecond),
        saturated,
        verdictOf("latency refused", isRefused, [mean.high, p95.high]),
      ];
    }
    const wayMs = meanOverheadMs(behaviour);
    const quantile = (p: number) => wayMs - spareMs * Math.log(1 - p);
    const truth = { meanMs: wayMs + spareMs, p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99) };
    return [
      numberOf("requests/s", own.ratePerSecond, result.requestsPerSecond),
      ...latencyNumbers("", accounted(result).latencyMs, truth),
      saturated,
    ];
  };
}

/** Whether a stall that lies inside the run stands in its tail, and no number is claimed to be precise in spite of it. */
export function measureStall(own: BasicOptions): Measure {
  return async (target, options, settle) => {
    const result = await runBasicTest(target, { ...own, ...options });
    const behaviour = await settle();
    const stallMs = behaviour.stall!.durationMs;
    const slowest = result.latencyMs?.max ?? 0;
    return [
      verdictOf("stall shows in the tail", slowest >= 0.98 * stallMs, slowest),
      verdictOf("converged", result.converged ? false : null, result.converged),
    ];
  };
}

/** Cold start, overhead and warm latency of the latency test; of a server whose unload lies, that there is no cold start. */
export function measureLatency(own: LatencyOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runLatencyTest(target, { loadTimeoutMs: 3000, ...own, ...options });
    const behaviour = await settle();
    const truth = levelTruth(behaviour, { concurrency: 1, batchSize: 1 });
    const warm = [
      ...latencyNumbers("warm ", result.warm ? accounted(result.warm).latencyMs : null, truth).filter(({ name }) =>
        !/p50|p99/.test(name)
      ),
      // Warm requests alone have no rate of their own.
      verdictOf(
        "converged",
        result.warm?.converged ? isWithin(result.warm.latencyMs?.p95, truth.p95Ms, CLAIMED.p95) : null,
        result.warm?.converged,
      ),
    ];
    if (behaviour.honestUnload === false) {
      return [...warm, verdictOf("no cold start", result.cold === null && result.overheadMs === null, result.cold)];
    }
    const { loadMs, firstMs } = behaviour.cold!;
    // A load and an inference each go the way to the server once.
    const wayMs = 2 * meanOverheadMs(behaviour);
    const coldMs = loadMs + firstMs + wayMs + meanOf(behaviour.service) * (behaviour.warmUp?.factor ?? 1);
    return [
      numberOf("cold mean", coldMs, result.cold?.totalMs.mean ?? null),
      numberOf("cold p50", medianCold(behaviour), result.cold?.totalMs.p50 ?? null),
      numberOf("overhead ms", coldMs - truth.meanMs, result.overheadMs),
      numberOf("overhead %", 100 * (coldMs / truth.meanMs - 1), result.overheadPercent),
      ...warm,
    ];
  };
}

/** Median of the sum of two lognormals, by the Fenton-Wilkinson approximation: exact enough for a variation under 0.5. */
function medianCold(behaviour: ServerBehaviour): number {
  const { loadMs, firstMs, variation } = behaviour.cold!;
  const mean = loadMs + firstMs;
  const variance = variation ** 2 * (loadMs ** 2 + firstMs ** 2);
  return mean / Math.sqrt(1 + variance / mean ** 2) + meanOf(behaviour.service) * (behaviour.warmUp?.factor ?? 1);
}

/** What a sweep says of its optimum. */
interface SaidOptimum {
  readonly optimal: number | null;
  readonly equivalent: readonly number[];
  readonly left?: readonly LeftLevel[] | undefined;
  /** Where there are any, the optimum is a guess. */
  readonly rivals?: readonly number[] | undefined;
}

/** Levels whose true rates differ by less are equal. */
const EQUAL = 0.001;

/**
 * Whether the optimum is a right one, and what of the best speed its true speed loses, %; whether all that are truly equal to the
 * best are listed; and whether a right one was left among those that were visited twice.
 */
function optimumObservations(
  rates: readonly TrueRate[],
  { optimal, equivalent, left = [], rivals = [] }: SaidOptimum,
): Observation[] {
  const highest = Math.max(...rates.map(({ rate }) => rate));
  const chosen = rates.find(({ level }) => level === optimal);
  const equal = rates.filter(({ rate }) => rate > (1 - EQUAL) * highest);
  const out = left.map(({ level }) => level);
  const right = rightOptima(rates);
  return [
    verdictOf("optimum", optimal === null || rivals.length > 0 ? null : right.includes(optimal), optimal),
    verdictOf("equals", optimal === null ? null : equal.every(({ level }) => equivalent.includes(level)), equivalent),
    verdictOf("left levels", left.length === 0 ? null : right.some((level) => !out.includes(level)), out),
    pointOf("lost by the optimum, %", 0, chosen === undefined ? null : 100 * (1 - chosen.rate / highest)),
  ];
}

/** Rates, speed-ups, optimum and plateau of the throughput test. `drifting`: only what drift leaves true. */
export function measureThroughput(own: ThroughputOptions = {}, drifting = false): Measure {
  return async (target, options, settle) => {
    const result = await runThroughputTest(target, { ...own, ...options });
    const behaviour = await settle();
    const { concurrency = 1 } = own;
    const truths = result.levels.map(({ batchSize }) => levelTruth(behaviour, { concurrency, batchSize }));
    const rates = result.levels.map(({ batchSize: level }, i) => ({ level, rate: truths[i]!.predictionsPerSecond }));
    const highest = Math.max(...rates.map(({ rate }) => rate));
    const relative = [
      ...result.levels.slice(1).map(({ speedup }, i) =>
        numberOf("speed-up", rates[i + 1]!.rate / rates[0]!.rate, speedup)
      ),
      ...optimumObservations(rates, {
        optimal: result.optimalBatchSize,
        equivalent: result.equivalentBatchSizes,
        left: result.left,
        rivals: result.optimumRivals,
      }),
      toldVerdict("plateau", truePlateau(rates), result.plateauBatchSize, result.absences["plateauBatchSize"]),
    ];
    if (drifting) return relative;
    const { maxPredictionsPerSecond: predictionsPerSecond } = result;
    const best = result.levels.find((level) => level.predictionsPerSecond?.value === predictionsPerSecond?.value);
    return [
      numberOf(
        "max predictions/s",
        highest,
        best ? accounted({ ...best, predictionsPerSecond }).predictionsPerSecond : null,
      ),
      ...result.levels.flatMap((level, i) => [
        numberOf("predictions/s", rates[i]!.rate, accounted(level).predictionsPerSecond),
        numberOf("p95 latency", truths[i]!.p95Ms, accounted(level).latencyMs?.p95 ?? null),
        convergedVerdict(level, truths[i]!),
      ]),
      ...relative,
    ];
  };
}

/** Rates, law, knee, optimum and degradation of the scalability test. */
export function measureScalability(own: ScalabilityOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runScalabilityTest(target, { ...own, ...options });
    const behaviour = await settle();
    const truths = result.levels.map(({ concurrency }) => levelTruth(behaviour, { concurrency, batchSize: 1 }));
    const rates = result.levels.map(({ concurrency: level }, i) => ({ level, rate: truths[i]!.requestsPerSecond }));
    const highest = Math.max(...rates.map(({ rate }) => rate));
    return [
      ...result.levels.flatMap((level, i) => [
        numberOf("requests/s", rates[i]!.rate, accounted(level).requestsPerSecond),
        numberOf("p95 latency", truths[i]!.p95Ms, accounted(level).latencyMs?.p95 ?? null),
        convergedVerdict(level, truths[i]!),
      ]),
      numberOf("degradation %", 100 * (highest - rates.at(-1)!.rate) / highest, result.degradationPercent),
      ...optimumObservations(rates, {
        optimal: result.optimalConcurrency,
        equivalent: result.equivalentConcurrencies,
        left: result.left,
        rivals: result.optimumRivals,
      }),
      toldVerdict("knee", trueKnee(rates), result.kneeConcurrency, result.absences["kneeConcurrency"]),
      ...lawNumbers(behaviour, result.usl),
    ];
  };
}

function lawNumbers(behaviour: ServerBehaviour, usl: Awaited<ReturnType<typeof runScalabilityTest>>["usl"]) {
  if (!behaviour.usl) return [];
  const { sigma, kappa } = behaviour.usl;
  const peak = kappa > 0 ? Math.sqrt((1 - sigma) / kappa) : null;
  return [
    numberOf("lambda", 1000 / (meanOf(behaviour.service) + meanOverheadMs(behaviour)), usl?.lambda ?? null),
    numberOf("sigma", sigma, usl?.sigma ?? null),
    numberOf("kappa", kappa, usl?.kappa ?? null),
    ...(peak === null ? [] : [pointOf("peak concurrency", peak, usl?.peakConcurrency ?? null)]),
  ];
}

/** Growth, its verdict and the footprint of the memory test. */
export function measureMemory(own: MemoryOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runMemoryTest(target, { ...own, ...options });
    const behaviour = await settle();
    const { leakBytes, modelBytes, cacheBytes } = behaviour.memory!;
    const verdict = result.growth?.verdict ?? "cannot tell";
    const right = verdict === "cannot tell" ? null : (verdict === "growing") === (leakBytes > 0);
    return [
      // While a cache fills there is no one slope.
      ...(cacheBytes ? [] : [numberOf("growth, bytes/request", leakBytes, result.growth?.bytesPerRequest ?? null)]),
      verdictOf("growth", right, verdict),
      pointOf("footprint", modelBytes, result.modelFootprintBytes),
    ];
  };
}
