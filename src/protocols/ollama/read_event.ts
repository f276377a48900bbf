import type { Addition, StreamEvent } from "../../core/stream/stream_event.ts";
import { isError, isRecord } from "../shared/server_answer.ts";
import { jsonEvent } from "../streams/json_event.ts";

/**
 * Reads a line of Ollama's `/api/chat` or `/api/generate`. The last says why the answer ends, what it counted and how long it
 * worked, in ns.
 *
 * @param data The line.
 * @throws {SyntaxError} If it is no JSON object.
 */
export function readOllamaEvent(data: string): StreamEvent {
  const value = jsonEvent(data);
  const { error, done, done_reason: reason, eval_count: outputTokens, prompt_eval_count: promptTokens } = value;
  if (isError(error)) {
    return { adds: "nothing", error: typeof error === "string" ? error : JSON.stringify(error) };
  }
  const { prompt_eval_cached_count: cachedTokens, total_duration: totalNs } = value;
  const said = isRecord(value["message"]) ? value["message"] : value;
  const text = [said["thinking"], said["content"], said["response"]].filter((part) => typeof part === "string").join(
    "",
  );
  return {
    adds: additionOf(said),
    ...text !== "" && { text },
    ...done === true && { finish: typeof reason === "string" ? reason : "stop", ends: true },
    ...typeof outputTokens === "number" && { outputTokens },
    ...typeof promptTokens === "number" && { promptTokens },
    ...typeof cachedTokens === "number" && { cachedTokens },
    ...typeof totalNs === "number" && { serverMs: totalNs / 1e6 },
  };
}

function additionOf(said: Readonly<Record<string, unknown>>): Addition {
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  if (isText(said["content"]) || isText(said["response"])) return "content";
  if (isText(said["thinking"])) return "reasoning";
  return Array.isArray(said["tool_calls"]) && said["tool_calls"].length > 0 ? "tool" : "nothing";
}
