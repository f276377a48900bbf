import { seededRandom } from "../../src/core/random.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import { batchCost } from "./server_model.ts";
import { meanOf, quantileOf, serviceTimeAt } from "./service_time.ts";

/** A load on a server. */
export interface TruthLoad {
  /** Requests outstanding. */
  readonly concurrency: number;
  /** Items per request. */
  readonly batchSize: number;
}

/** What a perfect measurement of the steady server would find. */
export interface LevelTruth {
  /** Successful requests per second. */
  readonly requestsPerSecond: number;
  /** Successful predictions per second. */
  readonly predictionsPerSecond: number;
  /** Mean latency of successes, ms. */
  readonly meanMs: number;
  /** Median latency of successes, ms. */
  readonly p50Ms: number;
  /** 95th percentile of it, ms. */
  readonly p95Ms: number;
  /** 99th percentile of it, ms. */
  readonly p99Ms: number;
}

/**
 * The truth of a closed loop without thinking time, from the behaviour alone, warm and without drift or stalls.
 *
 * With any number of workers each request takes its service time, and each of n clients is a renewal process: X = n / E[S].
 * With fewer workers w than clients, every worker is always busy: X = w / E[S], and a request waits for others; of one worker
 * its latency is the sum of n service times, whose quantiles come from a long simulation of just that sum.
 */
export function levelTruth(behaviour: ServerBehaviour, { concurrency, batchSize }: TruthLoad): LevelTruth {
  const { service, workers = null, failureRate = 0 } = behaviour;
  const overheadMs = meanOverheadMs(behaviour);
  const n = concurrency;
  const factor = batchCost(behaviour, batchSize) * contentionOf(behaviour, n);
  const modes = modesOf(behaviour);
  const serviceMs = meanOf(service) * factor * modes.reduce((sum, mode) => sum + mode, 0) / modes.length;
  const busy = workers === null ? n : Math.min(n, workers);
  const queueing = workers !== null && n > workers;
  const queue = queueing ? queueOf(behaviour, workers, n) : null;
  // The way to the server is no time of a worker, and in a queue it overlaps the waiting of others.
  const attemptsPerSecond = queue === null
    ? 1000 * busy / (serviceMs + overheadMs)
    : overheadMs === 0
    ? 1000 * busy / serviceMs
    : queue.requestsPerSecond;
  const requestsPerSecond = (1 - failureRate) * attemptsPerSecond;
  const quantile = queue === null
    ? delayedQuantiles(behaviour, factor)
    : (p: number) => queue.sortedMs[Math.floor(p * queue.sortedMs.length)]!;
  return {
    requestsPerSecond,
    predictionsPerSecond: batchSize * requestsPerSecond,
    // Little's law where requests wait.
    meanMs: queueing ? 1000 * n / attemptsPerSecond : serviceMs + overheadMs,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
}

/** How many times as long as alone a request takes among others. */
function contentionOf({ usl, outstandings }: ServerBehaviour, concurrency: number): number {
  if (!usl) return 1;
  const seen = outstandings ?? [concurrency];
  return seen.reduce((sum, n) => sum + 1 + usl.sigma * (n - 1) + usl.kappa * n * (n - 1), 0) / seen.length;
}

/** What the way to the server adds to a latency on average, ms. */
export function meanOverheadMs({ overheadsMs = [0] }: ServerBehaviour): number {
  return overheadsMs.reduce((sum, x) => sum + x, 0) / overheadsMs.length;
}

/** Quantiles of a service time and what the way adds to it, which do not depend on each other: each pair is as likely. */
function delayedQuantiles(behaviour: ServerBehaviour, factor: number) {
  const { service, overheadsMs = [0] } = behaviour, modes = modesOf(behaviour);
  if (overheadsMs.length === 1 && modes.length === 1) {
    return (p: number) => quantileOf(service, p) * factor + overheadsMs[0]!;
  }
  const steps = overheadsMs.length === 1 ? 20_000 : 200;
  const services = Array.from({ length: steps }, (_, i) => quantileOf(service, (i + 0.5) / steps) * factor)
    .flatMap((ms) => modes.map((mode) => mode * ms));
  const sums = Float64Array.from(services.flatMap((serviceMs) => overheadsMs.map((ms) => serviceMs + ms))).sort();
  return (p: number) => sums[Math.floor(p * sums.length)]!;
}

/** How many times as long requests take; each is as likely. */
function modesOf({ slowRuns, replicas }: ServerBehaviour): number[] {
  if (replicas) return [replicas.factor, ...Array<number>(replicas.count - 1).fill(1)];
  return slowRuns ? [1, slowRuns.factor] : [1];
}

const SIMULATED_REQUESTS = 400_000;
const simulated = new Map<string, SimulatedQueue>();

/** What clients before workers see in the long run. */
interface SimulatedQueue {
  readonly requestsPerSecond: number;
  /** Latencies, ms, the shortest first. */
  readonly sortedMs: Float64Array;
}

/** Latencies of n clients before w workers, by a simulation of nothing but the queue and the way to it. */
function queueOf(behaviour: ServerBehaviour, workers: number, n: number): SimulatedQueue {
  const { service, autocorrelation, overheadsMs } = behaviour;
  const key = JSON.stringify([service, autocorrelation, overheadsMs, workers, n]);
  let queue = simulated.get(key);
  if (queue === undefined) {
    queue = simulateQueue(behaviour, workers, n);
    simulated.set(key, queue);
  }
  return queue;
}

function simulateQueue(
  { service, autocorrelation = 0, overheadsMs = [0] }: ServerBehaviour,
  workers: number,
  n: number,
): SimulatedQueue {
  const random = seededRandom(20_261_124), randomWay = seededRandom(20_261_127);
  const freeAtMs = Array<number>(workers).fill(0);
  // Requests by the moment at which they were sent; the earliest is served next.
  const sentAtMs = Array<number>(n).fill(0);
  const latenciesMs = new Float64Array(SIMULATED_REQUESTS);
  let z = 0, firstMs = 0, lastMs = 0;
  for (let i = 0; i < SIMULATED_REQUESTS + n; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    z = autocorrelation * z + Math.sqrt(1 - autocorrelation ** 2) * normal;
    const request = leastOf(sentAtMs), worker = leastOf(freeAtMs);
    freeAtMs[worker] = Math.max(freeAtMs[worker]!, sentAtMs[request]!) + serviceTimeAt(service, z);
    const answeredMs = freeAtMs[worker]! + overheadsMs[Math.floor(overheadsMs.length * randomWay())]!;
    if (i >= n) latenciesMs[i - n] = answeredMs - sentAtMs[request]!;
    if (i < n) firstMs = Math.max(firstMs, answeredMs);
    lastMs = Math.max(lastMs, answeredMs);
    sentAtMs[request] = answeredMs;
  }
  return { requestsPerSecond: 1000 * SIMULATED_REQUESTS / (lastMs - firstMs), sortedMs: latenciesMs.sort() };
}

/** Where the least of some numbers stands. */
function leastOf(numbers: readonly number[]): number {
  let least = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! < numbers[least]!) least = i;
  return least;
}

/** A level with its true rate. */
export interface TrueRate {
  /** Batch size or concurrency. */
  readonly level: number;
  /** What is maximised, per second. */
  readonly rate: number;
}

/** What two levels may differ by where each is known to 5 %, which is as well as method 6 wants to know them. */
const INDIFFERENCE = 0.1;
/** Levels nearer than this to the best are as good: the smallest of them is wanted. */
const EQUAL = 0.01;

/**
 * The levels that are right answers to "which is optimal": at most 10 % slower than the best, and no larger than the smallest
 * that is as fast as the best.
 */
export function rightOptima(rates: readonly TrueRate[]): number[] {
  const highest = Math.max(...rates.map(({ rate }) => rate));
  const smallestBest = Math.min(...rates.filter(({ rate }) => rate >= (1 - EQUAL) * highest).map(({ level }) => level));
  return rates
    .filter(({ level, rate }) => rate >= (1 - INDIFFERENCE) * highest && level <= smallestBest)
    .map(({ level }) => level);
}

/** First level that gains less than 5 % over the one before; `null` if each gains more. */
export function truePlateau(rates: readonly TrueRate[]): number | null {
  return rates.find(({ rate }, i) => i > 0 && rate / rates[i - 1]!.rate < 1.05)?.level ?? null;
}

/** The level furthest above the chord of the curve, which is where Kneedle finds its knee; `null` for a straight line. */
export function trueKnee(rates: readonly TrueRate[]): number | null {
  const [first, last] = [rates[0]!, rates.at(-1)!];
  const lowest = Math.min(...rates.map(({ rate }) => rate)), highest = Math.max(...rates.map(({ rate }) => rate));
  const above = rates.map(({ level, rate }) =>
    (rate - lowest) / (highest - lowest) - (level - first.level) / (last.level - first.level)
  );
  const most = Math.max(...above);
  return most < 0.05 ? null : rates[above.indexOf(most)]!.level;
}
