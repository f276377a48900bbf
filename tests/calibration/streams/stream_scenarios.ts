import { measureStreams } from "./measure_streams.ts";
import type { Scenario } from "../scenarios.ts";
import type { StreamBehaviour } from "./stream_behaviour.ts";
import { observeStreams } from "./real_streams.ts";
import type { StreamLimits, StreamLoad } from "./stream_truth.ts";

/** Answers of some length each by itself. */
const alone: StreamBehaviour = { firstMs: 40, firstVariation: 0.3, tokenMs: 4, tokenVariation: 0.3, tokens: [8, 24] };
const phases: StreamBehaviour = { ...alone, tokenVariation: 0.5, autocorrelation: 0.9 };
const steady: StreamBehaviour = { firstMs: 40, tokenMs: 4, tokens: [16, 16] };
/** A continuous batch of eight: full, it answers about 70 requests a second. */
const batch: StreamBehaviour = {
  firstMs: 3,
  firstVariation: 0.3,
  tokenMs: 4,
  tokenVariation: 0.2,
  autocorrelation: 0.9,
  batch: { slots: 8, ownMs: 0.2 },
  tokens: [8, 24],
};

const LIMITS: StreamLimits = { firstMs: 50, tokenMs: 4.2 };
const OF_BATCH: StreamLimits = { firstMs: 12, tokenMs: 7.5 };

function scenario(name: string, streams: StreamBehaviour, load: StreamLoad, limits: StreamLimits): Scenario {
  // A server of streams works on nothing else.
  const behaviour = { service: { kind: "exponential", meanMs: 1 }, streams } as const;
  return {
    name: `stream-${name}`,
    test: "streams",
    behaviour: () => behaviour,
    measure: measureStreams(load, limits),
    observeReally: (seed) => observeStreams(streams, load, limits, seed),
  };
}

/** Streams by how their tokens come, and by load. */
export const STREAM_SCENARIOS: readonly Scenario[] = [
  scenario("steady", steady, { concurrency: 8 }, { firstMs: 50, tokenMs: 5 }),
  scenario("jittered-1", alone, { concurrency: 1 }, LIMITS),
  scenario("jittered", alone, { concurrency: 8 }, LIMITS),
  scenario("slow-phases", phases, { concurrency: 8 }, LIMITS),
  scenario("fours", { ...alone, tokensAChunk: 4 }, { concurrency: 8 }, LIMITS),
  scenario("bursts", { ...alone, burst: 4 }, { concurrency: 8 }, LIMITS),
  scenario("failing", { ...alone, failureRate: 0.05 }, { concurrency: 8 }, LIMITS),
  scenario("single-tokens", { ...alone, singles: 0.2 }, { concurrency: 8 }, LIMITS),
  scenario("batch-1", batch, { concurrency: 1 }, { firstMs: 9, tokenMs: 4.5 }),
  scenario("batch", batch, { concurrency: 8 }, OF_BATCH),
  scenario("batch-fours", { ...batch, tokensAChunk: 4 }, { concurrency: 8 }, OF_BATCH),
  scenario("batch-queue", batch, { concurrency: 32 }, { firstMs: 360, tokenMs: 7.5 }),
  scenario("batch-50-percent", batch, { ratePerSecond: 35 }, OF_BATCH),
  scenario("batch-80-percent", batch, { ratePerSecond: 56 }, { firstMs: 60, tokenMs: 7.5 }),
];
