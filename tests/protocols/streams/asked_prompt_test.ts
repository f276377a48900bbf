import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { ModelInput } from "../../../src/core/model_input.ts";
import type { EncodedRequest } from "../../../src/core/protocol.ts";
import type { Generation } from "../../../src/core/request/generation.ts";
import { concatenate } from "../../../src/core/concatenate.ts";
import { ollama } from "../../../src/protocols/ollama.ts";
import { encodeGeneration } from "../../../src/protocols/openai/encode.ts";

const text = { kind: "prompt", content: "Hello", outputTokens: 5, tokens: 2 } as const;
const messages = {
  kind: "prompt",
  content: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:x" } }] }],
  members: { tools: [{ type: "function" }], temperature: 1 },
} as const;

const bodyOf = ({ body }: EncodedRequest) => JSON.parse(new TextDecoder().decode(concatenate(body as Uint8Array[])));
const openaiRequest = (input: ModelInput, generation: Generation = {}) =>
  encodeGeneration("m", [input], "none", generation);

Deno.test("a prompt's own length and members go before what all are asked for, and members besides before them", () => {
  const request = openaiRequest(text, { outputTokens: 64, topP: 0.9, topK: 5, samplingSeed: 3, minTokens: 9 });
  assertEquals(request.tokens, { mostOutput: 5, prompt: 2 });
  assertEquals(bodyOf(request), {
    model: "m",
    stream: true,
    max_tokens: 5,
    temperature: 0,
    top_p: 0.9,
    top_k: 5,
    seed: 3,
    min_tokens: 5,
    messages: [{ role: "user", content: "Hello" }],
  });
  const body = bodyOf(openaiRequest(messages, { extraBody: { temperature: 2 } }));
  assertEquals([body.messages, body.tools, body.temperature], [messages.content, messages.members.tools, 2]);
  assertEquals(openaiRequest(text, { extraBody: { max_tokens: 9 } }).tokens, { prompt: 2 }, "nobody knows how many");
  assertEquals(
    openaiRequest({ kind: "text", text: "x" }, { outputTokens: { kind: "uniform", least: 2, most: 4 } }).tokens,
    {
      mostOutput: 3,
    },
  );
});

Deno.test("messages are no text for completions", () => {
  assertEquals(bodyOf(openaiRequest(text, { endpoint: "completions" })).prompt, "Hello");
  const { message, hint } = assertThrows(() => openaiRequest(messages, { endpoint: "completions" }), UsageError);
  assertEquals(message.slice(0, 65), "Cannot send a prompt as the endpoint of completions must be given");
  assertEquals(typeof hint, "string");
});

Deno.test("Ollama has sampling settings of its own, and tools beside them", async () => {
  const generation = { topP: 0.9, samplingSeed: 3 };
  const protocol = await ollama.bind(() => Promise.reject(new TypeError("nothing is asked")), { generation });
  const body = bodyOf(protocol.encode("m", [messages]));
  assertEquals(body, {
    model: "m",
    stream: true,
    options: { num_predict: 64, temperature: 1, top_p: 0.9, seed: 3 },
    tools: messages.members.tools,
    messages: messages.content,
  });
  assertEquals(protocol.generation, { temperature: 0, ...generation });
});

Deno.test("Ollama's options that are given stand among its other settings", async () => {
  const sent = async (options: Readonly<Record<string, number>>) => {
    const generation = { topP: 0.9, extraBody: { options, keep_alive: 60 } };
    const protocol = await ollama.bind(() => Promise.reject(new TypeError("nothing is asked")), { generation });
    const request = protocol.encode("m", [{ ...text, members: { seed: 7 } }]);
    const { options: all, keep_alive: kept } = bodyOf(request);
    return { all, kept, tokens: request.tokens };
  };
  const all = { num_predict: 5, temperature: 0, top_p: 0.9, seed: 7 };
  assertEquals(await sent({ num_ctx: 4096, top_p: 0.5 }), {
    all: { ...all, top_p: 0.5, num_ctx: 4096 },
    kept: 60,
    tokens: { mostOutput: 5, prompt: 2 },
  });
  assertEquals(await sent({ num_predict: 9 }), { all: { ...all, num_predict: 9 }, kept: 60, tokens: { prompt: 2 } });
});
