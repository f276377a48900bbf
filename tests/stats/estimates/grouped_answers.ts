/**
 * How often the interval of a rate holds, and how wide it is, where few answers end together and where they do not, by
 * simulation; by the gaps between events alone, and as it is:
 *
 *     deno run --config tests/deno.json -A tests/stats/estimates/grouped_answers.ts [RUNS]
 *
 * @module
 */
import { type Estimate, relativeHalfWidth } from "../../../src/core/estimate.ts";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { DEFAULT_LEVEL } from "../../../src/stats/confidence_level.ts";
import { batchMeans, meanEnds } from "../../../src/stats/estimates/batch_means.ts";
import { rateEstimate } from "../../../src/stats/estimates/rate_estimate.ts";
import { skewedMeanEnds } from "../../../src/stats/estimates/small_mean.ts";
import { exponential, normal, times } from "./simulate.ts";

/** Answers end without end, ms. */
type Answers = (random: Random) => Iterator<number>;

/** A server whose rate is known. */
export interface Answering {
  readonly name: string;
  readonly perSecond: number;
  readonly answers: Answers;
  /** About so long is a round of its answers, ms. */
  readonly roundMs: number;
  /** Answers before the window begins, with one that is not counted. */
  readonly before: number;
}

const ROUND_MS = 400;

/** A factor of the mean 1. */
function varied(random: Random, variation: number): number {
  const variance = Math.log1p(variation ** 2);
  return Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
}

/** Groups of some size at a time, microseconds apart. */
function groups(size: (random: Random) => number, roundMs: (random: Random, size: number) => number): Answers {
  return function* (random) {
    for (let endMs = 0;;) {
      const answers = size(random);
      endMs += roundMs(random, answers);
      let atMs = endMs;
      for (let i = 0; i < answers; i++, atMs += exponential(random, 0.01)) yield atMs;
    }
  };
}

/** Lanes that each send the next request when the last one is answered, all at once at first. */
function lanes(count: number, serviceMs: (random: Random) => number): Answers {
  return function* (random) {
    for (const nextMs = times(count, () => serviceMs(random));;) {
      const first = nextMs.indexOf(Math.min(...nextMs));
      yield nextMs[first]!;
      nextMs[first]! += serviceMs(random);
    }
  };
}

/** Lanes before a server that takes up to eight of those that wait, whenever it is free; a client needs some 0.1 ms. */
function loopOverBatches(count: number, jitter: number): Answers {
  return function* (random) {
    const dueMs = times(count, () => 0.05 * random());
    for (let endMs = 0;;) {
      dueMs.sort((a, b) => a - b);
      const beginMs = Math.max(endMs, dueMs[0]!);
      const taken = Math.min(8, dueMs.filter((ms) => ms <= beginMs).length);
      endMs = beginMs + (50 + 20 * taken) * varied(random, jitter);
      for (let i = 0, atMs = endMs; i < taken; i++, atMs += 0.005 + exponential(random, 0.005)) {
        yield atMs;
        dueMs[i] = atMs + 0.05 + exponential(random, 0.05);
      }
    }
  };
}

function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

const byGroups = (name: string, size: number, answers: Answers): Answering => ({
  name,
  perSecond: 1000 * size / ROUND_MS,
  answers,
  roundMs: ROUND_MS,
  // As a closed loop of so many lanes warms up: the window may begin inside of a group.
  before: Math.max(size, 10),
});

const byLanes = (count: number, variation: number): Answering => ({
  name: `${count} ${count === 1 ? "lane" : "lanes"}, variation ${variation}`,
  perSecond: 1000 * count / ROUND_MS,
  answers: lanes(count, (random) => ROUND_MS * varied(random, variation)),
  roundMs: ROUND_MS,
  before: Math.max(count, 10),
});

/** Its rate is that of a long run. */
function looped(count: number, jitter: number): Answering {
  const answers = loopOverBatches(count, jitter), COUNTED = 20_000;
  const long = answers(seededRandom(99));
  let lastMs = 0;
  for (let i = 0; i < COUNTED; i++) lastMs = long.next().value;
  const perSecond = 1000 * COUNTED / lastMs;
  const name = `loop of ${count} over batches of up to 8, jitter ${100 * jitter} %`;
  return { name, perSecond, answers, roundMs: 1000 * Math.min(count, 8) / perSecond, before: Math.max(count, 10) };
}

/** Of which answers come in groups. */
export const IN_GROUPS: readonly Answering[] = [
  ...[4, 8, 16].flatMap((size) =>
    [0.001, 0.01, 0.05, 0.2].map((jitter) =>
      byGroups(
        `groups of ${size}, jitter ${100 * jitter} %`,
        size,
        groups(() => size, (r) => ROUND_MS * varied(r, jitter)),
      )
    )
  ),
  byGroups("groups of 6 to 10, jitter 2 %", 8, groups((r) => whole(r, 6, 10), (r) => ROUND_MS * varied(r, 0.02))),
  byGroups("groups of 1 to 15, jitter 5 %", 8, groups((r) => whole(r, 1, 15), (r) => ROUND_MS * varied(r, 0.05))),
  byGroups(
    "groups of 1 to 15, longer where larger",
    8,
    groups((r) => whole(r, 1, 15), (r, size) => ROUND_MS * (0.5 + size / 16) * varied(r, 0.02)),
  ),
  ...[0.01, 0.1].flatMap((jitter) => [8, 12, 20].map((count) => looped(count, jitter))),
];

/** Of which groups are seldom whole: the interval knows what it saw. */
export const SELDOM_WHOLE: Answering = {
  ...byGroups(
    "groups of 8, of 1 to 8 in 30 %",
    8,
    groups((r) => r() < 0.7 ? 8 : whole(r, 1, 8), (r) => ROUND_MS * varied(r, 0.01)),
  ),
  perSecond: 1000 * (0.7 * 8 + 0.3 * 4.5) / ROUND_MS,
};

/** The same of single answers. */
export const SELDOM_LONG: Answering = {
  ...byLanes(1, 0.01),
  name: "1 lane, up to twice as long in 30 %",
  answers: lanes(1, (r) => ROUND_MS * (r() < 0.7 ? 1 : 1 + r()) * varied(r, 0.01)),
  perSecond: 1000 / ROUND_MS / 1.15,
};

/** Of which answers come one by one. */
export const ONE_BY_ONE: readonly Answering[] = [
  ...[1, 2, 4, 8].flatMap((count) => [0.05, 0.2, 1].map((variation) => byLanes(count, variation))),
  { ...byLanes(1, 0.005), name: "1 lane, steady" },
  ...[2, 8].map((rate) => ({
    name: `independent, ${rate} a round`,
    perSecond: 1000 * rate / ROUND_MS,
    answers: function* (random: Random) {
      for (let atMs = 0;;) yield atMs += exponential(random, ROUND_MS / rate);
    },
    roundMs: ROUND_MS,
    before: 1,
  })),
  ...[0.5, 0.9].map((share) => ({
    name: `1 lane, ${100 * share} % of 1 ms, the others of 100 ms`,
    perSecond: 1000 / (share + 100 * (1 - share)),
    answers: lanes(1, (r) => (r() < share ? 1 : 100) * varied(r, 0.1)),
    roundMs: 100,
    before: 10,
  })),
];

/** Ends of answers in a window of so many rounds. Like one of a closed loop it ends with the first answer after them. */
export function endsIn({ answers, before, roundMs }: Answering, random: Random, rounds: number): Float64Array {
  const all = answers(random), endsMs: number[] = [];
  let beginMs = 0;
  for (let i = 0; i < before; i++) beginMs = all.next().value;
  do endsMs.push(all.next().value - beginMs); while (endsMs.at(-1)! < 0.97 * rounds * roundMs);
  return Float64Array.from(endsMs);
}

/** How an interval does. */
export interface Held {
  /** Share of windows whose interval holds the rate. */
  readonly covered: number;
  /** Half width in the median, relative; infinite where an end is not known. */
  readonly halfWidth: number;
}

/** The interval of so many windows of so many rounds. */
export function held(
  server: Answering,
  rounds: number,
  runs: number,
  estimate: (endsMs: Float64Array) => Estimate = asItIs,
): Held {
  const halfWidths: number[] = [];
  let covered = 0;
  for (let run = 1; run <= runs; run++) {
    const of = estimate(endsIn(server, seededRandom(7919 * run + 101 * rounds), rounds));
    if (of.low! <= server.perSecond && server.perSecond <= (of.high ?? Infinity)) covered++;
    halfWidths.push(relativeHalfWidth(of) ?? Infinity);
  }
  return { covered: covered / runs, halfWidth: halfWidths.sort((a, b) => a - b)[runs >> 1]! };
}

function asItIs(endsMs: Float64Array): Estimate {
  return rateEstimate(endsMs, { startMs: 0, endMs: endsMs.at(-1)! });
}

/** As if every answer ended by itself. */
function byGapsAlone(endsMs: Float64Array): Estimate {
  if (endsMs.length < 3) return asItIs(endsMs);
  const gaps = endsMs.slice(1).map((ms, i) => ms - endsMs[i]!), moments = batchMeans(gaps);
  const { low, high } = skewedMeanEnds(gaps, meanEnds(moments, moments.batchedMean, DEFAULT_LEVEL), DEFAULT_LEVEL);
  const { value, level, n } = asItIs(endsMs);
  return { value, low: Math.min(value, 1000 / high), high: low > 0 ? Math.max(value, 1000 / low) : null, level, n };
}

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 1000), ROUNDS = [4, 6, 8, 12];
  const percent = (share: number) => `${share < 0.0995 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
  const cell = ({ covered, halfWidth }: Held) => `${percent(covered)}, ${halfWidth < 100 ? percent(halfWidth) : "-"}`;
  for (const server of [...IN_GROUPS, SELDOM_WHOLE, SELDOM_LONG, ...ONE_BY_ONE]) {
    const cells = ROUNDS.map((rounds) =>
      `${cell(held(server, rounds, runs, byGapsAlone))} -> ${cell(held(server, rounds, runs))}`
    );
    // deno-lint-ignore no-console -- this is a program
    console.log(`| ${[server.name, ...cells].join(" | ")} |`);
  }
}
