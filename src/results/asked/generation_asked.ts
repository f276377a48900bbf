import * as v from "valibot";
import { type Endpoint, ENDPOINTS } from "../../core/request/generation.ts";
import { number } from "../schema.ts";

/** How many tokens were asked for. */
export interface LengthsAsked {
  /** On the mean. */
  readonly mean: number;
  /** At least; left out where that has no bound. */
  readonly least?: number;
  /** At most; left out where that has no bound. */
  readonly most?: number;
  /** Standard deviation, where they were drawn by a normal distribution. */
  readonly deviation?: number;
}

/** What a language model was asked to write. */
export interface GenerationAsked {
  /** Where it was asked. */
  readonly endpoint: Endpoint;
  /** How many prompts were given; left out where they were made. */
  readonly prompts?: number;
  /** Tokens of a prompt that was made, one a word; of given ones by the user's tokenizer, left out without one. */
  readonly promptTokens?: LengthsAsked;
  /** Output tokens of a request. */
  readonly outputTokens: LengthsAsked;
  /** Fewest output tokens; left out where nothing was said. */
  readonly minTokens?: number;
  /** Whether answers went on to as many tokens; left out where they did not. */
  readonly ignoreEos?: true;
  /** Sampling temperature; left out where it was the server's. */
  readonly temperature?: number;
  /** Share of probability that was sampled among; left out where it was the server's. */
  readonly topP?: number;
  /** Tokens that were sampled among; left out where they were the server's. */
  readonly topK?: number;
  /** Seed of the sampling; left out where it was the server's. */
  readonly samplingSeed?: number;
  /** Names of what each request said besides. */
  readonly members?: readonly string[];
}

const lengths = v.looseObject({
  mean: number,
  least: v.exactOptional(number),
  most: v.exactOptional(number),
  deviation: v.exactOptional(number),
});

/** {@linkcode GenerationAsked} in a results file. */
export const generationAskedSchema: v.GenericSchema<unknown, GenerationAsked> = v.looseObject({
  endpoint: v.picklist(ENDPOINTS),
  prompts: v.exactOptional(number),
  promptTokens: v.exactOptional(lengths),
  outputTokens: lengths,
  minTokens: v.exactOptional(number),
  ignoreEos: v.exactOptional(v.literal(true)),
  temperature: v.exactOptional(number),
  topP: v.exactOptional(number),
  topK: v.exactOptional(number),
  samplingSeed: v.exactOptional(number),
  members: v.exactOptional(v.array(v.string())),
});
