import type { Estimate } from "../../core/estimate.ts";
import type { SampleTable } from "../../core/sample.ts";
import { meanEstimate } from "../../stats/estimates/mean_estimate.ts";
import { rateEstimate } from "../../stats/estimates/rate_estimate.ts";

/** Parts of equal length that a window is cut into. */
const SLOTS = 128;
/** Fewer answers tell nothing of how others differ from them: the ends of the interval are then unknown. */
const FEWEST_ANSWERS = 5;

/** Samples of a run, and the part of its time that counts. Moments are ms since the run began. */
export interface TokenWindow {
  /** Those that are kept, in the order in which they ended. */
  readonly samples: SampleTable;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether all of its samples are kept. */
  readonly isWhole: boolean;
}

/** How fast tokens came and prompts were read, per second; `null` where nothing counts tokens. */
export interface TokenRates {
  /** Output tokens. */
  readonly outputTokensPerSecond: Estimate | null;
  /** Prompt tokens. */
  readonly promptTokensPerSecond: Estimate | null;
}

/**
 * Tokens per second by the moments at which they came, whichever request they belong to: to count whole answers would lose
 * those that the window cut, and long ones first. The interval is that of the mean over {@linkcode SLOTS} parts of each
 * window, by batch means, which no rate below 0 is part of. Prompts are read at one moment each, the first token of the
 * answer, so that theirs is the rate of these moments, each of which counts its tokens. Most servers count at the end of an
 * answer: for one that was cut off before, the mean of those that were counted stands. Every token is some request's, so that
 * no interval is relatively narrower than that of requests per second.
 *
 * @param windows Those of one load.
 * @param requests Requests per second, where they are known.
 * @returns Nothing where no answer was streamed.
 */
export function tokenRates(windows: readonly TokenWindow[], requests: Estimate | null = null): Partial<TokenRates> {
  const all = windows.map(slotsOf);
  const answers = all.reduce((sum, each) => sum + each.answers, 0);
  if (answers === 0) return {};
  const known = (rate: Estimate | null): Estimate | null => {
    if (rate === null) return null;
    const { low, high } = rate, ofAnswers = { ...rate, n: answers };
    if (answers < FEWEST_ANSWERS) return { ...ofAnswers, low: null, high: null };
    const at = (end: number | null | undefined) => end && requests ? rate.value * end / requests.value : rate.value;
    return {
      ...ofAnswers,
      // No token is ever taken back.
      low: low === null ? null : Math.max(0, Math.min(low, at(requests?.low))),
      high: high === null ? null : Math.max(high, at(requests?.high)),
    };
  };
  const output = all.flatMap((each) => Array.from(each.output ?? [], (tokens) => 1000 * tokens / each.slotMs));
  return {
    outputTokensPerSecond: known(output.length === 0 ? null : meanEstimate(output)),
    promptTokensPerSecond: known(promptRate(all)),
  };
}

/** Prompts of windows that are laid end to end. */
function promptRate(windows: readonly Slots[]): Estimate | null {
  let endMs = 0;
  const prompts = windows.flatMap(({ prompts, slotMs }) => {
    const startMs = endMs;
    endMs += SLOTS * slotMs;
    const inOrder = prompts.toSorted((a, b) => a.atMs - b.atMs);
    return inOrder.map(({ atMs, tokens }) => ({ atMs: startMs + atMs, tokens }));
  });
  if (prompts.length === 0) return null;
  const counts = prompts.map(({ tokens }) => tokens);
  return rateEstimate(prompts.map(({ atMs }) => atMs), { startMs: 0, endMs, counts });
}

/** Tokens of one window, part by part. */
interface Slots {
  readonly slotMs: number;
  /** Answers of which some token came in it. */
  readonly answers: number;
  readonly output: Float64Array | null;
  /** When prompts were read, ms since the window began. */
  readonly prompts: readonly { readonly atMs: number; readonly tokens: number }[];
}

function slotsOf({ samples, startMs, endMs: endedMs, isWhole }: TokenWindow): Slots {
  // Of what is not kept nobody knows when its tokens came.
  const endMs = isWhole || samples.length === 0 ? endedMs : samples.endedAt(samples.length - 1);
  const slotMs = (endMs - startMs) / SLOTS;
  const output = new Float64Array(SLOTS), prompts: { atMs: number; tokens: number }[] = [];
  const { perChunk, perPrompt } = meansOf(samples);
  let answers = 0, counted = false;
  for (let i = 0; i < samples.length && slotMs > 0; i++) {
    const firstMs = samples.stream(i, "firstTokenAt"), lastMs = samples.stream(i, "lastTokenAt");
    // One that failed gave nobody an answer; one that was cut off at the end was an answer until then.
    if (samples.outcome(i).kind === "failure" || !(firstMs < endMs && lastMs >= startMs)) continue;
    answers++;
    const tokens = orElse(samples.stream(i, "outputTokens"), samples.stream(i, "chunks") * perChunk);
    const first = orElse(samples.stream(i, "firstTokens"), perChunk);
    const at = (ms: number) => Math.floor((ms - startMs) / slotMs);
    if (!Number.isNaN(tokens)) {
      counted = true;
      if (firstMs >= startMs) output[at(firstMs)]! += first;
      spread(output, (firstMs - startMs) / slotMs, (lastMs - startMs) / slotMs, tokens - first);
    }
    const asked = orElse(samples.stream(i, "promptTokens"), perPrompt);
    if (!Number.isNaN(asked) && firstMs >= startMs) prompts.push({ atMs: firstMs - startMs, tokens: asked });
  }
  return { slotMs, answers, output: counted ? output : null, prompts };
}

/** Spreads tokens evenly over the part of `(from, to]` that lies within the slots. */
function spread(slots: Float64Array, from: number, to: number, tokens: number): void {
  if (!(to > from && tokens > 0)) return;
  for (let k = Math.max(0, Math.floor(from)); k < Math.min(slots.length, to); k++) {
    slots[k]! += tokens * (Math.min(to, k + 1) - Math.max(from, k)) / (to - from);
  }
}

/** Tokens of a chunk and of a prompt, on the mean over whole answers: what stands for the counts of one that was cut off. */
function meansOf(samples: SampleTable): { readonly perChunk: number; readonly perPrompt: number } {
  let tokens = 0, chunks = 0, asked = 0, prompts = 0;
  for (let i = 0; i < samples.length; i++) {
    if (!samples.succeeded(i)) continue;
    const own = samples.stream(i, "outputTokens"), ofPrompt = samples.stream(i, "promptTokens");
    if (!Number.isNaN(own)) {
      tokens += own;
      chunks += samples.stream(i, "chunks");
    }
    if (!Number.isNaN(ofPrompt)) {
      asked += ofPrompt;
      prompts++;
    }
  }
  return { perChunk: tokens / (chunks || NaN), perPrompt: asked / (prompts || NaN) };
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}
