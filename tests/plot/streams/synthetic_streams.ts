/** Made-up results of a language model that streams its answers. */
import { seededRandom } from "../../../src/core/random.ts";
import type { BasicResult, LoadResult, ScalabilityResult, Window } from "../../../src/results/result.ts";
import type { AnswerTimeline } from "../../../src/results/kinds/answer_timeline.ts";
import type { CapacityProbe, CapacitySearch } from "../../../src/results/kinds/load.ts";
import { distribution } from "../../../src/stats/estimates/distribution.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import { basic, estimate, scalability } from "../synthetic.ts";
import { load, openBasic } from "../synthetic_loads.ts";

/** How a made-up model streams. */
export interface StreamFacts {
  readonly firstMs?: number;
  readonly tokenMs?: number;
  /** Whether anything counts tokens. */
  readonly counted?: boolean;
  readonly perSecond?: number;
}

const valuesOf = (medianMs: number, n = 300, seed = 7) => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => medianMs * (0.8 + 0.4 * random() + 1.2 * random() ** 12));
};
const times = (medianMs: number, n = 300, seed = 7) => distribution(valuesOf(medianMs, n, seed))!;

/** What a window of streamed answers has besides. */
export function streamed({ firstMs = 80, tokenMs = 12, counted = true, perSecond = 600 }: StreamFacts = {}): Partial<
  Window
> {
  const tokens = counted ? times(tokenMs, 300, 8) : null;
  return {
    firstTokenMs: times(firstMs),
    firstVisibleMs: times(firstMs),
    tokenMs: tokens,
    chunkGapMs: times(tokenMs, 300, 8),
    longestGapMs: times(4 * tokenMs, 300, 9),
    outputTokens: counted ? times(64) : null,
    outputTokensPerSecond: counted ? estimate(perSecond, 0.06) : null,
  };
}

/** An answer of so many chunks. */
function answer(
  why: AnswerTimeline["why"],
  seed: number,
  { sentMs = 0, firstMs = 80, counted = true } = {},
): AnswerTimeline {
  const random = seededRandom(seed);
  const gapMs = Array.from({ length: 40 }, (_, k) => {
    if (k === 0) return 0;
    const stall = why === "long gap" && k === 17 ? 15 : seed % 3 === 0 && k === 30 ? 5 : 1;
    return Math.round(100 * stall * 12 * (0.7 + 0.6 * random())) / 100;
  });
  const firstTokenMs = sentMs + firstMs * (why === "late first token" ? 4 : 0.8 + 0.1 * seed);
  let atMs = firstTokenMs;
  const moments = gapMs.map((gap) => Math.round(100 * (atMs += gap)) / 100);
  return {
    why,
    sentMs,
    headersMs: sentMs + 6,
    firstEventMs: seed % 2 === 0 ? firstTokenMs : sentMs + 20,
    firstTokenMs,
    endMs: atMs + 4,
    chunks: 40,
    tokens: counted ? 40 : null,
    atMs: moments,
    gapMs,
  };
}

const answers = (facts: { sentMs?: number; counted?: boolean } = {}): AnswerTimeline[] => [
  ...[1, 2, 3, 4, 5, 6].map((seed) => answer("usual", seed, facts)),
  ...[7, 8].map((seed) => answer("late first token", seed, facts)),
  ...[9, 10].map((seed) => answer("long gap", seed, facts)),
];

/** Quantiles of a distribution as a test keeps them. */
const quantiles = (medianMs: number, seed?: number) => {
  const sorted = ascending(valuesOf(medianMs, 300, seed));
  return Array.from({ length: 101 }, (_, k) => ({ share: k / 100, latencyMs: quantile(sorted, k / 100) }));
};

/** One load of a language model. */
export function streamedBasic(facts: StreamFacts = {}): BasicResult {
  const { firstMs = 80, tokenMs = 12 } = facts;
  return {
    ...basic({ n: 300, medianMs: 600 }),
    ...streamed(facts),
    streamQuantiles: { firstTokenMs: quantiles(firstMs), tokenMs: quantiles(tokenMs, 8) },
    answers: answers(),
  };
}

/** The same of an open loop, whose requests waited in the client, and of a server that counts no tokens. */
export function streamedOpenBasic(): BasicResult {
  return {
    ...openBasic(20),
    ...streamed({ counted: false }),
    streamQuantiles: { firstTokenMs: quantiles(80) },
    answers: answers({ sentMs: 30, counted: false }),
  };
}

/** Concurrencies of a language model: more of them bring tokens, until eight slots are full. */
export function streamedScalability({ tokenMs = 6 } = {}): ScalabilityResult {
  const made = scalability({ concurrencies: [1, 2, 4, 8, 16], limited: [] });
  const levels = made.levels.map((one) => {
    const { concurrency } = one;
    const running = Math.min(8, concurrency), each = tokenMs * (1 + 0.35 * (running - 1));
    const queueMs = concurrency > 8 ? 600 : 0;
    return {
      ...one,
      ...streamed({ firstMs: 30 + 6 * running + queueMs, tokenMs: each, perSecond: 950 * running / each }),
    };
  });
  return { ...made, levels, optimalConcurrency: 8, equivalentConcurrencies: [8, 16] };
}

const search = (levels: readonly number[], highest: number, ofLevel: (level: number) => number): CapacitySearch => ({
  highest,
  lowestMissed: levels.find((one) => one > highest) ?? null,
  ended: "found",
  probes: levels.map((one): CapacityProbe => {
    const verdict = one <= highest ? "met" : "missed";
    const outcome = (metric: string, text: string, limit: number, value: number) => ({
      objective: { metric, operator: "<" as const, limit, unit: "ms" as const, text },
      verdict: value > limit ? "missed" as const : value > 0.93 * limit ? "cannot tell" as const : "met" as const,
      measured: estimate(value, 0.1),
    });
    return {
      level: one,
      verdict,
      saturated: false,
      runs: 1,
      outcomes: [
        outcome("ttft-p95", "ttft-p95<300ms", 300, ofLevel(one)),
        outcome("tpot-p95", "tpot-p95<40ms", 40, 14 + ofLevel(one) / 25),
      ],
    };
  }),
});

/** Arrival rates of a language model, and its capacity under objectives. */
export function streamedLoad(): LoadResult {
  const made = load();
  const levels = made.levels.map((one, k) => ({
    ...one,
    ...streamed({ firstMs: 70 * 1.5 ** k, tokenMs: 9 + 4 * k, perSecond: Math.min(640, 80 * 2 ** k) }),
  }));
  return {
    ...made,
    levels,
    capacity: {
      objectives: "ttft-p95<300ms,tpot-p95<40ms",
      rate: search([10, 20, 40, 50, 60, 80], 50, (rate) => 80 + 0.06 * rate ** 2),
      concurrency: search([1, 2, 4, 8, 9, 16], 9, (concurrency) => 60 + 24 * concurrency),
      goodputPerSecond: 47,
    },
  };
}
