import { seededRandom, shuffled } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import { type Batching, batchingOf } from "../measure/batching.ts";
import { type Measured, runSession } from "../measure/run_session.ts";
import type { Session, SharedRun } from "../measure/session.ts";
import type { ComprehensiveOptions } from "../measure/settings/options.ts";
import { summariseWindow } from "../measure/window/summarise_window.ts";
import { visitLoad } from "../measure/visit_load.ts";
import { passBudget } from "../measure/window/window_budget.ts";
import { type OperatingPoint, type OperatingPointsResult, usablePoints } from "../results/kinds/operating_points.ts";
import type { ScalabilityLevel, ScalabilityResult } from "../results/kinds/scalability.ts";
import type { ThroughputLevel, ThroughputResult } from "../results/kinds/throughput.ts";
import type { ClosedLoad } from "../results/window/load.ts";
import { atLeast } from "../results/window/at_least.ts";
import { isUsable } from "../results/window/usable.ts";
import type { Window } from "../results/window/window.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import { MAX_LOSS } from "../stats/scaling/equivalent_levels.ts";

/** A batch size and a concurrency. */
interface Point {
  readonly batchSize: number;
  readonly concurrency: number;
}

/**
 * Measures the recommended batch size and concurrency together, beside each of them alone (method 14): two optima
 * found apart need not be the optimum of both.
 *
 * @param target The model to measure.
 * @param throughput Gives the batch size.
 * @param scalability Gives the concurrency.
 * @param options Bounds of each point.
 * @param shared Of the run: points that the sweeps measured are visited again, not anew.
 * @returns What makes the points, the one to recommend first; `null` if either optimum is missing.
 */
export async function measureOperatingPoints(
  target: Target,
  throughput: ThroughputResult,
  scalability: ScalabilityResult,
  options: ComprehensiveOptions,
  shared?: SharedRun,
): Promise<Measured<OperatingPointsResult> | null> {
  const { optimalBatchSize: batchSize } = throughput;
  const { optimalConcurrency: concurrency } = scalability;
  if (batchSize === null || concurrency === null) return null;
  // Batches that the server makes are outstanding as single requests.
  const outstanding = throughput.batching === "server" ? batchSize * throughput.concurrency : throughput.concurrency;
  const first = distinct([
    { batchSize, concurrency },
    { batchSize, concurrency: outstanding },
    { batchSize: scalability.batchSize, concurrency },
  ]);
  return await runSession("operating-points", target, options, shared, async (session) => {
    const batching = await batchingOf(session, first.map((point) => point.batchSize), options);
    const fastest = throughput.batching === "server" ? [] : [
      ...fastestOf(throughput.levels).map((level) => ({
        batchSize: level.batchSize,
        concurrency: throughput.concurrency,
      })),
      ...fastestOf(scalability.levels).map((level) => ({
        batchSize: scalability.batchSize,
        concurrency: level.concurrency,
      })),
    ];
    const grid: Grid = {
      fastest,
      // Batches that the server makes need a new registration each: their sweep has shown enough.
      batchSizes: throughput.batching === "server" ? [] : throughput.levels.map((level) => level.batchSize),
      concurrencies: scalability.levels.map((level) => level.concurrency),
    };
    try {
      const visited = await searchPoints(session, first, grid, batching, options);
      return (absences) => {
        const points = bestFirst(pointsOf(session, visited, batching, absences));
        return { kind: "operating-points" as const, points };
      };
    } finally {
      await batching.restore();
    }
  });
}

/** Values of the sweeps, ascending, among which the search moves. */
interface Grid {
  /** The level of each sweep that measured fastest, whatever its interval: nothing slower is recommended unseen. */
  readonly fastest: readonly Point[];
  readonly batchSizes: readonly number[];
  readonly concurrencies: readonly number[];
}

/** Neighbours that are tried beside the first points, and points that are visited again in the end. */
const MOST_NEIGHBOURS = 3;
const CONFIRMED = 2;
/** Visits more where a confirmation puts another point first, or is off by {@linkcode MAX_LOSS} from what it is to confirm. */
const MOST_REPEATS = 2;

/**
 * Coordinate search with confirmation: the first points, then neighbours of the best one on either axis as long as one
 * is better, then the best ones again, so that none is recommended for one lucky visit. A full grid would cost many times that.
 */
async function searchPoints(
  session: Session,
  first: readonly Point[],
  grid: Grid,
  batching: Batching,
  options: ComprehensiveOptions,
): Promise<readonly Point[]> {
  const neighbours = options.quick ? 0 : MOST_NEIGHBOURS;
  const confirmed = options.quick ? 1 : CONFIRMED;
  const repeats = options.quick ? 1 : MOST_REPEATS;
  const total = first.length + neighbours + confirmed + repeats;
  const visited: Point[] = [];
  let count = 0;
  const known = (point: Point) => session.windows.of(loadOf(point, batching)).length > 0;
  const add = (point: Point) => {
    if (!visited.some((other) => isSame(other, point))) visited.push(point);
  };
  const visit = async (point: Point) => {
    if (session.partial !== null) return;
    session.progress(`batch ${point.batchSize} with concurrency ${point.concurrency}`, count++ / total);
    if (!await batching.prepare(point.batchSize)) return;
    await visitLoad(session, loadOf(point, batching), passBudget(options, known(point) ? 2 : 1));
    add(point);
  };
  // What a sweep has measured stands: it is visited again if it is among the best.
  const take = (point: Point) => known(point) ? add(point) : visit(point);
  for (const point of shuffled(first, seededRandom(session.seed))) await take(point);
  // Where the sweeps were measured before the run broke off, these are met here for the first time.
  for (const point of grid.fastest) await take(point);
  const best = () => bestFirst(pointsOf(session, visited, batching));
  for (let i = 0; i < neighbours && session.partial === null; i++) {
    const next = nextNeighbour(best()[0], grid, visited);
    if (next === null) break;
    await take(next);
  }
  const again = new Set<string>();
  const confirm = async ({ batchSize, concurrency }: Point) => {
    again.add(`${batchSize} x ${concurrency}`);
    await visit({ batchSize, concurrency });
  };
  for (const point of best().slice(0, confirmed)) await confirm(point);
  for (let i = 0; i < repeats && session.partial === null; i++) {
    const [leading] = best();
    if (leading === undefined) break;
    const isConfirmed = again.has(`${leading.batchSize} x ${leading.concurrency}`) && !isContradicted(leading);
    if (isConfirmed) break;
    await confirm(leading);
  }
  return visited;
}

/** Whether the last visit of a point is off from those before it by more than two that are known to 5 % may be. */
function isContradicted({ visits = [] }: OperatingPoint): boolean {
  const rates = visits.flatMap(({ requestsPerSecond }) => requestsPerSecond === null ? [] : [requestsPerSecond.value]);
  const last = rates.pop();
  if (last === undefined || rates.length === 0) return false;
  const before = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return Math.abs(last - before) > MAX_LOSS * Math.max(last, before);
}

/** The level of a sweep with the highest rate, among the usable ones; none where there is none. */
function fastestOf<L extends ThroughputLevel | ScalabilityLevel>(levels: readonly L[]): readonly L[] {
  const rate = ({ predictionsPerSecond }: Window) => predictionsPerSecond?.value ?? 0;
  return levels.filter(isUsable).toSorted((a, b) => rate(b) - rate(a)).slice(0, 1);
}

/** The point's own concurrency, in items as the server takes them. */
function loadOf({ batchSize, concurrency }: Point, batching: Batching): ClosedLoad {
  return { ...batching.loadOf(batchSize, 1), concurrency };
}

function pointsOf(
  { windows, kind }: Session,
  visited: readonly Point[],
  batching: Batching,
  absences: Record<string, string> = {},
): OperatingPoint[] {
  return visited.map((point) => {
    const load = loadOf(point, batching);
    const { batchSize, concurrency } = point;
    return { batchSize, concurrency, ...summariseWindow(load, windows.of(load, kind), absences).window };
  });
}

/** A point that was not visited, one step from the best: larger first, since both sweeps took the smallest optimum. */
function nextNeighbour(
  best: OperatingPoint | undefined,
  { batchSizes, concurrencies }: Grid,
  visited: readonly Point[],
): Point | null {
  if (best === undefined) return null;
  const { batchSize, concurrency } = best;
  const steps = [1, -1].flatMap((step) => [
    { batchSize, concurrency: stepped(concurrencies, concurrency, step) },
    { batchSize: stepped(batchSizes, batchSize, step), concurrency },
  ]);
  const found = steps.find((step): step is Point =>
    step.batchSize !== null && step.concurrency !== null && !visited.some((point) => isSame(point, step as Point))
  );
  return found ?? null;
}

function stepped(values: readonly number[], value: number, step: number): number | null {
  const at = values.indexOf(value);
  return at < 0 ? null : values[at + step] ?? null;
}

function isSame(a: Point, b: Point): boolean {
  return a.batchSize === b.batchSize && a.concurrency === b.concurrency;
}

function distinct(loads: readonly Point[]): Point[] {
  return loads.filter((load, i) => loads.findIndex((other) => isSame(other, load)) === i);
}

/**
 * Usable points first; of these the fastest, and of those equal to it within noise the one with the lowest p95 latency.
 * Equal is what overlaps the fastest, measured nearly as fast, and not less than one that the client limited: that one can
 * do at least so much.
 *
 * @param points In any order.
 */
export function bestFirst(points: readonly OperatingPoint[]): OperatingPoint[] {
  const rate = (point: OperatingPoint) => point.predictionsPerSecond?.value ?? 0;
  const p95 = (point: OperatingPoint) => point.latencyMs?.p95.value ?? Infinity;
  const byRate = points.toSorted((a, b) => rate(b) - rate(a));
  const usable = usablePoints(byRate);
  const highest = usable[0]?.predictionsPerSecond ?? null;
  const least = highest === null ? 0 : Math.max(
    (1 - MAX_LOSS) * highest.value,
    ...usable.map((point) => point.clientLimited ? rate(point) : 0),
  );
  const isEqual = (point: OperatingPoint) => {
    const own = atLeast(point, "predictions");
    return own !== null && highest !== null && overlaps(own, highest) && own.value >= least;
  };
  return [
    ...usable.filter(isEqual).toSorted((a, b) => p95(a) - p95(b)),
    ...usable.filter((point) => !isEqual(point)),
    ...byRate.filter((point) => !usable.some((other) => other === point)),
  ];
}
