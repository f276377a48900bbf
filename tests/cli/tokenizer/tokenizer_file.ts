import { MADE_WORDS } from "../../../src/items/made_values.ts";

/** A tokenizer of which each usual word is one token, and what is unknown one as well. */
export const WORDS_TOKENIZER = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "WhitespaceSplit" },
  post_processor: null,
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(["[UNK]", ...new Set(MADE_WORDS), "##s", "s"].map((word, i) => [word, i])),
  },
};

/** Writes it into a folder of its own; answers the folder. */
export async function tokenizerFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/tokenizer.json`, JSON.stringify(WORDS_TOKENIZER));
  return folder;
}
