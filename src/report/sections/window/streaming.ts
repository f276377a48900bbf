import type { Distribution, Estimate } from "../../../core/estimate.ts";
import { rateOfServer } from "../../../results/window/at_least.ts";
import type { Window } from "../../../results/window/window.ts";
import { joined, say, type Words } from "../../../words/inline.ts";
import { inlineEstimate, inlineRate, inlineTimeEstimate } from "../../../words/inline_quantity.ts";
import { shortNumber, UNITS } from "../../../words/quantity.ts";
import { counted } from "../../../words/words.ts";
import {
  type Block,
  type Column,
  column,
  type Fact,
  fact,
  facts,
  type FactValue,
  type Row,
  row,
  subheading,
  table,
} from "../block.ts";
import { timeCell } from "../shared.ts";
import { finishesInWords, ownCountInWords, tokenSourceInWords, whyNoTokens } from "./streams_in_words.ts";

function timesRow(label: string, distribution: Distribution | null | undefined): Row[] {
  if (!distribution) return [];
  const { mean, p50, p95, p99, n } = distribution;
  return [
    row([label, inlineTimeEstimate(mean), timeCell(p50.value), timeCell(p95.value), timeCell(p99.value)], { n }),
  ];
}

/** What the figures rest on. */
function accountOf({ streams }: Window): Fact[] {
  if (streams === undefined) return [];
  const tokens = tokenSourceInWords(streams), finishes = finishesInWords(streams);
  const { chunks, reads } = streams;
  const own = ownCountInWords(streams);
  return [
    ...tokens === null ? [] : [fact("Tokens", tokens)],
    ...own === null ? [] : [fact("Tokenizer given", own)],
    ...finishes === null ? [] : [fact("Answers end by", finishes)],
    ...chunks < 1.1 * reads ? [] : [fact("Chunks", `${shortNumber(chunks / reads)} came at a time, on the mean`)],
  ];
}

function rateIn(rate: Estimate | null | undefined, what: string, { streams, clientLimited }: Window): FactValue {
  return rate
    ? say`${inlineRate(rate, UNITS.tokensPerSecond, clientLimited)}${what}`
    : { notMeasured: whyNoTokens(streams) };
}

/** From which to which; nothing where all are as long. */
function rangeOf({ min, max }: Distribution): string {
  return min === max ? "" : ` (${shortNumber(min)} to ${shortNumber(max)})`;
}

/** Answers of one token have no time between tokens. */
function isOfOneToken({ outputTokens }: Window): boolean {
  return outputTokens?.max === 1;
}

/** Whether two distributions differ so that both are worth a line. */
function differ(a: Distribution | null | undefined, b: Distribution | null | undefined): boolean {
  return !a || !b || Math.abs(a.mean.value - b.mean.value) > 1e-9 * Math.abs(b.mean.value);
}

/**
 * How the answers of a window streamed.
 *
 * @param window What was measured.
 * @returns Empty where answers were not streamed.
 */
export function streamingBlocks(window: Window): Block[] {
  const { firstTokenMs, firstVisibleMs, tokenMs, chunkGapMs, longestGapMs, outputTokens, promptTokens } = window;
  const { outputTokensPerSecond, promptTokensPerSecond } = window;
  if (outputTokensPerSecond === undefined && firstTokenMs === undefined) return [];
  const rows = [
    ...timesRow("First token", firstTokenMs),
    ...differ(firstVisibleMs, firstTokenMs) ? timesRow("First visible token", firstVisibleMs) : [],
    ...timesRow("Output token", tokenMs),
    ...differ(chunkGapMs, tokenMs) ? timesRow("Gap between chunks", chunkGapMs) : [],
    ...timesRow("Longest gap", longestGapMs),
  ];
  const counts: Words[] = [
    ...outputTokens ? [say`${inlineEstimate(outputTokens.mean, UNITS.tokens)} of output${rangeOf(outputTokens)}`] : [],
    ...promptTokens ? [say`${inlineEstimate(promptTokens.mean, UNITS.tokens)} of prompt${rangeOf(promptTokens)}`] : [],
  ];
  const columns = [
    column("Time", { alignment: "left" }),
    column("Average"),
    column("Median", { before: "median " }),
    column("p95", { before: "p95 " }),
    column("p99", { before: "p99 ", isOptional: true }),
  ];
  return [
    subheading("Streaming", counted(firstTokenMs?.n, "answer")),
    facts([
      fact("Output", rateIn(outputTokensPerSecond, ", all answers together", window)),
      ...promptTokensPerSecond ? [fact("Prompts", rateIn(promptTokensPerSecond, "", window))] : [],
      ...counts.length === 0 ? [] : [fact("Each answer", joined(counts, ", "))],
      ...tokenMs || !isOfOneToken(window) ? [] : [fact("Output token", { notMeasured: "each answer is of one token" })],
      ...accountOf(window),
    ]),
    ...rows.length === 0 ? [] : [table(columns, rows)],
  ];
}

const OF_LEVELS: readonly Column[] = [
  column("First token", { after: " first token" }),
  column("p95", { before: "p95 " }),
  column("Output token", { after: " a token" }),
  column("p95", { before: "p95 ", isOptional: true }),
  column("Output"),
];

/**
 * A table of how the answers of each level streamed: medians and 95th percentiles, and tokens per second of all answers.
 *
 * @param level Column that names the level.
 * @param levels Levels with their names.
 * @returns Empty where answers were not streamed.
 */
export function streamingTable(
  level: Column,
  levels: readonly (readonly [name: Words, measured: Window])[],
): Block[] {
  const streamed = levels.filter(([, { firstTokenMs }]) => firstTokenMs);
  if (streamed.length === 0) return [];
  const cells = (window: Window): Words[] => {
    const { firstTokenMs, tokenMs } = window;
    const output = rateOfServer(window.outputTokensPerSecond, window);
    return [
      timeCell(firstTokenMs?.p50.value),
      timeCell(firstTokenMs?.p95.value),
      timeCell(tokenMs?.p50.value),
      timeCell(tokenMs?.p95.value),
      output ? inlineEstimate(output, UNITS.tokensPerSecond) : "",
    ];
  };
  return [
    subheading(
      `Streaming (medians${streamed.every(([, window]) => isOfOneToken(window)) ? "; answers of one token" : ""})`,
    ),
    table([level, ...OF_LEVELS], streamed.map(([name, window]) => row([name, ...cells(window)]))),
  ];
}
