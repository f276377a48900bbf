import { type Generation, OUTPUT_TOKENS, PROMPT_TOKENS } from "../../core/request/generation.ts";
import type { JsonValue, ModelInput } from "../../core/model_input.ts";
import { meanLength, type TokenLengths } from "../../core/request/token_lengths.ts";
import type { GenerationAsked, LengthsAsked } from "../../results/asked/generation_asked.ts";

/** Members of requests that say of all of them what an option says: they go before it. */
const SAID: ReadonlyMap<string, keyof Generation> = new Map([
  ["max_tokens", "outputTokens"],
  ["max_completion_tokens", "outputTokens"],
  ["num_predict", "outputTokens"],
  ["min_tokens", "minTokens"],
  ["temperature", "temperature"],
  ["top_p", "topP"],
  ["top_k", "topK"],
  ["seed", "samplingSeed"],
]);

/**
 * What a language model is asked to write, for the record: of what may be secret the names alone.
 *
 * @param generation What was asked for.
 */
export function generationAsked(
  { endpoint = "chat", prompts, promptTokens, outputTokens = OUTPUT_TOKENS, extraBody = {}, ...others }: Generation,
): GenerationAsked {
  const said = saidIn(extraBody);
  const { minTokens, ignoreEos, temperature, topP, topK, samplingSeed } = { ...others, ...said };
  const counted = (prompts ?? []).map(tokensOf).filter((tokens) => tokens !== undefined);
  const members = [...new Set([...(prompts ?? []).flatMap(membersOf), ...Object.keys(extraBody)])].sort();
  return {
    endpoint,
    ...prompts === undefined
      ? { promptTokens: lengthsOf(promptTokens ?? PROMPT_TOKENS) }
      : { prompts: prompts.length, ...counted.length > 0 && { promptTokens: rangeOf(counted.map(lengthsOf)) } },
    outputTokens: prompts === undefined
      ? lengthsOf(said.outputTokens ?? outputTokens)
      : rangeOf(prompts.map((prompt) => lengthsOf(said.outputTokens ?? ownOutput(prompt) ?? outputTokens))),
    ...minTokens !== undefined && { minTokens },
    ...ignoreEos && { ignoreEos },
    ...temperature !== undefined && { temperature },
    ...topP !== undefined && { topP },
    ...topK !== undefined && { topK },
    ...samplingSeed !== undefined && { samplingSeed },
    ...members.length > 0 && { members },
  };
}

/** Ollama has such members among its options. */
function saidIn(extraBody: Readonly<Record<string, JsonValue>>): Partial<Generation> {
  const members = [extraBody, extraBody["options"]].flatMap((of) => Object.entries<JsonValue>(Object(of)));
  return Object.fromEntries(members.flatMap(([name, value]) => {
    const key = SAID.get(name);
    return key !== undefined && typeof value === "number" && value >= 0 ? [[key, value]] : [];
  }));
}

const tokensOf = (item: ModelInput) => item.kind === "prompt" ? item.tokens : undefined;
const ownOutput = (item: ModelInput) => item.kind === "prompt" ? item.outputTokens : undefined;
const membersOf = (item: ModelInput) => item.kind === "prompt" ? Object.keys(item.members ?? {}) : [];

function lengthsOf(lengths: TokenLengths): LengthsAsked {
  if (typeof lengths === "number") return { mean: lengths, least: lengths, most: lengths };
  if (lengths.kind === "normal") return { mean: lengths.mean, least: 1, deviation: lengths.deviation };
  return { mean: meanLength(lengths), least: lengths.least, most: lengths.most };
}

/** All together: of one kind where they are the same. */
function rangeOf(all: readonly LengthsAsked[]): LengthsAsked {
  const [first = lengthsOf(OUTPUT_TOKENS)] = all;
  if (all.every((each) => JSON.stringify(each) === JSON.stringify(first))) return first;
  const most = all.reduce((sum, each) => Math.max(sum, each.most ?? Infinity), 0);
  return {
    mean: all.reduce((sum, each) => sum + each.mean, 0) / all.length,
    least: all.reduce((least, each) => Math.min(least, each.least ?? 1), Infinity),
    ...Number.isFinite(most) && { most },
  };
}
