/** Made-up results of what is no sweep of a closed loop: arrival rates, operating points, two servers. */
import { seededRandom } from "../../src/core/random.ts";
import type {
  AbResult,
  AbSide,
  BasicResult,
  LoadResult,
  OpenWindow,
  OperatingPoint,
  OperatingPointsResult,
  PairedEffect,
} from "../../src/results/result.ts";
import { BASE, basic, estimate, level } from "./synthetic.ts";

/** One offered rate of a server that answers so many per second at most. */
export function offered(offeredPerSecond: number, capacity = 90): OpenWindow {
  const saturated = offeredPerSecond > capacity, rate = Math.min(offeredPerSecond, capacity);
  const medianMs = saturated ? 900 : 12 / (1 - 0.8 * rate / capacity);
  const measured = level({ rate, medianMs, converged: !saturated });
  return {
    ...measured,
    load: {
      kind: "open",
      arrivals: { kind: "poisson", ratePerSecond: offeredPerSecond },
      maxConnections: 512,
      batchSize: 1,
    },
    latencyFrom: "due",
    offeredPerSecond,
    due: 4 * offeredPerSecond,
    unanswered: saturated ? 40 : 0,
    durationMs: 4000,
    serviceMs: measured.latencyMs,
    latenessMs: null,
    backlogGrowthPerSecond: estimate(saturated ? offeredPerSecond - capacity : 0),
    saturated,
  };
}

/** A basic test of an open loop; its latencies are those of the closed one, so that a chart of both can be compared. */
export function openBasic(offeredPerSecond: number): BasicResult {
  const { load, latencyFrom, ...figures } = offered(offeredPerSecond);
  const { offeredPerSecond: rate, due, unanswered, backlogGrowthPerSecond, saturated } = figures;
  return {
    ...basic({ n: 200 }),
    concurrency: null,
    load,
    latencyFrom,
    offeredPerSecond: rate,
    due,
    unanswered,
    backlogGrowthPerSecond: backlogGrowthPerSecond ?? null,
    saturated,
  };
}

/** Arrival rates up to saturation. */
export function load({ rates = [10, 20, 40, 80, 160], capacity = 90 } = {}): LoadResult {
  const levels = rates.map((rate) => offered(rate, capacity));
  return {
    ...BASE,
    kind: "load",
    arrivals: { kind: "poisson" },
    maxConnections: 512,
    batchSize: 1,
    levels,
    sustainedPerSecond: levels.findLast(({ saturated }) => !saturated)?.offeredPerSecond ?? null,
    saturatedPerSecond: levels.find(({ saturated }) => saturated)?.offeredPerSecond ?? null,
    capacity: null,
  };
}

/** Candidates, the fastest of which fails half of its requests. */
export function operatingPoints({ failing = true, limited = false } = {}): OperatingPointsResult {
  const point = (batchSize: number, concurrency: number, rate: number, failedShare = 0): OperatingPoint => ({
    ...level({
      rate,
      batchSize,
      concurrency,
      medianMs: 1000 * concurrency / rate,
      n: 200,
      failedShare,
      converged: batchSize < 32,
      clientLimited: limited && concurrency > 1,
    }),
    batchSize,
    concurrency,
  });
  const points = [...(failing ? [point(32, 8, 28, 0.5)] : []), point(16, 4, 32), point(16, 1, 30), point(32, 1, 14)];
  return { ...BASE, client: { ...BASE.client, limited }, kind: "operating-points", points };
}

/** Two servers, the second of which takes some share of the first one's rate. */
export function ab({ ratio = 0.93, blocks = 12 } = {}): AbResult {
  const random = seededRandom(11);
  const noise = () => 1 + 0.06 * (random() - 0.5);
  const side = (requestsPerSecond: number) => ({
    requestsPerSecond,
    p50Ms: 1000 / requestsPerSecond,
    p95Ms: 1500 * noise() / requestsPerSecond,
  });
  const serverAt = (url: string, requestsPerSecond: number): AbSide => ({
    ...level({ rate: requestsPerSecond, concurrency: 4, medianMs: 4000 / requestsPerSecond }),
    target: { url, protocol: "kserve-v2", model: "resnet50", embedded: false, device: "cuda:0" },
    client: BASE.client,
    absences: {},
  });
  const effect = (value: number, relative: number): PairedEffect => ({
    ratio: blocks === 0 ? null : estimate(value, relative, blocks),
    verdict: blocks === 0 ? "cannot tell" : Math.abs(value - 1) < relative ? "no difference found" : "worse",
    smallestShown: 0.02,
  });
  const throughput = effect(ratio, 0.012);
  return {
    ...BASE,
    absences: blocks === 0 ? { effects: "no block was finished" } : {},
    kind: "ab",
    seed: 1,
    concurrency: 4,
    batchSize: 1,
    requestsPerVisit: 100,
    a: serverAt("http://one:8000", 200),
    b: serverAt("http://two:8000", 200 * ratio),
    blocks: Array.from({ length: blocks }, () => {
      const drift = 200 * (0.9 + 0.2 * random());
      return { order: "ABBA", a: side(drift * noise()), b: side(drift * ratio * noise()) };
    }),
    effects: { throughput, p50: effect(1 / ratio, 0.015), p95: effect(1 / ratio, 0.03) },
    errorDifference: estimate(0),
    verdict: throughput.verdict,
  };
}
