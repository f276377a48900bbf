import { FINISHES, type TokenSource } from "../../../core/stream/stream_row.ts";
import type { OwnCount, StreamAccount } from "../../../results/window/stream_account.ts";
import { formatShare, shortNumber } from "../../../words/quantity.ts";

/** What counts tokens, the chunks apart, which do not. */
const COUNTED: Readonly<Record<Exclude<TokenSource, "chunks">, string>> = {
  ids: "named one by one by the server",
  continuous: "counted by the server at every chunk",
  usage: "counted by the server at the end of each answer",
  own: "counted by the tokenizer given, as the server does not",
};

/**
 * What counted the tokens of streamed answers.
 *
 * @param streams What is known of them.
 * @returns `null` where nothing did.
 */
export function tokenSourceInWords({ answers, tokenSources, refusedCounts, singles }: StreamAccount): string | null {
  const of = (count: number) => count === answers ? "" : ` (${count} of ${answers} answers)`;
  const sources = (Object.keys(COUNTED) as (keyof typeof COUNTED)[]).flatMap((source) => {
    const count = tokenSources[source] ?? 0;
    return count === 0 ? [] : [`${COUNTED[source]}${of(count)}`];
  });
  if (sources.length === 0) return null;
  const isSingle = singles === answers ? ["each chunk is one"] : [];
  const refused = refusedCounts === 0 ? [] : [`contradictory in ${refusedCounts} of ${answers} answers, and not used`];
  return [...sources, ...isSingle, ...refused].join("; ");
}

/**
 * How far the counts of the tokenizer that was given are from the server's: its template, or another tokenizer.
 *
 * @param streams What is known of the answers.
 * @returns `null` where nothing was counted by both.
 */
export function ownCountInWords({ ownCounts = {} }: StreamAccount): string | null {
  const { prompts, outputs } = ownCounts;
  const compared = (what: string, count: OwnCount | undefined) => {
    if (count === undefined) return [];
    const { answers, own, told } = count;
    const each = (tokens: number) => shortNumber(tokens / answers);
    return [`${each(own)} tokens ${what}, ${own === told ? "as the server" : `the server ${each(told)}`}`];
  };
  const parts = [...compared("a prompt", prompts), ...compared("an answer", outputs)];
  return parts.length === 0 ? null : `counts ${parts.join("; ")}`;
}

/** Why there is no figure of tokens. */
export function whyNoTokens(streams: StreamAccount | undefined): string {
  return streams !== undefined && streams.refusedCounts > 0
    ? `the server's counts of tokens contradict each other (${streams.refusedCounts} of ${streams.answers} answers)`
    : "the server does not count tokens";
}

/**
 * Why answers ended, in the servers' words.
 *
 * @param streams What is known of them.
 * @returns `null` where none said.
 */
export function finishesInWords({ answers, finishes }: StreamAccount): string | null {
  const parts = FINISHES.flatMap((finish) => {
    const count = finishes[finish] ?? 0;
    return count === 0 ? [] : [`${finish} ${formatShare(count, answers)}`];
  });
  return parts.length === 0 ? null : parts.join(", ");
}
