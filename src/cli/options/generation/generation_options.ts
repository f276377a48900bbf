import { ENDPOINTS } from "../../../core/request/generation.ts";
import { GIVEN_INPUT_TESTS } from "../../../measure/settings/setting.ts";
import type { OptionSpec } from "../option.ts";
import { choice, FLAG, number, text, whole } from "../option_values.ts";
import { lengths } from "./lengths_value.ts";

const WRITE = { group: "Language models" } as const;

/** Most tokens of a prompt or an answer: no model takes more. */
const MOST_TOKENS = 4_194_304;

/** The names of the members alone, as in the record of what was asked for: any of their values may be a secret. */
function maskedMembers(written: string): string {
  const [, option = "", json = ""] = /^(--extra-body=)?(.*)$/s.exec(written) ?? [];
  return option + (namesOf(json) ?? "***");
}

function namesOf(json: string): string | null {
  try {
    const members: unknown = JSON.parse(json);
    if (typeof members !== "object" || members === null || Array.isArray(members)) return null;
    return JSON.stringify(Object.fromEntries(Object.keys(members).map((name) => [name, "***"])));
  } catch {
    return null;
  }
}

/** The options that say what a language model is asked to write. */
export const GENERATION_OPTIONS = [
  {
    ...WRITE,
    name: "endpoint",
    value: choice("NAME", ENDPOINTS),
    description: "Where texts are asked for: as the next message of a conversation, or as what follows a text",
    default: "chat",
    key: "generation.endpoint",
  },
  {
    ...WRITE,
    name: "prompt-tokens",
    value: lengths({ least: 1, most: MOST_TOKENS }),
    description:
      "Words of prompts that are made, each about one token: a number, 100:200 for any from 100 to 200, or " +
      "normal:128,32 for a mean and a standard deviation",
    default: "128",
    key: "generation.promptTokens",
    not: ["prompts", "input-data"],
    tests: GIVEN_INPUT_TESTS,
    counterpart: "prompt-lengths",
  },
  {
    ...WRITE,
    name: "prompts",
    value: text("FILE"),
    description:
      "Prompts to send in turn, one a line: .txt, .jsonl with prompt, text or messages, as for vllm bench, AIPerf and " +
      "GuideLLM, or .json in ShareGPT's form",
    default: "made of words",
    key: "generation.prompts",
    not: "input-data",
    tests: GIVEN_INPUT_TESTS,
  },
  {
    ...WRITE,
    name: "output-tokens",
    value: lengths({ least: 1, most: MOST_TOKENS }),
    description: "Most tokens of an answer, written as --prompt-tokens; goes before what a file of prompts says",
    default: "what the prompt says, else 64",
    key: "generation.outputTokens",
  },
  {
    ...WRITE,
    name: "tokenizer",
    value: text("PATH"),
    description:
      "The model's tokenizer.json, or its folder: made prompts have exactly as many tokens, and tokens are counted where " +
      "the server counts none; its package is fetched the first time",
    key: "generation.keepsText",
  },
  {
    ...WRITE,
    name: "min-tokens",
    value: whole({ least: 1, most: MOST_TOKENS }),
    description: "Fewest tokens of an answer (vLLM and others)",
    key: "generation.minTokens",
    not: "ignore-eos",
  },
  {
    ...WRITE,
    name: "ignore-eos",
    value: FLAG,
    description: "Answers go on to that many tokens: others differ in length, and cannot be compared (vLLM and others)",
    key: "generation.ignoreEos",
  },
  {
    ...WRITE,
    name: "temperature",
    value: number({ least: 0, most: 100 }),
    description: "Sampling temperature; 0 takes the likeliest token each time",
    default: "0",
    key: "generation.temperature",
  },
  {
    ...WRITE,
    name: "top-p",
    value: number({ least: 0, most: 1 }),
    description: "Samples among the likeliest tokens that come to this probability together",
    default: "the server's",
    key: "generation.topP",
  },
  {
    ...WRITE,
    name: "top-k",
    value: whole({ least: -1, most: MOST_TOKENS }),
    description: "Samples among so many of the likeliest tokens (not OpenAI's own API)",
    default: "the server's",
    key: "generation.topK",
  },
  {
    ...WRITE,
    name: "sampling-seed",
    value: whole({ least: 0, most: 2 ** 31 - 1 }),
    description: "Seed of the server's sampling; --seed is that of what is sent",
    default: "the server's",
    key: "generation.samplingSeed",
  },
  {
    ...WRITE,
    name: "extra-body",
    value: text("JSON"),
    description: "An object whose members stand in every request besides; they go before all others",
    key: "generation.extraBody",
    masked: maskedMembers,
  },
] as const satisfies readonly OptionSpec[];
