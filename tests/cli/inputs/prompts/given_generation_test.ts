import { assertEquals } from "@std/assert";
import { givenGeneration } from "../../../../src/cli/inputs/prompts/given_generation.ts";
import { flagOf } from "../../../../src/cli/options/options.ts";
import type { OpenTokenizer } from "../../../../src/cli/tokenizer/open_tokenizer.ts";

Deno.test("a server that takes nothing of what a language model is told names the tokenizer by its option", async () => {
  for (const words of [[], ["time", "year"]]) {
    const tokenizer: OpenTokenizer = {
      words: () => Promise.resolve(words),
      count: (texts) => Promise.resolve(texts.map(() => 1)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const [first] = Object.keys(await givenGeneration({ generation: {} }, tokenizer, () => {}));
    assertEquals(flagOf({ key: `generation.${first}` }), "--tokenizer");
  }
});
