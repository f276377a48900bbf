import { seededRandom } from "../../../src/core/random.ts";

/** Words that the vocabulary of the tiny model has as few tokens. */
const WORDS = "await async loop close task future wait raise return cancel event queue lock read write data server self"
  .split(" ");

/**
 * Prompts of one length that differ from their first words on, so that no cache of beginnings answers for the model.
 *
 * @param count How many.
 * @param words Words of each.
 * @param seed Other prompts for another seed.
 */
export function promptsOf(count: number, words: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const word = () => WORDS[Math.floor(random() * WORDS.length)]!;
  return Array.from({ length: count }, () => Array.from({ length: words }, word).join(" "));
}
