import type { JsonValue, ModelInput } from "../model_input.ts";
import type { TokenLengths } from "./token_lengths.ts";

/** Where texts are asked for: as the next message of a conversation, or as what follows a text. */
export const ENDPOINTS = ["chat", "completions"] as const;

/** One of {@linkcode ENDPOINTS}. */
export type Endpoint = typeof ENDPOINTS[number];

/** What a language model is asked to write. */
export interface Generation {
  /** Where it is asked. @default {"chat"} */
  readonly endpoint?: Endpoint;
  /** Words of a prompt that is made: most vocabularies have each of them as one token. @default {128} */
  readonly promptTokens?: TokenLengths;
  /** Prompts that are sent in turn, of kind `prompt` or `text`; none are made then. */
  readonly prompts?: readonly ModelInput[];
  /** Words that are one token each, by a tokenizer: prompts that are made have exactly as many tokens as asked for. */
  readonly vocabulary?: readonly string[];
  /** Whether texts of answers are kept until they are counted by a tokenizer. @default {false} */
  readonly keepsText?: boolean;
  /** Most output tokens of a request, where its prompt says none of its own. @default {64} */
  readonly outputTokens?: TokenLengths;
  /** Fewest output tokens, for servers that have that. */
  readonly minTokens?: number;
  /** Whether it goes on to that many tokens, also where it would end: lengths that differ cannot be compared. @default {false} */
  readonly ignoreEos?: boolean;
  /** Sampling temperature; 0 takes the likeliest token each time. @default {0} */
  readonly temperature?: number;
  /** Samples among the likeliest tokens that come to this probability together. */
  readonly topP?: number;
  /** Samples among so many of the likeliest tokens. */
  readonly topK?: number;
  /** Seed of the server's sampling. */
  readonly samplingSeed?: number;
  /** What else each request says, by name; it goes before all else. */
  readonly extraBody?: Readonly<Record<string, JsonValue>>;
}

/** Words of a prompt, where nobody says how many. */
export const PROMPT_TOKENS = 128;

/** Output tokens of a request, where nobody says how many. */
export const OUTPUT_TOKENS = 64;
