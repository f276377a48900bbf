import type { RequestTokens } from "../../core/request/request_tokens.ts";
import type { Generation } from "../../core/request/generation.ts";
import type { AskedPrompt } from "./asked_prompt.ts";

/** Members of a request by which a user may ask for another number of tokens. */
const OTHERS = ["max_tokens", "max_completion_tokens", "n", "best_of", "num_predict"];

/**
 * What is known of a request's tokens.
 *
 * @param asked What it asks for.
 * @param generation What is asked for of all requests.
 */
export function requestTokens(
  { prompt, members, outputTokens }: AskedPrompt,
  { extraBody = {} }: Generation,
): RequestTokens {
  // Ollama has such members among its options.
  const said = [members, extraBody, extraBody["options"]].flatMap((of) => Object.keys(Object(of)));
  const isOther = OTHERS.some((name) => said.includes(name));
  const counted = prompt.kind === "prompt" ? prompt.tokens : undefined;
  return { ...!isOther && { mostOutput: outputTokens }, ...counted !== undefined && { prompt: counted } };
}
