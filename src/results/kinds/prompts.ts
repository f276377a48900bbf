import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { measuredOr } from "../measured.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { estimate, number } from "../schema.ts";
import { isUsable } from "../window/usable.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Kind, LevelWindow } from "./kind.ts";
import { type PrefixCacheCheck, prefixCacheSchema } from "./prefix_cache.ts";

/** One length of prompts. */
export interface PromptLevel extends Window {
  /** Words of each prompt. `promptTokens` holds what the server counts. */
  readonly words: number;
}

/** A length that the server refused. */
export interface RefusedPrompt {
  /** Words of the prompt. */
  readonly words: number;
  /** The server's reason, for people. */
  readonly reason: string;
}

/** Median time to first token = `interceptMs` + `perTokenMs` times the length of the prompt. */
export interface PromptLaw {
  /** What does not depend on the length, ms. */
  readonly interceptMs: Estimate;
  /** What each token of the prompt adds, ms; where nobody counts tokens, each word. */
  readonly perTokenMs: Estimate;
}

/** Where the best line is farthest from what was measured, where no line fits. */
export interface OffPrompt {
  /** Length of the prompt, tokens or words. */
  readonly length: number;
  /** Median time to first token there, ms. */
  readonly medianMs: number;
  /** What the line would say, ms. */
  readonly lineMs: number;
}

/** Time to first token over the length of prompts. */
export interface PromptsResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "prompts";
  /** Answers that were written at any time. */
  readonly concurrency: number;
  /** Ascending by words. */
  readonly levels: readonly PromptLevel[];
  /** Lengths that the server refused, ascending; left out where it refused none. */
  readonly refused?: readonly RefusedPrompt[];
  /** What lengths are counted in: the server's tokens, or words where it does not count. */
  readonly lengthIn: "tokens" | "words";
  /** `null` where it cannot be told, or no line fits; `absences.law` says why. */
  readonly law: PromptLaw | null;
  /** Where no line fits: the length at which it is farthest off; left out where one does, or nobody could tell. */
  readonly off?: OffPrompt;
  /** Whether repeated prompts are answered sooner; left out where it was not asked. */
  readonly prefixCache?: PrefixCacheCheck;
}

/**
 * How long the prompts of a level are.
 *
 * @param level The level.
 * @param lengthIn What its result counts in.
 * @returns Their mean in tokens as the server counts, or words.
 */
export function promptLength({ words, promptTokens }: PromptLevel, lengthIn: PromptsResult["lengthIn"]): number {
  return lengthIn === "tokens" ? promptTokens?.mean.value ?? words : words;
}

/** What 1,000 more tokens of prompt cost, ms. */
export function perThousand({ law }: PromptsResult): Estimate | null {
  if (law === null) return null;
  const { value, low, high, ...rest } = law.perTokenMs;
  const times = (end: number | null) => end === null ? null : 1000 * end;
  return { value: 1000 * value, low: times(low), high: times(high), ...rest };
}

/** What the law counts in: where that differs, its parts are not the same figures. */
const lengthInOf = ({ lengthIn }: PromptsResult) => lengthIn;

/** The longest prompts that may be judged by: what a server promises has to hold for them too. */
function longestOf({ levels }: PromptsResult): LevelWindow | null {
  const window = levels.findLast(isUsable);
  return window === undefined ? null : { level: window.words, window };
}

/** The longest prompts whose saving is known. */
function savedOf({ prefixCache }: PromptsResult): Estimate | null {
  return prefixCache?.lengths.findLast(({ savedMs }) => savedMs !== null)?.savedMs ?? null;
}

const SEEN: Readonly<Record<PrefixCacheCheck["verdict"], string>> = {
  "cache": "seen",
  "no cache seen": "none seen",
  "cannot tell": "cannot tell",
};

/** What the house knows of the prompts test. */
export const promptsKind: Kind<PromptsResult> = {
  title: "Prompts",
  name: "the prompts test",
  question: "What do longer prompts cost, and does the server know them again?",
  axis: { label: "prompt length", id: "prompt_words" },
  schema: v.looseObject({
    kind: v.literal("prompts"),
    concurrency: number,
    levels: v.array(v.looseObject({ words: number, ...windowEntries })),
    refused: v.exactOptional(v.array(v.looseObject({ words: number, reason: v.string() }))),
    lengthIn: v.picklist(["tokens", "words"]),
    law: v.nullable(v.looseObject({ interceptMs: estimate, perTokenMs: estimate })),
    off: v.exactOptional(v.looseObject({ length: number, medianMs: number, lineMs: number })),
    prefixCache: v.exactOptional(prefixCacheSchema),
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, PromptsResult>,
  windows: ({ levels }) => levels.map((window) => ({ level: window.words, window })),
  best: longestOf,
  asked: ({ concurrency }) => ({ concurrency }),
  figures: [
    ...(["tokens", "words"] as const).map((counted) => ({
      id: `first_token_per_1000_prompt_${counted}`,
      label: `time to first token for 1,000 more prompt ${counted}`,
      unit: "ms",
      better: "less",
      read: (result: PromptsResult) =>
        result.lengthIn === counted || result.law === null
          ? measuredOr(perThousand(result), result.absences, ["law", "levels"])
          : { code: "lengthIn", detail: `the lengths of prompts are counted in ${result.lengthIn}` },
      compared: true,
      under: lengthInOf,
      isRare: true,
    } as const)),
    {
      id: "first_token_intercept",
      label: "time to first token of an empty prompt",
      unit: "ms",
      better: "less",
      read: ({ law, absences }) => measuredOr(law?.interceptMs, absences, ["law", "levels"]),
      compared: true,
      under: lengthInOf,
    },
    {
      id: "prefix_cache_saving",
      label: "time to first token that a repeated prompt saves",
      unit: "ms",
      better: "more",
      read: (result) =>
        measuredOr(savedOf(result), result.absences, ["prefixCache", "levels"], "no pair of prompts was answered"),
    },
  ],
  comparedOfWindows: ["time_to_first_token_p50", "time_per_output_token_p50"],
  details: ({ prefixCache }) =>
    (prefixCache?.lengths ?? []).map(({ words, newMs, repeatedMs, savedMs, ratio, ...tokens }) => ({
      at: { axis: "prompt_words", level: words },
      values: [
        { id: "prefix_cache_new_first_token", unit: "ms", value: newMs },
        { id: "prefix_cache_repeated_first_token", unit: "ms", value: repeatedMs },
        { id: "prefix_cache_saved", unit: "ms", value: savedMs },
        { id: "prefix_cache_new_over_repeated", unit: "times", value: ratio },
        { id: "prefix_cache_new_cached_tokens", unit: "tokens", value: tokens.newCachedTokens },
        { id: "prefix_cache_repeated_cached_tokens", unit: "tokens", value: tokens.repeatedCachedTokens },
      ],
    })),
  verdict: {
    what: "prefix cache",
    read: ({ prefixCache }) => prefixCache === undefined ? null : SEEN[prefixCache.verdict],
  },
  circumstances: [
    {
      what: "what the prompts test counts lengths in",
      severity: "critical",
      of: lengthInOf,
    },
    {
      what: "prompt lengths of the prompts test",
      severity: "warning",
      of: ({ levels }) => levels.map(({ words }) => words).join(", "),
    },
  ],
};
