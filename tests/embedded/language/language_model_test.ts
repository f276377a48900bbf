import { assertEquals, assertStringIncludes } from "@std/assert";
import { LanguageModel, SLOTS } from "../../../src/embedded/language/language_model.ts";
import { LLAMA } from "../../../src/embedded/language/llama.ts";
import { withModelFile } from "./with_model_file.ts";

const SETTINGS = { threads: 1, prefixCache: false };

const PATIENCE_MS = 30_000;

/** The tokens of an answer, or why there is none. */
function answerOf(model: LanguageModel, prompt: readonly number[], mostTokens: number): Promise<number[] | string> {
  const tokens: number[] = [];
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("it hangs"), PATIENCE_MS);
    const end = (answer: number[] | string) => {
      clearTimeout(timer);
      resolve(answer);
    };
    model.order({ prompt, mostTokens, temperature: 0, seed: 1 }, {
      onBegan() {},
      onWritten({ token, isLast }) {
        tokens.push(token);
        if (isLast) end(tokens);
      },
      onError: end,
    });
  });
}

Deno.test("a language model goes on behind an inference that failed, and writes what it would have written", () =>
  withModelFile(async (path) => {
    const model = await LanguageModel.load(path, SETTINGS);
    try {
      const expected = await answerOf(model, [1, 2, 3], 5);
      assertEquals(expected.length, 5);
      const long = Array.from({ length: SLOTS - 1 }, (_, i) => answerOf(model, [i + 1], 50));
      const failed = [...long, answerOf(model, [LLAMA.vocabulary], 5), answerOf(model, [4], 5)];
      for (const why of await Promise.all(failed)) assertStringIncludes(String(why), "Error");
      assertEquals([model.running, model.waiting], [0, 0]);
      assertEquals(await answerOf(model, [1, 2, 3], 5), expected);
    } finally {
      await model.release();
    }
  }));
