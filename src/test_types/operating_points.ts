import type { ComprehensiveOptions } from "../core/config.ts";
import { seededRandom, shuffled } from "../core/random.ts";
import type { OperatingPoint, ResultBase, ScalabilityResult, ThroughputResult } from "../core/result.ts";
import type { Target } from "../core/target.ts";
import { overlaps } from "../stats/overlaps.ts";
import { type Batching, batchingOf } from "./batching.ts";
import { defaultBudget, type LevelLoad, summariseLevel, type Visit, visitLevel } from "./level.ts";
import { runSession, type Session } from "./session.ts";

interface OperatingPoints extends ResultBase {
  readonly points: readonly OperatingPoint[];
}

/**
 * Measures the recommended batch size and concurrency together, beside each of them alone (METHODS 14): two optima
 * found apart need not be the optimum of both.
 *
 * @param target The model to measure.
 * @param throughput Gives the batch size.
 * @param scalability Gives the concurrency.
 * @param options Bounds of each point.
 * @returns Points, the one to recommend first: most predictions per second, and of those equal within noise the one with
 *     the lowest p95 latency. Empty if either optimum is missing.
 */
export async function measureOperatingPoints(
  target: Target,
  throughput: ThroughputResult,
  scalability: ScalabilityResult,
  options: ComprehensiveOptions,
): Promise<readonly OperatingPoint[]> {
  const { optimalBatchSize: batchSize } = throughput;
  const { optimalConcurrency: concurrency } = scalability;
  if (batchSize === null || concurrency === null) return [];
  // Batches that the server makes are outstanding as single requests.
  const outstanding = throughput.batching === "server" ? batchSize * throughput.concurrency : throughput.concurrency;
  const loads = distinct([
    { batchSize, concurrency },
    { batchSize, concurrency: outstanding },
    { batchSize: scalability.batchSize, concurrency },
  ]);
  const { points } = await runSession<OperatingPoints>("operating-points", target, options, async (session) => {
    const batching = await batchingOf(session, loads.map((load) => load.batchSize), options.maxBatchDelayMs);
    try {
      return { points: await visitPoints(session, loads, batching, options) };
    } finally {
      await batching.restore();
    }
  });
  return bestFirst(points);
}

async function visitPoints(
  session: Session,
  loads: readonly LevelLoad[],
  batching: Batching,
  options: ComprehensiveOptions,
) {
  const budget = defaultBudget(options);
  const random = seededRandom(session.seed);
  const half = { ...budget, durationMs: budget.durationMs / 2 };
  const visits = new Map<LevelLoad, Visit[]>(loads.map((load) => [load, []]));
  for (const load of [1, 2].flatMap(() => shuffled(loads, random))) {
    if (session.partial !== null) break;
    const stage = `batch ${load.batchSize} with concurrency ${load.concurrency}`;
    const earlier = visits.get(load)!;
    session.progress(stage, [...visits.values()].flat().length / (2 * loads.length));
    if (!await batching.prepare(load.batchSize)) continue;
    const items = batching.loadOf(load.batchSize, 1).batchSize;
    earlier.push(await visitLevel(session, { ...load, batchSize: items }, half, [...earlier]));
  }
  return [...visits].flatMap(([load, of]): OperatingPoint[] =>
    of.length === 0
      ? []
      : [{ ...load, ...summariseLevel(of, batching.loadOf(load.batchSize, 1).batchSize).measurement }]
  );
}

function distinct(loads: readonly LevelLoad[]): LevelLoad[] {
  return loads.filter((load, i) =>
    loads.findIndex((other) => other.batchSize === load.batchSize && other.concurrency === load.concurrency) === i
  );
}

function bestFirst(points: readonly OperatingPoint[]): OperatingPoint[] {
  const rate = (point: OperatingPoint) => point.predictionsPerSecond?.value ?? 0;
  const best = points.toSorted((a, b) => rate(b) - rate(a))[0];
  const isEqual = ({ predictionsPerSecond: own }: OperatingPoint) => {
    const highest = best?.predictionsPerSecond ?? null;
    return own !== null && highest !== null && overlaps(own, highest);
  };
  const p95 = (point: OperatingPoint) => point.latencyMs?.p95.value ?? Infinity;
  return points.toSorted((a, b) => {
    if (isEqual(a) && isEqual(b)) return p95(a) - p95(b);
    return rate(b) - rate(a);
  });
}
