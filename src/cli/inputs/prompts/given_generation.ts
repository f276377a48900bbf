import type { Generation } from "../../../core/request/generation.ts";
import { MADE_WORDS } from "../../../items/made_values.ts";
import type { GivenGeneration } from "../../options/generation/given_generation.ts";
import type { OpenTokenizer } from "../../tokenizer/open_tokenizer.ts";
import { countPrompts } from "./count_prompts.ts";
import { readPrompts } from "./read_prompts.ts";

/**
 * What a language model is asked to write, with what its files hold.
 *
 * @param given What was given.
 * @param tokenizer Counts the tokens of prompts; `null` where none is given.
 * @param note Is told what is passed over.
 * @throws {UsageError} If a file cannot be read.
 */
export async function givenGeneration(
  { generation, prompts: path }: GivenGeneration,
  tokenizer: OpenTokenizer | null,
  note: (text: string) => void,
): Promise<Generation> {
  const words = await tokenizer?.words(MADE_WORDS) ?? [];
  const own = {
    ...tokenizer !== null && { keepsText: true as const },
    ...words.length > 0 && { vocabulary: words },
  };
  if (path === undefined) {
    if (tokenizer !== null && words.length === 0) {
      note("The tokenizer has no words of one token each: prompts are made of words that may be several.");
    }
    return { ...generation, ...own };
  }
  const read = await readPrompts(path);
  for (const text of read.notes) note(text);
  const counted = tokenizer === null ? read.prompts : await countPrompts(read.prompts, tokenizer);
  const prompts = counted.map(({ prompt }) => prompt);
  if (generation.outputTokens === undefined) return { ...generation, ...own, prompts };
  // What the command says goes before what the file does.
  return { ...generation, ...own, prompts: prompts.map(({ outputTokens: _, ...prompt }) => prompt) };
}
