import type { BasicOptions, LatencyOptions, MemoryOptions, TestOptions } from "../../src/measure/settings/options.ts";
import type { Distribution, Estimate } from "../../src/core/estimate.ts";
import type { Target } from "../../src/core/target.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import type { MemoryResult } from "../../src/results/kinds/memory.ts";
import { theilSen } from "../../src/stats/trend/theil_sen.ts";
import { runMemoryTest } from "../../src/test_types/memory/memory.ts";
import type { ResultBase } from "../../src/results/result_base.ts";
import type { Window } from "../../src/results/window/window.ts";
import { type Accounted, accounted } from "./client_account.ts";
import { manyWorkersTruth } from "./intervals/many_workers.ts";
import { numberOf, type Observation, pointOf, verdictOf } from "./observation.ts";
import type { Spans } from "./real_server.ts";
import type { HeldMemory, ServerBehaviour } from "./server_behaviour.ts";
import { meanOf } from "./service_time.ts";
import { type LevelTruth, levelTruth, meanOverheadMs, type TruthLoad } from "./truth.ts";
import { warmUpVerdict } from "./warm_up_verdict.ts";

/**
 * The server's behaviour once a test has run, with what the way to it added meanwhile: of one load of a sweep alone where it is
 * named, since a busy machine adds more to one level than to another, and of some times, as a server's first requests are late.
 */
export type Settle = (load?: TruthLoad, spans?: Spans) => Promise<ServerBehaviour>;

/** When the requests of a window were sent. */
export function spansOf({ startedAt }: Pick<ResultBase, "startedAt">, { visits = [] }: Pick<Window, "visits">): Spans {
  const startMs = Date.parse(startedAt);
  return visits.map(({ atMs, durationMs }) => [startMs + atMs, startMs + atMs + durationMs]);
}

/**
 * Runs one test type against a server of known behaviour and puts what it says beside the truth.
 *
 * @param target The server.
 * @param options Seed and clock.
 * @param settle Gives the truth once the test has run.
 */
export type Measure = (
  target: Target,
  options: TestOptions,
  settle: Settle,
) => Promise<readonly Observation[]>;

/** Readings that a slope rests on. */
const FEWEST_HELD = 5;

/** What converging claims of throughput and of p95 latency (method 6). */
const CLAIMED = { rate: 0.05, p95: 0.1 };

/**
 * Whether the truth is as near to a number as is claimed.
 *
 * @param shown The number.
 * @param told The same with the client's part, which is told beside it and claimed to be no more.
 * @param truth What it should be.
 * @param share How near.
 */
function isWithin(shown: MaybeEstimate, told: MaybeEstimate, truth: number, share: number): boolean {
  if (!shown || !told) return false;
  const lowerBy = (shown.low ?? 0) - (told.low ?? 0);
  const higherBy = shown.high === null ? 1 : told.high === null ? Infinity : told.high / shown.high;
  return truth >= (shown.value - lowerBy) / (1 + share) && truth <= shown.value * higherBy / (1 - share);
}

type MaybeEstimate = Estimate | undefined | null;

/** Whether a level that says that it converged is as near to the truth as that claims. */
export function convergedVerdict(level: BasicFigures, truth: LevelTruth): Observation {
  const told = accounted(level);
  const holds = isWithin(level.requestsPerSecond, told.requestsPerSecond, truth.requestsPerSecond, CLAIMED.rate) &&
    isWithin(level.latencyMs?.p95, told.latencyMs?.p95, truth.p95Ms, CLAIMED.p95);
  return verdictOf("converged", level.converged ? holds : null, level.converged);
}

type BasicFigures = Pick<Window, "converged" | "clientUse" | "load"> & Accounted;

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
    const load = { concurrency: own.concurrency ?? 1, batchSize: own.batchSize ?? 1 };
    const behaviour = await settle(load, spansOf(result, result));
    const truth = levelTruth(behaviour, load);
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
    const behaviour = await settle(undefined, spansOf(result, result));
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
    const truth = manyWorkersTruth(meanOf(behaviour.service), 1, own.ratePerSecond, behaviour.overheadsMs);
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
    const lone = { concurrency: 1, batchSize: 1 };
    // A server that loads a model meanwhile is later than one that only answers.
    const truth = levelTruth(await settle(lone, spansOf(result, result.warm ?? {})), lone);
    const warm = [
      ...latencyNumbers("warm ", result.warm ? accounted(result.warm).latencyMs : null, truth).filter(({ name }) =>
        !/p50|p99/.test(name)
      ),
      // Warm requests alone have no rate of their own.
      verdictOf(
        "converged",
        result.warm?.converged
          ? isWithin(result.warm.latencyMs?.p95, accounted(result.warm).latencyMs?.p95, truth.p95Ms, CLAIMED.p95)
          : null,
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

/** Growth, its verdict and the footprint of the memory test. */
export function measureMemory(own: MemoryOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runMemoryTest(target, { ...own, ...options });
    const behaviour = await settle();
    const { leakBytes, modelBytes, cacheBytes, held } = behaviour.memory!;
    const slope = held === undefined ? null : heldGrowth(result, held);
    const verdict = result.growth?.verdict ?? "cannot tell";
    // A process may grow though nothing leaks: a heap that is cut up.
    const grew = leakBytes > 0 || (verdict === "growing" && (slope?.low ?? 0) > 0);
    const right = verdict === "cannot tell" ? null : (verdict === "growing") === grew;
    return [
      // While a cache fills there is no one slope.
      ...(cacheBytes
        ? []
        : [numberOf("growth, bytes/request", slope?.value ?? leakBytes, result.growth?.bytesPerRequest ?? null)]),
      verdictOf("growth", right, verdict),
      pointOf("footprint", modelBytes, result.modelFootprintBytes),
    ];
  };
}

/** By what a real process grew in the soak by its own account; `null` where that is short. */
function heldGrowth({ startedAt, phases }: MemoryResult, held: readonly HeldMemory[]): Estimate | null {
  const soak = phases.find(({ name }) => name === "soak");
  const startMs = Date.parse(startedAt);
  const within = held.filter(({ atMs }) => soak && atMs >= startMs + soak.startMs && atMs <= startMs + soak.endMs);
  if (within.length < FEWEST_HELD) return null;
  return theilSen(within.map(({ requests }) => requests), within.map(({ bytes }) => bytes));
}
