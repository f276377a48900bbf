import { LLAMA } from "./llama.ts";

/** What stands around a prompt: its beginning, who speaks, and that it is over. */
const AROUND = { before: [1, 5, 6], after: [7, 8] } as const;
/** Tokens below it are no words. */
const FIRST_WORD = 16;

const CONSONANTS = [..."bdfghjklmnprstvz"], VOWELS = [..."aeio"];
const SYLLABLES: readonly string[] = CONSONANTS.flatMap((first) => VOWELS.map((second) => first + second));

/**
 * Turns a prompt into tokens: one for each word or mark, by a hash (FNV-1a), since weights are random and only the number
 * and the variety of tokens matter.
 *
 * @param text The prompt.
 * @returns Those of its template among them.
 */
export function tokensOf(text: string): number[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
  return [...AROUND.before, ...words.map(tokenOf), ...AROUND.after];
}

function tokenOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return FIRST_WORD + (hash >>> 0) % (LLAMA.vocabulary - FIRST_WORD);
}

/**
 * A token as a word that was made up: each has one of its own, of two syllables.
 *
 * @param token The token.
 * @returns With the space in front of it.
 */
export function wordOf(token: number): string {
  return ` ${SYLLABLES[token >> 6]}${SYLLABLES[token & 63]}`;
}
