import { assert, assertEquals } from "@std/assert";
import { Decoder } from "../../../src/embedded/language/decoder.ts";
import { llama } from "../../../src/embedded/language/llama.ts";
import { tokensOf, wordOf } from "../../../src/embedded/language/words.ts";
import { countParameters } from "../../../src/embedded/models/graph.ts";
import { withModelFile } from "./with_model_file.ts";

const GREEDY = { temperature: 0, seed: 1 };
const PROMPTS = ["tell me of the sea", "one", "a much longer prompt, of words that nobody has to understand"].map(
  tokensOf,
);

/** Tokens by reading everything anew for each of them: what any cache must give. */
async function withoutCache(decoder: Decoder, prompt: readonly number[], count: number): Promise<number[]> {
  const tokens: number[] = [];
  for (let i = 0; i < count; i++) {
    tokens.push(await decoder.prefill([...prompt, ...tokens], GREEDY));
    decoder.remove(new Set([0]));
  }
  return tokens;
}

Deno.test("Decoder writes what it would write without what it keeps, whoever is decoded beside it", () =>
  withModelFile(async (path) => {
    const decoder = await Decoder.load(path, 1);
    const expected = [];
    for (const prompt of PROMPTS) expected.push(await withoutCache(decoder, prompt, 8));
    assertEquals(new Set(expected.map(String)).size, PROMPTS.length);

    // The second comes when the first has written two, and the first goes before the others end.
    const written: number[][] = [[], [], []];
    written[0]!.push(await decoder.prefill(PROMPTS[0]!, GREEDY));
    const step = async (order: readonly number[]) => {
      for (const [i, token] of (await decoder.step()).entries()) written[order[i]!]!.push(token);
    };
    await step([0]);
    written[1]!.push(await decoder.prefill(PROMPTS[1]!, GREEDY));
    await step([0, 1]);
    written[2]!.push(await decoder.prefill(PROMPTS[2]!, GREEDY));
    for (let i = 0; i < 5; i++) await step([0, 1, 2]);
    assertEquals(written[0], expected[0]);
    decoder.remove(new Set([0]));
    for (let i = 0; i < 2; i++) await step([1, 2]);
    assertEquals(written[1]!.slice(0, 8), expected[1]);
    assertEquals(written[2]!.slice(0, 8), expected[2]);
    await decoder.release();
  }));

Deno.test("llama() has the size that it says, and its answers do not fall into a loop", () =>
  withModelFile(async (path) => {
    assert(Math.abs(countParameters(llama()) / 5_245_184 - 1) < 0.01, String(countParameters(llama())));
    const decoder = await Decoder.load(path, 1);
    const tokens = [await decoder.prefill(PROMPTS[0]!, GREEDY)];
    for (let i = 0; i < 99; i++) tokens.push((await decoder.step())[0]!);
    assert(new Set(tokens).size > 50, `${new Set(tokens).size} different ones of 100`);
    assertEquals(new Set(tokens.map(wordOf)).size, new Set(tokens).size);
    const sampled = async (seed: number) => {
      const drawn = [await decoder.prefill(PROMPTS[1]!, { temperature: 1, seed })];
      for (let i = 0; i < 5; i++) drawn.push((await decoder.step()).at(-1)!);
      decoder.remove(new Set([1]));
      return drawn;
    };
    assertEquals(await sampled(1), await sampled(1));
    assert(String(await sampled(1)) !== String(await sampled(2)));
    await decoder.release();
  }));

Deno.test("Decoder writes the same where it knows the beginning of a prompt", () =>
  withModelFile(async (path) => {
    const decoder = await Decoder.load(path, 1), cached = await Decoder.load(path, 1, true);
    const words = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
    const seen = [];
    for (const prompt of [words, words, `${words} and more`, `other ${words}`].map(tokensOf)) {
      const written = [];
      for (const each of [decoder, cached]) {
        written.push([await each.prefill(prompt, GREEDY), ...await each.step(), ...await each.step()]);
        each.remove(new Set([0]));
      }
      assertEquals(written[1], written[0]);
      seen.push(cached.cachedTokens);
    }
    assertEquals(seen, [0, 32, 32, 0]);
    await decoder.release();
    await cached.release();
  }));
