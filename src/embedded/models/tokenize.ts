import { VOCABULARY_SIZE } from "./bert.ts";

/** Ids of `bert-base-uncased` for the classification and separator tokens; ids below 1000 are reserved. */
const CLASSIFY = 101, SEPARATE = 102, FIRST_WORD = 1000;

/**
 * Turns text into token ids: one for each word or mark of punctuation, by a hash (FNV-1a) instead of a vocabulary,
 * since the weights are random and only the number and variety of tokens matter.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tokenize } from "./tokenize.ts";
 * assertEquals(tokenize("A fine day!", 128).length, 6); // [CLS] a fine day ! [SEP]
 * assertEquals(tokenize("one two three", 4).length, 4);
 * ```
 *
 * @param text Any text.
 * @param maxTokens Longest result; words past it are dropped.
 * @returns Ids below {@linkcode VOCABULARY_SIZE}.
 */
export function tokenize(text: string, maxTokens: number): Int32Array {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
  const kept = words.slice(0, maxTokens - 2);
  return Int32Array.of(CLASSIFY, ...kept.map(wordId), SEPARATE);
}

function wordId(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return FIRST_WORD + (hash >>> 0) % (VOCABULARY_SIZE - FIRST_WORD);
}
