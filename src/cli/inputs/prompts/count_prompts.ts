import type { JsonValue, Prompt } from "../../../core/model_input.ts";
import type { TokenCounter } from "../../../core/stream/token_counter.ts";
import { isRecord } from "../../../items/given/tensor_value.ts";
import type { FilePrompt } from "./read_prompts.ts";

/**
 * Prompts with their tokens, and those of a conversation with as many output tokens as its answer has.
 *
 * @param prompts The prompts.
 * @param counter Counts.
 */
export async function countPrompts(
  prompts: readonly FilePrompt[],
  counter: TokenCounter,
): Promise<readonly FilePrompt[]> {
  const texts = prompts.map(({ prompt }) => textOf(prompt.content));
  const counts = await counter.count([...texts.map((text) => text ?? ""), ...prompts.map(({ answer = "" }) => answer)]);
  return prompts.map(({ prompt, answer }, i) => {
    const output = prompt.outputTokens ?? (answer === undefined ? undefined : Math.max(1, counts[prompts.length + i]!));
    const own: Prompt = {
      ...prompt,
      ...texts[i] !== null && { tokens: counts[i]! },
      ...output !== undefined && { outputTokens: output },
    };
    return { prompt: own, ...answer !== undefined && { answer } };
  });
}

/** All that is said, without names of roles; `null` where an image or another part is no text. */
function textOf(content: Prompt["content"]): string | null {
  if (typeof content === "string") return content;
  const texts = content.map((message) => isRecord(message) ? saidText(message["content"] ?? null) : null);
  return texts.includes(null) ? null : texts.join("\n");
}

function saidText(said: JsonValue): string | null {
  if (typeof said === "string") return said;
  if (said === null) return "";
  const parts = Array.isArray(said) ? said as readonly JsonValue[] : [];
  const texts = parts.map((part) => isRecord(part) && typeof part["text"] === "string" ? part["text"] : null);
  return texts.length === 0 || texts.includes(null) ? null : texts.join("");
}
