import type { InputSpec } from "../../core/model_input.ts";
import type { Generation } from "../../core/request/generation.ts";

/** Words of a prompt, where nobody says how many. */
const PROMPT_WORDS = 128;

/**
 * What prompts look like. They differ from their first word on: a server that keeps what it knows of a beginning would else
 * answer from that.
 *
 * @param generation What is to be written.
 */
export function promptsOf({ promptTokens = PROMPT_WORDS }: Generation): InputSpec {
  return { kind: "text", words: promptTokens, variesAtFront: true };
}
