import type { JsonValue } from "../../../core/model_input.ts";
import { isRecord } from "../../../items/given/tensor_value.ts";
import type { ReadRecord } from "./read_record.ts";
import { shareGptPrompt } from "./share_gpt.ts";

/** Members that hold the text of a prompt: those of vllm bench, AIPerf, GenAI-Perf and GuideLLM. */
const TEXTS = ["prompt", "text", "text_input", "instruction", "question", "input", "content"];
/** Members that hold the number of output tokens: those of vllm bench, AIPerf, GuideLLM and OpenAI. */
const LENGTHS = [
  "output_tokens",
  "output_length",
  "output_tokens_count",
  "completion_tokens_count",
  "output_len",
  "max_completion_tokens",
  "max_tokens",
];
/** Members of OpenAI's requests, and of vLLM's, that a prompt may have of its own. */
const SENT = [
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "functions",
  "function_call",
  "response_format",
  "stop",
  "temperature",
  "top_p",
  "top_k",
  "min_p",
  "seed",
  "presence_penalty",
  "frequency_penalty",
  "repetition_penalty",
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "reasoning_effort",
  "modalities",
  "min_tokens",
  "ignore_eos",
  "stop_token_ids",
  "chat_template_kwargs",
  "mm_processor_kwargs",
];
/** Members that every request has, written by torchgauge. */
const OWN = ["model", "stream", "stream_options"];

/**
 * The prompt that one line or entry of a file stands for: a text, messages, OpenAI's body of a request, a conversation in
 * ShareGPT's form, or a line of vllm bench, AIPerf, GenAI-Perf or GuideLLM.
 *
 * @param value The JSON.
 */
export function promptOfRecord(value: JsonValue): ReadRecord {
  if (typeof value === "string") return promptOf(value);
  if (Array.isArray(value)) return promptOf(value);
  if (!isRecord(value)) return { required: "must be an object, a text or messages", found: kindOf(value) };
  // OpenAI's file of a batch.
  if (isRecord(value["body"] ?? null) && !("messages" in value)) return promptOfRecord(value["body"]!);
  if (Array.isArray(value["conversations"])) return shareGptPrompt(value["conversations"]);
  if (Array.isArray(value["turns"])) return firstTurn(value["turns"]);
  const name = ["messages", ...TEXTS].find((name) => (value[name] ?? null) !== null);
  const own = name === undefined ? contentOfTexts(value["texts"] ?? null) : value[name]!;
  const { input = null } = value;
  // Alpaca's instructions are about a text of their own.
  const isAbout = name === "instruction" && typeof own === "string" && typeof input === "string" && input.trim() !== "";
  const content = isAbout ? `${own}\n\n${input}` : own;
  if (content === null) {
    const names = Object.keys(value).slice(0, 6).map((name) => `"${name}"`).join(", ");
    return { required: 'must have "messages", "prompt", "text" or "text_input"', found: `it has ${names || "none"}` };
  }
  const given = Object.keys(value).filter((name) => isGiven(value[name]!));
  const media = given.find((name) => /^(image|audio|video)s?$/.test(name));
  if (media !== undefined) {
    return { required: 'must have its images as parts of "messages"', found: `it has "${media}"` };
  }
  const lengthName = LENGTHS.find((name) => (value[name] ?? null) !== null);
  const length = lengthName === undefined ? undefined : value[lengthName];
  if (length !== undefined && !(Number.isSafeInteger(length) && Number(length) >= 1)) {
    return { required: `must have a whole number from 1 as "${lengthName}"`, found: JSON.stringify(length) ?? "" };
  }
  const members = Object.fromEntries(
    Object.entries(value).filter(([name, member]) => SENT.includes(name) && member !== null),
  );
  const sent = [name ?? "texts", ...isAbout ? ["input"] : [], ...LENGTHS, ...SENT, ...OWN];
  const ignored = given.filter((name) => !sent.includes(name));
  const read = promptOf(content, name === "messages" ? "messages" : "");
  if ("required" in read) return read;
  return {
    ...read,
    prompt: {
      ...read.prompt,
      ...length !== undefined && { outputTokens: Number(length) },
      ...Object.keys(members).length > 0 && { members },
    },
    ignored,
  };
}

/** Whether a member says something. */
function isGiven(member: JsonValue): boolean {
  return member !== null && member !== "" && !(Array.isArray(member) && member.length === 0);
}

function promptOf(content: JsonValue, name = ""): ReadRecord {
  if (typeof content === "string" && name !== "messages") {
    if (content.trim() === "") return { required: "must have a text that is not empty", found: "it is empty" };
    return { prompt: { kind: "prompt", content } };
  }
  const messages = Array.isArray(content) ? content as readonly JsonValue[] : [];
  if (messages.length > 0 && messages.every((message) => isRecord(message) && typeof message["role"] === "string")) {
    return { prompt: { kind: "prompt", content: messages } };
  }
  return {
    required: `must have ${name === "messages" ? "" : "a text or "}messages, each an object with a "role"`,
    found: Array.isArray(content) && content.length === 0 ? "it has none" : kindOf(content),
  };
}

/** AIPerf's conversations of several turns; of those behind the first the answers are not known. */
function firstTurn(turns: readonly JsonValue[]): ReadRecord {
  const [first = null] = turns;
  if (first === null) return { required: "must have at least one turn", found: "it has none" };
  const read = promptOfRecord(first);
  return "required" in read ? read : { ...read, turns: turns.length };
}

/** AIPerf's several texts are parts of one message. */
function contentOfTexts(texts: JsonValue): JsonValue | null {
  if (!Array.isArray(texts) || texts.length === 0 || !texts.every((text) => typeof text === "string")) return null;
  if (texts.length === 1) return texts[0]!;
  return [{ role: "user", content: texts.map((text) => ({ type: "text", text })) }];
}

function kindOf(value: JsonValue): string {
  if (value === null) return "it is null";
  return Array.isArray(value) ? "it is a list of others" : `it is a ${typeof value}`;
}
