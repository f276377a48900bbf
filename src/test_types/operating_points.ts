import type { ComprehensiveOptions } from "../measure/settings/options.ts";
import { seededRandom, shuffled } from "../core/random.ts";
import type { OperatingPoint, ResultBase, ScalabilityResult, ThroughputResult } from "../results/result.ts";
import type { Target } from "../core/target.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import { type Batching, batchingOf } from "../measure/batching.ts";
import { defaultBudget, type LevelLoad, summariseLevel, type Visit, visitLevel } from "../measure/level.ts";
import { runSession, type Session } from "../measure/session.ts";

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
    const grid: Grid = {
      // Batches that the server makes need a new registration each: their sweep has shown enough.
      batchSizes: throughput.batching === "server" ? [] : throughput.levels.map((level) => level.batchSize),
      concurrencies: scalability.levels.map((level) => level.concurrency),
    };
    try {
      return { points: await searchPoints(session, loads, grid, batching, options) };
    } finally {
      await batching.restore();
    }
  });
  return bestFirst(points);
}

/** Values of the sweeps, ascending, among which the search moves. */
interface Grid {
  readonly batchSizes: readonly number[];
  readonly concurrencies: readonly number[];
}

/** A point with its visits. */
interface Visited {
  readonly load: LevelLoad;
  readonly visits: Visit[];
}

/** Neighbours that are tried beside the first points, and points that are visited again in the end. */
const MOST_NEIGHBOURS = 3;
const CONFIRMED = 2;

/**
 * Coordinate search with confirmation: the first points, then neighbours of the best one on either axis as long as one
 * is better, then the best ones again, so that none is recommended for one lucky visit. A full grid would cost many times that.
 */
async function searchPoints(
  session: Session,
  first: readonly LevelLoad[],
  grid: Grid,
  batching: Batching,
  options: ComprehensiveOptions,
): Promise<OperatingPoint[]> {
  const neighbours = options.quick ? 0 : MOST_NEIGHBOURS;
  const confirmed = options.quick ? 1 : CONFIRMED;
  const total = first.length + neighbours + confirmed;
  const visited: Visited[] = [];
  let count = 0;
  const visit = async (load: LevelLoad) => {
    if (session.partial !== null) return;
    session.progress(`batch ${load.batchSize} with concurrency ${load.concurrency}`, count++ / total);
    let point = visited.find((other) => isSame(other.load, load));
    if (point === undefined) visited.push(point = { load, visits: [] });
    await visitPoint(session, point, batching, options);
  };
  for (const load of shuffled(first, seededRandom(session.seed))) await visit(load);
  const points = () => visited.flatMap((point) => summarise(point, batching));
  for (let i = 0; i < neighbours && session.partial === null; i++) {
    const next = nextNeighbour(bestFirst(points())[0], grid, visited);
    if (next === null) break;
    await visit(next);
  }
  for (const { batchSize, concurrency } of bestFirst(points()).slice(0, confirmed)) {
    await visit({ batchSize, concurrency });
  }
  return points();
}

async function visitPoint(
  session: Session,
  { load, visits }: Visited,
  batching: Batching,
  options: ComprehensiveOptions,
): Promise<void> {
  if (!await batching.prepare(load.batchSize)) return;
  const budget = defaultBudget(options);
  const items = batching.loadOf(load.batchSize, 1).batchSize;
  const half = { ...budget, durationMs: budget.durationMs / 2 };
  visits.push(await visitLevel(session, { ...load, batchSize: items }, half, [...visits]));
}

function summarise({ load, visits }: Visited, batching: Batching): OperatingPoint[] {
  if (visits.length === 0) return [];
  return [{ ...load, ...summariseLevel(visits, batching.loadOf(load.batchSize, 1).batchSize).measurement }];
}

/** A point that was not visited, one step from the best: larger first, since both sweeps took the smallest optimum. */
function nextNeighbour(
  best: OperatingPoint | undefined,
  { batchSizes, concurrencies }: Grid,
  visited: readonly Visited[],
): LevelLoad | null {
  if (best === undefined) return null;
  const { batchSize, concurrency } = best;
  const steps = [1, -1].flatMap((step) => [
    { batchSize, concurrency: stepped(concurrencies, concurrency, step) },
    { batchSize: stepped(batchSizes, batchSize, step), concurrency },
  ]);
  const found = steps.find((step): step is LevelLoad =>
    step.batchSize !== null && step.concurrency !== null && !visited.some(({ load }) => isSame(load, step as LevelLoad))
  );
  return found ?? null;
}

function stepped(values: readonly number[], value: number, step: number): number | null {
  const at = values.indexOf(value);
  return at < 0 ? null : values[at + step] ?? null;
}

function isSame(a: LevelLoad, b: LevelLoad): boolean {
  return a.batchSize === b.batchSize && a.concurrency === b.concurrency;
}

function distinct(loads: readonly LevelLoad[]): LevelLoad[] {
  return loads.filter((load, i) => loads.findIndex((other) => isSame(other, load)) === i);
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
