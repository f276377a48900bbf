import type { InputSpec } from "../../core/model_input.ts";
import { type Generation, PROMPT_TOKENS } from "../../core/request/generation.ts";

/**
 * What prompts look like. They differ from their first word on: a server that keeps what it knows of a beginning would else
 * answer from that.
 *
 * @param generation What is to be written.
 */
export function promptsOf(
  { promptTokens = PROMPT_TOKENS, outputTokens, prompts, vocabulary }: Generation,
): InputSpec {
  const drawn = {
    ...typeof outputTokens === "object" && { outputTokens },
    ...vocabulary !== undefined && { vocabulary },
  };
  if (prompts !== undefined) return { kind: "samples", samples: prompts, variesAtFront: true, ...drawn };
  if (typeof promptTokens === "object" || Object.keys(drawn).length > 0) {
    return { kind: "prompts", tokens: promptTokens, ...drawn };
  }
  return { kind: "text", words: promptTokens, variesAtFront: true };
}
