/**
 * How often the interval of prompt tokens per second holds in short windows, and how wide it is, by simulation: by parts of the
 * window, as that of output tokens, and as it is:
 *
 *     deno run --config tests/deno.json -A tests/measure/streams/prompt_rates.ts [RUNS]
 *
 * @module
 */
import { type Estimate, relativeHalfWidth } from "../../../src/core/estimate.ts";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";
import { tokenRates } from "../../../src/measure/streams/token_rates.ts";
import { meanEstimate } from "../../../src/stats/estimates/mean_estimate.ts";
import { rateEstimate } from "../../../src/stats/estimates/rate_estimate.ts";
import { exponential, normal, times } from "../../stats/estimates/simulate.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;
const ANSWER_MS = 400, BEFORE = 10, PARTS = 128, MEAN_TOKENS = 100;

/** Lanes in a closed loop. */
export interface Lanes {
  readonly name: string;
  readonly lanes: number;
  /** Of the time of an answer. */
  readonly variation: number;
  /** Whether all answers of a round end together. */
  readonly inRounds: boolean;
  /** Fewest and most tokens of a prompt, each as likely. */
  readonly tokens: readonly [number, number];
}

/** What is measured. */
export const LANES: readonly Lanes[] = ([[MEAN_TOKENS, MEAN_TOKENS], [50, 150]] as const).flatMap((tokens) => [
  ...[0.005, 0.2].map((variation) => ({ name: "1 lane", lanes: 1, variation, inRounds: false, tokens })),
  ...[0.05, 0.5].map((variation) => ({ name: "8 lanes", lanes: 8, variation, inRounds: false, tokens })),
  ...[0.01, 0.1].map((variation) => ({ name: "8 lanes in rounds", lanes: 8, variation, inRounds: true, tokens })),
]);

/** A window of about so many rounds, from the end of an answer to that of another one. */
function windowOf({ lanes, variation, inRounds, tokens }: Lanes, random: Random, rounds: number) {
  const variance = Math.log1p(variation ** 2);
  const answerMs = () => ANSWER_MS * Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
  const lastMs = 2 * (rounds + BEFORE) * ANSWER_MS;
  const answers: { sentMs: number; endMs: number }[] = [];
  if (inRounds) {
    for (let sentMs = 0, endMs = answerMs(); sentMs < lastMs; sentMs = endMs, endMs += answerMs()) {
      for (let lane = 0, late = 0; lane < lanes; lane++, late += exponential(random, 0.01)) {
        answers.push({ sentMs: sentMs + late, endMs: endMs + late });
      }
    }
  } else {
    for (const _ of times(lanes, () => 0)) {
      for (let sentMs = 0, endMs = answerMs(); sentMs < lastMs; sentMs = endMs, endMs += answerMs()) {
        answers.push({ sentMs, endMs });
      }
    }
  }
  answers.sort((a, b) => a.endMs - b.endMs);
  const startMs = answers[BEFORE - 1]!.endMs;
  const endMs = answers.find((answer) => answer.endMs - startMs >= 0.97 * rounds * ANSWER_MS)!.endMs;
  const samples = new SampleTable();
  for (const { sentMs, endMs: endedAt } of answers.filter(({ sentMs }) => sentMs < endMs)) {
    const firstTokenAt = sentMs + 0.3 * (endedAt - sentMs);
    const [fewest, most] = tokens;
    const promptTokens = fewest + Math.floor(random() * (most - fewest + 1));
    const sent = { scheduledAt: sentMs, sentAt: sentMs, writtenAt: NaN, firstByteAt: NaN, serverMs: NaN, judgingMs: 0 };
    const stream = { ...BLANK, firstTokenAt, lastTokenAt: endedAt, chunks: 10 };
    // The server counts at the end of an answer.
    samples.record(
      endedAt <= endMs
        ? { ...sent, endedAt, result: "success", stream: { ...stream, outputTokens: 10, firstTokens: 1, promptTokens } }
        : { ...sent, endedAt: endMs, result: "cancelled", stream },
    );
  }
  const ended = answers.map((answer) => answer.endMs - startMs).filter((ms) => ms > 0 && ms <= endMs - startMs);
  const requests = rateEstimate(ended, { startMs: 0, endMs: endMs - startMs });
  return { window: { samples, startMs, endMs, isWhole: true }, requests };
}

type Short = ReturnType<typeof windowOf>;

function asItIs({ window, requests }: Short): Estimate {
  return tokenRates([window], requests).promptTokensPerSecond!;
}

function byParts({ window: { samples, startMs, endMs }, requests }: Short): Estimate {
  const partMs = (endMs - startMs) / PARTS, parts = new Float64Array(PARTS);
  for (let i = 0; i < samples.length; i++) {
    const part = Math.floor((samples.stream(i, "firstTokenAt") - startMs) / partMs);
    const told = samples.stream(i, "promptTokens"), tokens = Number.isNaN(told) ? MEAN_TOKENS : told;
    if (part >= 0 && part < PARTS) parts[part]! += 1000 * tokens / partMs;
  }
  const mean = meanEstimate(parts), at = (end: number) => mean.value * end / requests.value;
  const high = requests.high === null ? mean.high! : Math.max(mean.high!, at(requests.high));
  return { ...mean, low: Math.max(0, Math.min(mean.low!, at(requests.low!))), high };
}

/** Share of so many windows whose interval holds the rate, and the half width in the median. */
export function heldPrompts(lanes: Lanes, rounds: number, runs: number, estimate: (short: Short) => Estimate = asItIs) {
  const perSecond = 1000 * lanes.lanes / ANSWER_MS * MEAN_TOKENS;
  const halfWidths: number[] = [];
  let covered = 0;
  for (let run = 1; run <= runs; run++) {
    const of = estimate(windowOf(lanes, seededRandom(7919 * run + 101 * rounds), rounds));
    if ((of.low ?? 0) <= perSecond && perSecond <= (of.high ?? Infinity)) covered++;
    halfWidths.push(relativeHalfWidth(of) ?? Infinity);
  }
  return { covered: covered / runs, halfWidth: halfWidths.sort((a, b) => a - b)[runs >> 1]! };
}

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 500);
  const percent = (share: number) => `${share < 0.0995 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
  for (const lanes of LANES) {
    const cells = [6, 8, 12, 32].map((rounds) =>
      [byParts, asItIs].map((estimate) => heldPrompts(lanes, rounds, runs, estimate)).map(({ covered, halfWidth }) =>
        `${percent(covered)}, ${percent(halfWidth)}`
      ).join(" -> ")
    );
    // deno-lint-ignore no-console -- this is a program
    console.log(
      `| ${lanes.name}, variation ${lanes.variation}, ${lanes.tokens.join(" to ")} tokens | ${cells.join(" | ")} |`,
    );
  }
}
