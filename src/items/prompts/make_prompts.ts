import type { InputSpec, Prompt } from "../../core/model_input.ts";
import type { Random } from "../../core/random.ts";
import { drawLength } from "../../core/request/token_lengths.ts";
import { MADE_WORDS } from "../made_values.ts";
import { frontVariation } from "./prompt_front.ts";

/** So many prompts of different lengths are made, and sent in turn. */
export const DRAWN_PROMPTS = 1024;

/**
 * Makes a prompt of words, of a length that is drawn.
 *
 * @param spec How prompts look.
 * @param random Draws lengths and words.
 * @param varies Whether its first words may differ from request to request.
 */
export function makePrompt(
  { tokens, outputTokens, vocabulary }: InputSpec & { readonly kind: "prompts" },
  random: Random,
  varies: boolean,
): Prompt {
  const length = drawLength(tokens, random);
  const asked = outputTokens === undefined ? {} : { outputTokens: drawLength(outputTokens, random) };
  const counted = vocabulary === undefined ? {} : { tokens: length };
  const variation = varies ? frontVariation(vocabulary, length - 1) : null;
  const words = vocabulary ?? MADE_WORDS;
  const wordsOf = (from: readonly string[], count: number) =>
    Array.from({ length: count }, () => from[Math.floor(random() * from.length)]!);
  const { values = [], places = 0 } = variation ?? {};
  const content = wordsOf(values as readonly string[], places).join("") + wordsOf(words, length - places).join(" ");
  return { kind: "prompt", content, ...asked, ...counted, ...variation !== null && { variation } };
}

/**
 * The same prompt with a drawn number of output tokens, where it says none of its own.
 *
 * @param prompt The prompt.
 * @param outputTokens How they are distributed; left out where all are asked for the same.
 * @param random Draws.
 */
export function withOutputTokens(
  prompt: Prompt,
  outputTokens: (InputSpec & { readonly kind: "prompts" })["outputTokens"],
  random: Random,
): Prompt {
  if (outputTokens === undefined || prompt.outputTokens !== undefined) return prompt;
  return { ...prompt, outputTokens: drawLength(outputTokens, random) };
}
