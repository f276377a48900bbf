import type { Addition, StreamEvent } from "../../core/stream/stream_event.ts";
import { isError, isRecord } from "../shared/server_answer.ts";
import { jsonEvent } from "../streams/json_event.ts";

type Fields = Readonly<Record<string, unknown>>;
type Draft = { -readonly [Name in keyof StreamEvent]: StreamEvent[Name] };

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
  const event: Draft = { adds: "nothing" };
  let text = "", isOther = false;
  for (const choice of listOf(value["choices"])) {
    if (!isRecord(choice)) continue;
    const delta = deltaOf(choice), adds = additionOf(delta);
    if (adds !== "nothing") text += textOf(delta);
    if (event.adds === "nothing" || adds === "content") event.adds = adds;
    if (Array.isArray(choice["token_ids"])) event.tokens = (event.tokens ?? 0) + choice["token_ids"].length;
    const finish = wordsOf(choice["finish_reason"]);
    // Some servers write an empty text for none (SGLang 0.4.3).
    if (finish !== "") event.finish = finish;
    if (typeof choice["index"] === "number" && choice["index"] > 0) isOther = true;
  }
  if (text !== "") event.text = text;
  if (BROKEN_OFF.includes(event.finish)) event.error = `the server broke the answer off, with "${event.finish}"`;
  // Where one request has several answers, vLLM counts in the chunks of each that answer alone, and in the last chunk all.
  if (!isOther) addUsage(event, value["usage"]);
  return event;
}

/** The server's words where it failed, or `null`. */
function errorOf(value: Fields, name: string | undefined): string | null {
  const error = value["error"];
  if (name !== "error" && value["object"] !== "error" && !isError(error)) return null;
  const told = isError(error) ? error : value["message"] ?? value;
  const words = isRecord(told) ? told["message"] ?? told : told;
  return typeof words === "string" ? words : JSON.stringify(words);
}

const listOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : [];

const deltaOf = (choice: Fields): Fields =>
  isRecord(choice["delta"]) ? choice["delta"] : isRecord(choice["message"]) ? choice["message"] : choice;

/** All that is added, as a text: of tool calls their names and arguments. */
function textOf(delta: Fields): string {
  let text = wordsOf(delta["reasoning"] ?? delta["reasoning_content"]);
  text += wordsOf(delta["content"]) + wordsOf(delta["text"]) + wordsOf(delta["refusal"]);
  const calls = delta["tool_calls"];
  if (!Array.isArray(calls)) return text + wordsOfCall(delta);
  for (const call of calls) text += wordsOfCall(call);
  return text;
}

function wordsOfCall(call: unknown): string {
  const named = isRecord(call) ? call["function"] ?? call["function_call"] : undefined;
  return isRecord(named) ? wordsOf(named["name"]) + wordsOf(named["arguments"]) : "";
}

const wordsOf = (value: unknown): string => typeof value === "string" ? value : "";

function additionOf(delta: Fields): Addition {
  if (isText(delta["content"]) || isText(delta["text"]) || isText(delta["refusal"])) return "content";
  if (isText(delta["reasoning"]) || isText(delta["reasoning_content"])) return "reasoning";
  const calls = delta["tool_calls"];
  return (Array.isArray(calls) && calls.length > 0) || isRecord(delta["function_call"]) ? "tool" : "nothing";
}

function isText(value: unknown): boolean {
  return typeof value === "string" ? value !== "" : Array.isArray(value) && value.length > 0;
}

function addUsage(event: Draft, usage: unknown): void {
  if (!isRecord(usage)) return;
  const { prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: allTokens } = usage;
  const cachedTokens = detailOf(usage["prompt_tokens_details"], "cached_tokens");
  const thoughtTokens = detailOf(usage["completion_tokens_details"], "reasoning_tokens");
  if (typeof outputTokens === "number") event.outputTokens = outputTokens;
  if (typeof promptTokens === "number") event.promptTokens = promptTokens;
  if (typeof cachedTokens === "number") event.cachedTokens = cachedTokens;
  // Where all are more than those two, thoughts are counted beside the output (xAI).
  const isBeside = Number(allTokens) > Number(promptTokens) + Number(outputTokens);
  if (typeof thoughtTokens === "number" && !isBeside) event.thoughtTokens = thoughtTokens;
}

const detailOf = (details: unknown, name: string): unknown => isRecord(details) ? details[name] : undefined;
