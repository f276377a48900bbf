import type { JsonValue } from "../model_input.ts";

/** Where texts are asked for: as the next message of a conversation, or as what follows a text. */
export const ENDPOINTS = ["chat", "completions"] as const;

/** One of {@linkcode ENDPOINTS}. */
export type Endpoint = typeof ENDPOINTS[number];

/** What a language model is asked to write. */
export interface Generation {
  /** Where it is asked. @default {"chat"} */
  readonly endpoint?: Endpoint;
  /** Words of a prompt that is made: most vocabularies have each of them as one token. @default {128} */
  readonly promptTokens?: number;
  /** Most output tokens of a request. @default {64} */
  readonly outputTokens?: number;
  /** Whether it goes on to that many tokens, also where it would end: lengths that differ cannot be compared. @default {false} */
  readonly ignoreEos?: boolean;
  /** Sampling temperature; 0 takes the likeliest token each time. @default {0} */
  readonly temperature?: number;
  /** What else each request says, by name; it goes before all else. */
  readonly extraBody?: Readonly<Record<string, JsonValue>>;
}

/** Output tokens of a request, where nobody says how many. */
export const OUTPUT_TOKENS = 64;
