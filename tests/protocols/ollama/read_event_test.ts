import { assertEquals } from "@std/assert";
import { readOllamaEvent } from "../../../src/protocols/ollama/read_event.ts";

Deno.test("readOllamaEvent() tells what a line adds, and what the last one counted", () => {
  const read = (value: unknown) => readOllamaEvent(JSON.stringify(value));
  assertEquals(read({ message: { role: "assistant", content: " a" }, done: false }), { adds: "content", text: " a" });
  assertEquals(read({ message: { content: "", thinking: "hm" }, done: false }), { adds: "reasoning", text: "hm" });
  assertEquals(read({ message: { content: "", tool_calls: [{ function: { name: "f" } }] } }), { adds: "tool" });
  assertEquals(read({ response: " a", done: false }), { adds: "content", text: " a" });
  const counts = { prompt_eval_count: 7, eval_count: 3, prompt_eval_cached_count: 4, total_duration: 2_000_000 };
  assertEquals(read({ response: "", done: true, done_reason: "length", ...counts }), {
    adds: "nothing",
    finish: "length",
    ends: true,
    outputTokens: 3,
    promptTokens: 7,
    cachedTokens: 4,
    serverMs: 2,
  });
  assertEquals(read({ response: "", done: true }), { adds: "nothing", finish: "stop", ends: true });
  assertEquals(read({ error: "model runner has unexpectedly stopped" }).error, "model runner has unexpectedly stopped");
  for (const none of ["", false, {}, []]) {
    assertEquals(read({ error: none, response: " a" }), { adds: "content", text: " a" });
  }
});

/** Ollama's own API by its documentation (docs.ollama.com/api/usage); no server was at hand. */
Deno.test("readOllamaEvent() reads the lines that its documentation shows", () => {
  const first =
    '{"model":"m","created_at":"2026-09-17T15:42:59.7Z","message":{"role":"assistant","content":"The"},"done":false}';
  assertEquals(readOllamaEvent(first), { adds: "content", text: "The" });
  const last =
    '{"model":"m","created_at":"2026-09-17T15:42:59.8Z","message":{"role":"assistant","content":""},"done":true,' +
    '"done_reason":"stop","total_duration":174560334,"load_duration":101397084,"prompt_eval_count":11,' +
    '"prompt_eval_duration":13074791,"eval_count":18,"eval_duration":52479709}';
  const { serverMs, ...counts } = readOllamaEvent(last);
  assertEquals(counts, { adds: "nothing", finish: "stop", ends: true, outputTokens: 18, promptTokens: 11 });
  assertEquals(serverMs, 174.560334);
});
