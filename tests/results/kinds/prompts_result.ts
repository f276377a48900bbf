import type { PrefixCacheCheck, PrefixCacheLength, PromptLevel, PromptsResult } from "../../../src/results/result.ts";
import { distribution, estimate } from "../../core/estimates.ts";
import { base } from "../result_base.ts";
import { measurement } from "../window/windows.ts";
import { streamed } from "../window/streamed.ts";

const LENGTHS = [32, 64, 128, 256, 512];
/** Tokens of a template around each prompt. */
const TEMPLATE = 5;

/** One length whose first token comes after a time. */
export function promptLevel(words: number, firstTokenMs = 8 + 0.11 * (words + TEMPLATE)): PromptLevel {
  const concurrency = 1, rate = 1000 / (firstTokenMs + 80);
  return {
    ...measurement(rate, concurrency, 1),
    ...streamed(),
    load: { kind: "closed", concurrency, batchSize: 1, promptWords: words },
    firstTokenMs: distribution(firstTokenMs / 0.98, 96),
    tokenMs: distribution(1.1 + words / 2000, 96),
    promptTokens: distribution(words + TEMPLATE, 96),
    words,
  };
}

/** A length at which a cache was looked for. */
export function cacheLength(words: number, savedMs: number, told: number | null = null): PrefixCacheLength {
  const newMs = 8 + 0.11 * words, repeatedMs = newMs - savedMs;
  return {
    words,
    newMs,
    repeatedMs,
    savedMs: estimate(savedMs, 0.8, 32),
    ratio: estimate(newMs / repeatedMs, 0.03, 32),
    newCachedTokens: told === null ? null : 0,
    repeatedCachedTokens: told,
    promptTokens: words + TEMPLATE,
  };
}

/** A cache that saves most of the longer prompts. */
export const PREFIX_CACHE: PrefixCacheCheck = {
  verdict: "cache",
  lengths: [cacheLength(128, 11), cacheLength(512, 52, 512)],
  requests: 130,
};

/** Prompts of five lengths, whose first tokens lie on a line. */
export function promptsResult(overrides: Partial<PromptsResult> = {}): PromptsResult {
  return {
    ...base,
    kind: "prompts",
    concurrency: 1,
    levels: LENGTHS.map((words) => promptLevel(words)),
    lengthIn: "tokens",
    law: { interceptMs: estimate(8, 0.6, 480), perTokenMs: estimate(0.11, 0.003, 480) },
    prefixCache: PREFIX_CACHE,
    ...overrides,
  };
}

/** The same of a server whose attention shows. */
export function curvedPrompts(): PromptsResult {
  const absences = {
    ...base.absences,
    law: "no straight line fits: at 517 tokens the median is 180 ms, and the best line says 112 ms",
  };
  return promptsResult({
    levels: LENGTHS.map((words) => promptLevel(words, 8 + 0.04 * words + 0.0006 * words ** 2)),
    law: null,
    off: { length: 517, medianMs: 180, lineMs: 112 },
    refused: [{
      words: 4096,
      reason: "the server answers status 400: This model's maximum context length is 2048 tokens.",
    }],
    prefixCache: {
      verdict: "no cache seen",
      lengths: [cacheLength(512, 0.2, 512)],
      requests: 65,
      contradiction: "told-but-not-faster",
    },
    absences,
  });
}

/** The same of a server that refuses every length. */
export function refusedPrompts(): PromptsResult {
  const reason = "the server answers status 400: This model's maximum context length is 16 tokens.";
  const absences = {
    ...base.absences,
    law: "it takes 5 answers to each of 3 lengths: 0 had them",
    levels: `the server refused every length: ${reason}`,
  };
  const { prefixCache: _, ...without } = promptsResult({
    levels: [],
    law: null,
    refused: LENGTHS.map((words) => ({ words, reason })),
    absences,
  });
  return without;
}
