import { perThousand, promptLength, type PromptLevel, type PromptsResult } from "../../../results/kinds/prompts.ts";
import { isAbsent } from "../../../results/measured.ts";
import { readFigure } from "../../../results/figures.ts";
import { interval, quantity, say, type Words } from "../../../words/inline.ts";
import { inlineTime, inlineTimeEstimate } from "../../../words/inline_quantity.ts";
import { estimateText } from "../../../words/estimate/estimate_text.ts";
import { formatNumber, timeUnit, UNITS } from "../../../words/quantity.ts";
import {
  answer,
  type Block,
  type Column,
  column,
  type Fact,
  fact,
  type FactValue,
  heading,
  paragraph,
  type Row,
  row,
  subheading,
  table,
} from "../block.ts";
import { basisOf, levelNote, notices, timeCell } from "../shared.ts";
import { clientPartFacts, clientTimeTable } from "../window/client_time.ts";
import { failuresTable } from "../window/failures.ts";
import { firstTokenTable } from "../window/first_token_parts.ts";
import { goodputTable } from "../window/goodput.ts";
import { gpuTable } from "../window/gpu.ts";
import { serverTimeTable } from "../window/server_time.ts";
import { prefixCacheFacts } from "./prefix_cache.ts";

const COLUMNS: readonly Column[] = [
  column("Prompt, words", { before: "", after: " words:", isAlignedInside: true }),
  column("Prompt, tokens", { after: " tokens", isOptional: true }),
  column("First token"),
  column("95% interval"),
  column("p95", { before: "p95 " }),
  column("Output token", { after: " a token" }),
];

function rows({ levels, lengthIn }: PromptsResult): Row[] {
  const median = ({ firstTokenMs }: PromptLevel) => firstTokenMs?.p50 ?? null;
  const longest = Math.max(...levels.map((level) => median(level)?.value ?? 0), 1e-9);
  return levels.map((level) =>
    row([
      level.words,
      lengthIn === "tokens" ? formatNumber(promptLength(level, lengthIn), UNITS.none) : "",
      ...medianCells(level),
      timeCell(level.firstTokenMs?.p95.value),
      timeCell(level.tokenMs?.p50.value),
    ], {
      barShare: (median(level)?.value ?? 0) / longest,
      ...basisOf(level),
      note: levelNote(level),
    })
  );
}

function medianCells({ firstTokenMs }: PromptLevel): [Words, Words] {
  if (!firstTokenMs) return ["-", ""];
  const { value, interval: ends, suffix } = estimateText(firstTokenMs.p50, timeUnit(firstTokenMs.p50.value));
  return [quantity(value + suffix), interval(ends)];
}

/** The law, or why there is none. */
function law(result: PromptsResult): FactValue {
  const intercept = readFigure(result, "first_token_intercept");
  if (isAbsent(intercept) || result.law === null) {
    return { notMeasured: isAbsent(intercept) ? intercept.detail : "it was not measured" };
  }
  const each = result.lengthIn === "tokens" ? "token" : "word";
  return say`${inlineTimeEstimate(intercept)} and ${inlineTimeEstimate(result.law.perTokenMs)} for each ${each}`;
}

function lawFacts(result: PromptsResult): Fact[] {
  const thousand = perThousand(result);
  const more = result.lengthIn === "tokens" ? "1,000 More Tokens" : "1,000 More Words";
  return [
    fact("First Token", law(result)),
    ...thousand === null ? [] : [fact(more, say`cost ${inlineTimeEstimate(thousand)}`)],
    ...result.off === undefined ? [] : [fact("Per Token", perToken(result))],
  ];
}

/** Where there is no line: what one more token costs between the shortest and the longest. */
function perToken({ levels, lengthIn }: PromptsResult): FactValue {
  const costs = levels.slice(1).flatMap((level, i) => {
    const before = levels[i]!, now = level.firstTokenMs?.p50.value, then = before.firstTokenMs?.p50.value;
    const more = promptLength(level, lengthIn) - promptLength(before, lengthIn);
    return now === undefined || then === undefined || more <= 0 ? [] : [(now - then) / more];
  });
  if (costs.length === 0) return { notMeasured: "too few lengths were answered" };
  const first = costs[0]!, last = costs.at(-1)!;
  return say`${inlineTime(first)} among the shortest prompts, ${inlineTime(last)} among the longest`;
}

/** Time to first token over the length of prompts, and whether the server knows a prompt again. */
export function promptsSection(result: PromptsResult): Block[] {
  const { levels, refused = [], concurrency, absences } = result;
  const leftOut = absences["levels"], uncounted = absences["promptTokens"];
  const named = levels.map((level) => [level.words, level] as const);
  return [
    heading(2, "Prompts test results", { emoji: "📜" }),
    ...notices(result),
    answer([...lawFacts(result), ...prefixCacheFacts(result), ...clientPartFacts(levels)]),
    ...leftOut === undefined ? [] : [paragraph(`Nothing was measured: ${leftOut}`, "warning")],
    ...uncounted === undefined ? [] : [paragraph(`Its tokens are not used: ${uncounted}`, "warning")],
    ...leftOut !== undefined
      ? []
      : refused.map(({ words, reason }) => paragraph(`Prompts of ${words} words were refused: ${reason}`, "warning")),
    ...levels.length === 0 ? [] : [
      subheading(
        `Lengths of Prompts (${concurrency === 1 ? "one answer" : `${concurrency} answers`} at a time; medians)`,
      ),
      table(COLUMNS, rows(result)),
    ],
    ...failuresTable(COLUMNS.slice(0, 1), levels.map((level) => [[level.words], level])),
    ...goodputTable(COLUMNS[0]!, named),
    ...firstTokenTable(result, COLUMNS[0]!, named),
    ...serverTimeTable(COLUMNS[0]!, named),
    ...clientTimeTable(COLUMNS[0]!, named),
    ...gpuTable(result, COLUMNS.slice(0, 1), levels.map((level) => [[level.words], level])),
  ];
}
