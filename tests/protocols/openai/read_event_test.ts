import { assertEquals, assertThrows } from "@std/assert";
import { readOpenAiEvent } from "../../../src/protocols/openai/read_event.ts";

const chat = (delta: unknown, more: object = {}) =>
  JSON.stringify({ choices: [{ index: 0, delta, ...more }], usage: null });

Deno.test("readOpenAiEvent() tells what an event adds", () => {
  const adds = (delta: unknown) => readOpenAiEvent(chat(delta)).adds;
  assertEquals(adds({ role: "assistant", content: "" }), "nothing");
  assertEquals(adds({ role: "assistant", content: null }), "nothing");
  assertEquals(adds({ content: " a" }), "content");
  assertEquals(adds({ reasoning: "hm", content: null }), "reasoning");
  assertEquals(adds({ reasoning_content: "hm" }), "reasoning");
  assertEquals(adds({ tool_calls: [{ index: 0, function: { arguments: "{" } }] }), "tool");
  assertEquals(adds({ tool_calls: null, content: "x" }), "content");
  assertEquals(adds({ tool_calls: [] }), "nothing");
  assertEquals(adds(null), "nothing");
  assertEquals(readOpenAiEvent('{"choices":[{"text":" a","index":0}]}').adds, "content");
});

Deno.test("readOpenAiEvent() reads counts wherever they stand", () => {
  assertEquals(readOpenAiEvent('{"choices":null,"usage":{"prompt_tokens":7,"completion_tokens":3}}'), {
    adds: "nothing",
    outputTokens: 3,
    promptTokens: 7,
  });
  const details = { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } };
  const event = readOpenAiEvent(
    chat({ content: "a" }, { finish_reason: "length" }).replace("null}", `${JSON.stringify(details)}}`),
  );
  const counts = { outputTokens: 3, promptTokens: 7, cachedTokens: 4 };
  assertEquals(event, { adds: "content", text: "a", finish: "length", ...counts });
  const calls = { tool_calls: [{ index: 0, function: { name: "f", arguments: '{"a"' } }], reasoning: "hm" };
  assertEquals(readOpenAiEvent(chat(calls)).text, 'hmf{"a"');
  assertEquals(readOpenAiEvent(chat({ content: "ab" }, { token_ids: [5, 6] })).tokens, 2);
  assertEquals(readOpenAiEvent(" [DONE] "), { adds: "nothing", ends: true });
});

Deno.test("readOpenAiEvent() reads how many tokens were thought, unless they are counted beside the output", () => {
  const thought = (total_tokens?: number) => {
    const counts = { prompt_tokens: 37, completion_tokens: 530, ...total_tokens !== undefined && { total_tokens } };
    const usage = { ...counts, completion_tokens_details: { reasoning_tokens: 233 } };
    return readOpenAiEvent(JSON.stringify({ choices: [], usage })).thoughtTokens;
  };
  assertEquals([thought(), thought(567), thought(800)], [233, 233, undefined]);
});

Deno.test("readOpenAiEvent() takes an empty reason to finish for none", () => {
  assertEquals(readOpenAiEvent(chat({ content: "a" }, { finish_reason: "" })), { adds: "content", text: "a" });
  assertEquals(readOpenAiEvent(chat({}, { finish_reason: "stop" })), { adds: "nothing", finish: "stop" });
});

Deno.test("readOpenAiEvent() leaves out what is counted of one of several answers alone", () => {
  const chunk = (index: number) =>
    JSON.stringify({ choices: [{ index, delta: { content: "a" } }], usage: { completion_tokens: 3 } });
  assertEquals([0, 1].map((index) => readOpenAiEvent(chunk(index)).outputTokens), [3, undefined]);
});

Deno.test("readOpenAiEvent() reads a failure in the middle in each of its forms", () => {
  const words = (value: unknown, name?: string) => readOpenAiEvent(JSON.stringify(value), name).error;
  assertEquals(words({ error: { message: "out of memory", code: 500 } }), "out of memory");
  assertEquals(words({ error: "out of memory" }), "out of memory");
  assertEquals(words({ object: "error", message: "too long" }), "too long");
  assertEquals(words({ message: "too long" }, "error"), "too long");
  for (const none of [null, "", false, {}, []]) assertEquals(words({ error: none, choices: [] }), undefined);
  assertEquals(words({ object: "error", error: "", message: "too long" }), "too long");
  const ended = (finish_reason: string) => words({ choices: [{ index: 0, delta: {}, finish_reason }] });
  assertEquals(ended("abort"), 'the server broke the answer off, with "abort"');
  assertEquals(ended("length"), undefined);
});

Deno.test("readOpenAiEvent() refuses what is no JSON object", () => {
  assertThrows(() => readOpenAiEvent("data"), SyntaxError, "it is not JSON: data");
  assertThrows(() => readOpenAiEvent("[1]"), SyntaxError, "it is no JSON object: [1]");
});
