import type { JsonValue } from "../../../core/model_input.ts";
import { isRecord } from "../../../items/given/tensor_value.ts";
import type { ReadRecord } from "./read_record.ts";

const USERS = ["human", "user"];
const MODELS = ["gpt", "assistant", "chatgpt", "bing", "bard", "model"];

/**
 * The prompt of a conversation in ShareGPT's form, as `vllm bench serve` takes it: what its user says first. What was answered
 * then tells how long the answer is to be.
 *
 * @param turns What was said: `{"from": "human", "value": "..."}`.
 */
export function shareGptPrompt(turns: readonly JsonValue[]): ReadRecord {
  const said = turns.map((turn) =>
    isRecord(turn) ? [turn["from"] ?? turn["role"], turn["value"] ?? turn["content"]] : []
  );
  const at = said.findIndex(([from]) => USERS.includes(String(from)));
  const content = said[at]?.[1];
  if (typeof content !== "string" || content.trim() === "") {
    return { required: 'must have a turn {"from": "human", "value": "..."}', found: "it has none" };
  }
  const [from, answer] = said[at + 1] ?? [];
  const isAnswer = MODELS.includes(String(from)) && typeof answer === "string" && answer !== "";
  return { prompt: { kind: "prompt", content }, ...isAnswer && { answer } };
}
