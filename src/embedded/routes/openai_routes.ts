import type { LanguageModel } from "../language/language_model.ts";
import type { LanguageService } from "../language/language_service.ts";
import { LANGUAGE_MODEL } from "../language/name.ts";
import { LLAMA } from "../language/llama.ts";
import { tokensOf, wordOf } from "../language/words.ts";
import type { Written } from "../language/decoder_worker.ts";
import { type Exchange, isRecord, parseJsonObject, type Route } from "./http.ts";
import { RequestError } from "./request_error.ts";

/** Output tokens of a request that does not say how many. */
const OUTPUT_TOKENS = 16;

const utf8 = new TextEncoder();

/**
 * Chat completions and completions of OpenAI's API, framed as vLLM does: a role, a chunk for each token, why it ended, and
 * counts where they were asked for.
 *
 * @param service The language model.
 */
export function openaiRoutes(service: LanguageService): Route[] {
  return [
    { method: "GET", path: /^\/v1\/models$/, handle: () => Response.json(list(service)) },
    { method: "POST", path: /^\/v1\/chat\/completions$/, handle: (exchange) => write(service, exchange, true) },
    { method: "POST", path: /^\/v1\/completions$/, handle: (exchange) => write(service, exchange, false) },
  ];
}

function list({ model }: LanguageService) {
  const one = { id: LANGUAGE_MODEL, object: "model", owned_by: "torchgauge", max_model_len: LLAMA.context };
  return { object: "list", data: model === null ? [] : [one] };
}

/** What a request asks for. */
interface Asked {
  readonly prompt: readonly number[];
  readonly mostTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly streams: boolean;
  readonly counts: boolean;
  readonly countsEach: boolean;
  readonly namesTokens: boolean;
}

async function write(service: LanguageService, exchange: Exchange, chat: boolean): Promise<Response> {
  const { model } = service;
  const body = parseJsonObject(await exchange.body());
  if (model === null || body["model"] !== LANGUAGE_MODEL) {
    throw new RequestError(404, `The model ${JSON.stringify(body["model"])} does not exist.`);
  }
  const asked = read(body, chat);
  return asked.streams ? streamed(service, model, asked, chat) : await whole(service, model, asked, chat);
}

function read(body: Record<string, unknown>, chat: boolean): Asked {
  const prompt = tokensOf(chat ? messagesOf(body["messages"]) : textOf(body["prompt"], "prompt"));
  const mostTokens = numberIn(body, "max_completion_tokens", numberIn(body, "max_tokens", OUTPUT_TOKENS, 1), 1);
  if (prompt.length + mostTokens > LLAMA.context) {
    throw new RequestError(
      400,
      `This model's maximum context length is ${LLAMA.context} tokens. However, you requested ${mostTokens} output ` +
        `tokens and your prompt contains ${prompt.length} input tokens.`,
    );
  }
  const options = isRecord(body["stream_options"]) ? body["stream_options"] : {};
  return {
    prompt,
    mostTokens,
    temperature: numberIn(body, "temperature", 1, 0),
    seed: numberIn(body, "seed", 1, -Infinity),
    streams: body["stream"] === true,
    counts: options["include_usage"] === true,
    countsEach: options["continuous_usage_stats"] === true,
    namesTokens: body["return_token_ids"] === true,
  };
}

function messagesOf(messages: unknown): string {
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isRecord)) {
    throw new RequestError(400, 'Cannot write as "messages" must be a list of messages with a role and a content');
  }
  return messages.map(({ content }) => textOf(content, "content")).join("\n");
}

/** A text, or the parts of one, as vllm bench serve and others send it. */
function textOf(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => isRecord(part) && typeof part["text"] === "string")) {
    return value.map(({ text }) => text).join("");
  }
  throw new RequestError(400, `Cannot write as "${name}" must be a text: found ${JSON.stringify(value)}`);
}

function numberIn(body: Record<string, unknown>, name: string, otherwise: number, least: number): number {
  const value = body[name] ?? otherwise;
  if (typeof value === "number" && value >= least && (least < 1 || Number.isInteger(value))) return value;
  throw new RequestError(
    400,
    `Cannot write as "${name}" must be a number from ${least}: found ${JSON.stringify(value)}`,
  );
}

/** Orders the answer and keeps the statistics; `onWritten` is told each token. */
function order(
  { statistics }: LanguageService,
  model: LanguageModel,
  asked: Asked,
  observer: {
    readonly onCached: (tokens: number) => void;
    readonly onWritten: (written: Written) => void;
    readonly onError: (message: string) => void;
  },
): () => void {
  let beganAt = 0;
  return model.order(asked, {
    ...observer,
    onBegan(queueMs, prefillMs, cachedTokens) {
      observer.onCached(cachedTokens);
      statistics.queue.add(queueMs / 1000);
      statistics.prefill.add(prefillMs / 1000);
      statistics.firstToken.add((queueMs + prefillMs) / 1000);
      statistics.promptTokens += asked.prompt.length;
      beganAt = performance.now() - prefillMs;
    },
    onWritten(written) {
      statistics.writtenTokens++;
      if (written.isLast) statistics.inference.add((performance.now() - beganAt) / 1000);
      observer.onWritten(written);
    },
  });
}

/** What each chunk says besides its choice. */
function frame(chat: boolean, streams: boolean) {
  const object = chat ? `chat.completion${streams ? ".chunk" : ""}` : "text_completion";
  const id = `${chat ? "chatcmpl" : "cmpl"}-${crypto.randomUUID().replaceAll("-", "")}`;
  return { id, object, created: Math.floor(Date.now() / 1000), model: LANGUAGE_MODEL };
}

/** Counts of an answer; what was known of its prompt is told where a cache is there to know it. */
function usageOf({ prompt: { length: prompt } }: Asked, written: number, cached: number | null) {
  const details = cached === null ? {} : { prompt_tokens_details: { cached_tokens: cached } };
  return { prompt_tokens: prompt, total_tokens: prompt + written, completion_tokens: written, ...details };
}

function streamed(service: LanguageService, model: LanguageModel, asked: Asked, chat: boolean): Response {
  const head = frame(chat, true);
  let cancel = () => {};
  let count = 0, cached: number | null = null;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      const event = (data: string) => controller.enqueue(utf8.encode(`data: ${data}\n\n`));
      const chunk = (choices: readonly unknown[], usage?: object) =>
        event(JSON.stringify({ ...head, choices, ...usage === undefined ? {} : { usage } }));
      const each = () => asked.countsEach ? usageOf(asked, count, cached) : undefined;
      const end = () => {
        if (asked.counts) chunk([], usageOf(asked, count, cached));
        event("[DONE]");
        controller.close();
      };
      cancel = order(service, model, asked, {
        onCached: (tokens) => cached = service.settings.prefixCache ? tokens : null,
        onWritten({ token, isLast }) {
          if (count === 0 && chat) {
            chunk(
              [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }],
              each(),
            );
          }
          count++;
          const text = wordOf(token);
          chunk([{
            index: 0,
            ...chat ? { delta: { content: text } } : { text },
            logprobs: null,
            finish_reason: isLast ? "length" : null,
            ...asked.namesTokens && { token_ids: [token] },
          }], each());
          if (isLast) end();
        },
        onError(message) {
          event(JSON.stringify({ error: { message, type: "InternalServerError", code: 500 } }));
          event("[DONE]");
          controller.close();
        },
      });
    },
    cancel: () => cancel(),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

async function whole(
  service: LanguageService,
  model: LanguageModel,
  asked: Asked,
  chat: boolean,
): Promise<Response> {
  const tokens: number[] = [];
  let cached: number | null = null;
  await new Promise<void>((resolve, reject) => {
    order(service, model, asked, {
      onCached: (tokens) => cached = service.settings.prefixCache ? tokens : null,
      onWritten({ token, isLast }) {
        tokens.push(token);
        if (isLast) resolve();
      },
      onError: (message) => reject(new RequestError(500, message)),
    });
  });
  const text = tokens.map(wordOf).join("");
  const said = chat ? { message: { role: "assistant", content: text } } : { text };
  const choices = [{ index: 0, ...said, logprobs: null, finish_reason: "length" }];
  return Response.json({ ...frame(chat, false), choices, usage: usageOf(asked, tokens.length, cached) });
}
