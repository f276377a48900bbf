import type { PrefixCacheCheck, PrefixCacheLength } from "../../../results/kinds/prefix_cache.ts";
import type { PromptsResult } from "../../../results/kinds/prompts.ts";
import { joined, say, type Words } from "../../../words/inline.ts";
import { inlineEstimate, inlineTimeEstimate } from "../../../words/inline_quantity.ts";
import { formatNumber, UNITS } from "../../../words/quantity.ts";
import { type Fact, fact } from "../block.ts";

const VERDICTS: Readonly<Record<PrefixCacheCheck["verdict"], string>> = {
  "cache": "answers repeated prompts sooner",
  "no cache seen": "none seen",
  "cannot tell": "cannot tell",
};

function savingOf({ words, savedMs, ratio }: PrefixCacheLength): Words[] {
  if (savedMs === null || ratio === null) return [];
  return [
    say`${inlineTimeEstimate(savedMs)} at ${words} words (${inlineEstimate(ratio, UNITS.times)})`,
  ];
}

/** What the server says of it itself. */
function toldOf({ lengths }: PrefixCacheCheck): Fact[] {
  const { newCachedTokens, repeatedCachedTokens, promptTokens } = lengths.at(-1) ?? {};
  if (repeatedCachedTokens === null || repeatedCachedTokens === undefined) return [];
  const number = (count: number | null | undefined) => formatNumber(count ?? 0, UNITS.none);
  const of = promptTokens === null ? "" : ` of ${number(promptTokens)}`;
  return [
    fact(
      "Cached Tokens",
      `${number(repeatedCachedTokens)}${of} of a repeated prompt, ${number(newCachedTokens)} of a new one`,
    ),
  ];
}

const CONTRADICTIONS: Readonly<Record<NonNullable<PrefixCacheCheck["contradiction"]>, string>> = {
  "told-but-not-faster": "the server says that it had most of a repeated prompt, and is no faster",
  "faster-but-not-told": "the server answers repeated prompts sooner, and says that it had nothing of them",
};

/** Whether the server keeps what it computed of a prompt; nothing where that was not asked. */
export function prefixCacheFacts({ prefixCache }: PromptsResult): Fact[] {
  if (prefixCache === undefined) return [];
  const { verdict, lengths, because, contradiction } = prefixCache;
  const savings = lengths.flatMap(savingOf);
  const seen = savings.length === 0
    ? VERDICTS[verdict]
    : joined([VERDICTS[verdict], say`saves ${joined(savings, ", ")}`], verdict === "cache" ? ": " : "; ");
  const why = because ?? (savings.length === 0 ? "no pair of prompts was answered" : null);
  return [
    fact("Prefix Cache", why === null ? seen : joined([seen, why], "; ")),
    ...toldOf(prefixCache),
    ...contradiction === undefined ? [] : [fact("Contradiction", CONTRADICTIONS[contradiction], "warning")],
  ];
}
