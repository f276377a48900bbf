import type { Addition, StreamEvent } from "../../core/stream/stream_event.ts";
import { isRecord } from "../shared/server_answer.ts";
import { jsonEvent } from "../streams/json_event.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Ends of answers that the server did not finish: vLLM says so as it shuts down, and where its engine fails. */
const BROKEN_OFF: readonly unknown[] = ["abort", "error"];

/** What says that nothing comes behind it. Some servers leave it out. */
const DONE = "[DONE]";

/**
 * Reads an event of chat completions or of completions, as OpenAI, vLLM, TGI, llama.cpp, Ollama and `transformers serve` write
 * them: `choices` may be empty or null, `usage` may stand in any chunk, reasoning is in `reasoning` or `reasoning_content`.
 *
 * @param data What the event holds.
 * @param name Its name; servers that have names call a failure `error`.
 * @throws {SyntaxError} If it is no JSON object.
 */
export function readOpenAiEvent(data: string, name?: string): StreamEvent {
  if (data.trim() === DONE) return { adds: "nothing", ends: true };
  const value = jsonEvent(data);
  const error = errorOf(value, name);
  if (error !== null) return { adds: "nothing", error };
  const choices = Array.isArray(value["choices"]) ? value["choices"].filter(isRecord) : [];
  let adds: Addition = "nothing", text = "", tokens = 0, hasTokens = false, isOther = false, finish: string | undefined;
  for (const choice of choices) {
    const own = additionOf(choice);
    if (own !== "nothing") text += textOf(choice);
    if (adds === "nothing" || own === "content") adds = own === "nothing" ? adds : own;
    if (Array.isArray(choice["token_ids"])) {
      tokens += choice["token_ids"].length;
      hasTokens = true;
    }
    if (typeof choice["finish_reason"] === "string") finish = choice["finish_reason"];
    if (typeof choice["index"] === "number" && choice["index"] > 0) isOther = true;
  }
  return {
    adds,
    ...BROKEN_OFF.includes(finish) && { error: `the server broke the answer off, with "${finish}"` },
    ...text !== "" && { text },
    ...hasTokens && { tokens },
    ...finish !== undefined && { finish },
    // Where one request has several answers, vLLM counts in the chunks of each that answer alone, and in the last chunk all.
    ...isOther ? {} : usageOf(value["usage"]),
  };
}

/** The server's words where it failed, or `null`. */
function errorOf(value: Fields, name: string | undefined): string | null {
  const error = value["error"];
  if (name !== "error" && value["object"] !== "error" && (error === undefined || error === null)) return null;
  const words = isRecord(error) ? error["message"] ?? error : error ?? value["message"] ?? value;
  return typeof words === "string" ? words : JSON.stringify(words);
}

const deltaOf = (choice: Fields): Fields =>
  isRecord(choice["delta"]) ? choice["delta"] : isRecord(choice["message"]) ? choice["message"] : choice;

/** All that a choice adds, as a text: of tool calls their arguments. */
function textOf(choice: Fields): string {
  const delta = deltaOf(choice);
  const calls = Array.isArray(delta["tool_calls"]) ? delta["tool_calls"] : [delta];
  const called = calls.flatMap((call) => {
    const named = isRecord(call) ? call["function"] ?? call["function_call"] : undefined;
    return isRecord(named) ? [named["name"], named["arguments"]] : [];
  });
  const said = [delta["reasoning"] ?? delta["reasoning_content"], delta["content"], delta["text"], delta["refusal"]];
  return [...said, ...called].filter((part) => typeof part === "string").join("");
}

function additionOf(choice: Fields): Addition {
  const delta = deltaOf(choice);
  if (isText(delta["content"]) || isText(delta["text"]) || isText(delta["refusal"])) return "content";
  if (isText(delta["reasoning"]) || isText(delta["reasoning_content"])) return "reasoning";
  const calls = delta["tool_calls"];
  return (Array.isArray(calls) && calls.length > 0) || isRecord(delta["function_call"]) ? "tool" : "nothing";
}

function isText(value: unknown): boolean {
  return typeof value === "string" ? value !== "" : Array.isArray(value) && value.length > 0;
}

function usageOf(usage: unknown): Partial<StreamEvent> {
  if (!isRecord(usage)) return {};
  const { prompt_tokens: promptTokens, completion_tokens: outputTokens, prompt_tokens_details: details } = usage;
  const cachedTokens = isRecord(details) ? details["cached_tokens"] : undefined;
  return {
    ...typeof outputTokens === "number" && { outputTokens },
    ...typeof promptTokens === "number" && { promptTokens },
    ...typeof cachedTokens === "number" && { cachedTokens },
  };
}
