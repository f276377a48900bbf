import type { GenerationAsked, LengthsAsked } from "../../results/asked/generation_asked.ts";
import { shortNumber } from "../quantity.ts";

/**
 * What a language model was asked to write, for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const asked = generationInWords({
 *   endpoint: "chat",
 *   prompts: 12,
 *   outputTokens: { mean: 150, least: 100, most: 200 },
 *   temperature: 0.5,
 * });
 * assertEquals(asked, { prompts: "12 given, in turn (chat)", answers: "at most 100 to 200 tokens, 150 on average; temperature 0.5" });
 * ```
 *
 * @param asked What was asked for.
 */
export function generationInWords(asked: GenerationAsked): { readonly prompts: string; readonly answers: string } {
  const { endpoint, prompts, promptTokens, outputTokens, minTokens, ignoreEos } = asked;
  const { temperature, topP, topK, samplingSeed, members = [] } = asked;
  const lengths = promptTokens === undefined ? "" : lengthsInWords(promptTokens);
  return {
    prompts: prompts === undefined
      ? `made of words, ${lengths} (${endpoint})`
      : `${prompts} given, in turn${lengths === "" ? "" : `, ${lengths}`} (${endpoint})`,
    answers: [
      `${ignoreEos ? "" : "at most "}${lengthsInWords(outputTokens)}`,
      ...minTokens === undefined ? [] : [`at least ${minTokens}`],
      ...ignoreEos ? ["no earlier end"] : [],
      ...temperature === undefined ? [] : [`temperature ${temperature}`],
      ...topP === undefined ? [] : [`top-p ${topP}`],
      ...topK === undefined ? [] : [`top-k ${topK}`],
      ...samplingSeed === undefined ? [] : [`sampling seed ${samplingSeed}`],
      ...members.length === 0 ? [] : [`besides ${members.join(", ")}`],
    ].join("; "),
  };
}

function lengthsInWords({ mean, least, most, deviation }: LengthsAsked): string {
  const average = shortNumber(mean < 10 ? mean : Math.round(mean));
  if (deviation !== undefined) {
    return `${average} tokens on average (normal, deviation ${deviation})`;
  }
  if (least === most) return `${average} ${mean === 1 ? "token" : "tokens"}`;
  if (most === undefined) return `${average} tokens on average`;
  return `${shortNumber(least ?? 1)} to ${shortNumber(most)} tokens, ${average} on average`;
}
