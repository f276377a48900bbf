import type { GatePlace } from "../results/gate.ts";
import type { Absences, TestResults } from "../results/result.ts";
import type { LevelFigures } from "./evaluate_objectives.ts";
import { wilsonEstimate } from "../stats/estimates/wilson_estimate.ts";

/** A level that objectives are about. */
export interface GateLevel {
  /** What it showed. */
  readonly level: LevelFigures;
  /** Which it is. */
  readonly place: GatePlace;
  /** Why figures of it are missing. */
  readonly absences: Absences;
}

/**
 * The one level that latencies, errors and throughput of a gate are about.
 *
 * @param tests What was measured.
 * @returns The basic test's level, else the highest rate that was sustained, else the optimum of a sweep, else the warm
 * requests; `null` where there is none.
 */
export function gateLevel(tests: TestResults): GateLevel | null {
  return ofBasic(tests) ?? ofLoad(tests) ?? bestLevel(tests) ?? ofWarm(tests);
}

/**
 * The optimum of a sweep; a sweep in which no level qualified stands with its first one.
 *
 * @param tests What was measured.
 * @returns Of the throughput test, else of the scalability test; `null` without both.
 */
export function bestLevel({ throughput, scalability }: TestResults): GateLevel | null {
  if (throughput !== undefined) {
    const { levels, optimalBatchSize, concurrency, absences } = throughput;
    const level = levels.find(({ batchSize }) => batchSize === optimalBatchSize) ?? levels[0];
    if (level === undefined) return null;
    return { level, place: { test: "throughput", batchSize: level.batchSize, concurrency }, absences };
  }
  if (scalability === undefined) return null;
  const { levels, optimalConcurrency, batchSize, absences } = scalability;
  const level = levels.find(({ concurrency }) => concurrency === optimalConcurrency) ?? levels[0];
  if (level === undefined) return null;
  return { level, place: { test: "scalability", batchSize, concurrency: level.concurrency }, absences };
}

function ofBasic({ basic }: TestResults): GateLevel | null {
  if (basic === undefined) return null;
  const { batchSize, concurrency, absences, offered } = basic;
  const place: GatePlace = offered === undefined
    ? { test: "basic", batchSize, concurrency }
    : { test: "basic", batchSize, concurrency: null, offeredPerSecond: offered.offeredPerSecond };
  return { level: basic, place, absences };
}

/** A server that sustained no rate stands with the lowest. */
function ofLoad({ load }: TestResults): GateLevel | null {
  if (load === undefined) return null;
  const { levels, sustainedPerSecond, batchSize, absences } = load;
  const level = levels.find(({ offeredPerSecond }) => offeredPerSecond === sustainedPerSecond) ?? levels[0];
  if (level === undefined) return null;
  const { achievedPerSecond: rate, offeredPerSecond } = level;
  const predictionsPerSecond = rate === null ? null : {
    ...rate,
    value: rate.value * batchSize,
    low: rate.low === null ? null : rate.low * batchSize,
    high: rate.high === null ? null : rate.high * batchSize,
  };
  return {
    level: { ...level, requestsPerSecond: rate, predictionsPerSecond },
    place: { test: "load", batchSize, concurrency: null, offeredPerSecond },
    absences,
  };
}

function ofWarm({ latency }: TestResults): GateLevel | null {
  if (latency === undefined) return null;
  const { warm: { latencyMs, counts: { failed, requests } }, absences } = latency;
  const errorRate = requests === 0 ? null : wilsonEstimate(failed, requests);
  return {
    level: { latencyMs, errorRate, requestsPerSecond: null },
    place: { test: "latency", batchSize: null, concurrency: 1 },
    absences,
  };
}
