import { type Generation, OUTPUT_TOKENS } from "../../core/request/generation.ts";

/** Members of a request by which a user may ask for another number of tokens. */
const OTHERS = ["max_tokens", "max_completion_tokens", "n", "best_of", "options"];

/**
 * Most tokens that an answer can have.
 *
 * @param generation What is asked for.
 * @returns `Infinity` where that is not known.
 */
export function mostTokensOf({ outputTokens = OUTPUT_TOKENS, extraBody = {} }: Generation): number {
  return OTHERS.some((name) => name in extraBody) ? Infinity : outputTokens;
}
