import { ENDPOINTS } from "../../../core/request/generation.ts";
import type { OptionSpec } from "../option.ts";
import { choice, FLAG, number, text, whole } from "../option_values.ts";

const WRITE = { group: "Language models" } as const;

/** Most tokens of a prompt or an answer: no model takes more. */
const MOST_TOKENS = 4_194_304;

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
    value: whole({ least: 1, most: MOST_TOKENS }),
    description: "Words of prompts that are made, each about one token; the server's own count is reported",
    default: "128",
    key: "generation.promptTokens",
  },
  {
    ...WRITE,
    name: "output-tokens",
    value: whole({ least: 1, most: MOST_TOKENS }),
    description: "Most tokens of an answer",
    default: "64",
    key: "generation.outputTokens",
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
    name: "extra-body",
    value: text("JSON"),
    description: "An object whose members stand in every request besides; they go before all others",
    key: "generation.extraBody",
  },
] as const satisfies readonly OptionSpec[];
