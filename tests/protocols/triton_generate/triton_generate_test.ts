import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { requestOptionsOf } from "../../../src/measure/request_options.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { judgeWhole } from "../../../src/protocols/streams/judge_whole.ts";
import { readTritonEvent } from "../../../src/protocols/triton_generate/read_event.ts";
import { tritonGenerate } from "../../../src/protocols/triton_generate.ts";
import type { Call } from "../../../src/core/transport.ts";
import { json } from "../fake_server.ts";
import { startRoutesServer } from "../routes_server.ts";

Deno.test("readTritonEvent() tells what an event adds, whatever its outputs are called", () => {
  const read = (value: unknown) => readTritonEvent(JSON.stringify(value));
  assertEquals(read({ model_name: "m", model_version: "1", text_output: " a" }), { adds: "content", text: " a" });
  assertEquals(read({ model_name: "m", model_version: "1", TOKENS: [1, 2] }), { adds: "content" });
  assertEquals(read({ model_name: "m", model_version: "1", text_output: "" }), { adds: "nothing" });
  assertEquals(read({ error: "ran out" }), { adds: "nothing", error: "ran out" });
  for (const none of ["", false, {}, []]) assertEquals(read({ error: none, TOKENS: [1] }), { adds: "content" });
});

Deno.test("readTritonEvent() lets a text decide where there is one, and takes no empty list for an answer", () => {
  const read = (value: unknown) => readTritonEvent(JSON.stringify(value));
  const trtllm = { cum_log_probs: 0, output_log_probs: [0, 0], sequence_end: false };
  assertEquals(read({ ...trtllm, text_output: "" }), { adds: "nothing" });
  assertEquals(read({ ...trtllm, text_output: "a" }), { adds: "content", text: "a" });
  assertEquals(read({ text_output: ["", ""], token_ids: [1] }), { adds: "nothing" });
  assertEquals(read({ text_output: "", finish_reason: "None" }), { adds: "nothing" });
  assertEquals(read({ answer: "", scores: [1] }), { adds: "nothing" });
  assertEquals(read({ TOKENS: [] }), { adds: "nothing" });
  const stream = 'data: {"output_log_probs":[0],"text_output":""}\n\n';
  const body = new TextEncoder().encode(stream);
  const judge = judgeWhole({ framing: "sse", saysItsEnd: false, read: readTritonEvent });
  const verdict = judge({ status: 200, headers: {}, body }, { model: "m", predictions: 1, allowNullResults: false });
  assertEquals(verdict.kind, "failure");
});

Deno.test("tritonGenerate asks a model of Triton's for a stream, with the prompt as text_input", async () => {
  const utf8 = new TextEncoder();
  const call: Call = ({ path }) =>
    Promise.resolve({ status: path === "/v2/health/ready" ? 200 : 404, headers: {}, body: utf8.encode("{}") });
  assertEquals(await tritonGenerate.detect(call), null);
  const protocol = await tritonGenerate.bind(call, { generation: { outputTokens: 9, extraBody: { top_p: 1 } } });
  const { path, body } = protocol.encode("llama", [{ kind: "text", text: "tell me" }]);
  assertEquals(path, "/v2/models/llama/generate_stream");
  const text = (body as Uint8Array[]).map((part) => new TextDecoder().decode(part)).join("");
  assertEquals(JSON.parse(text), { stream: true, max_tokens: 9, top_p: 1, text_input: "tell me" });
  const answer = { status: 200, headers: {}, body: utf8.encode('data: {"text_output":"a"}\n\n') };
  assertEquals(protocol.judge(answer, { model: "llama", predictions: 1, allowNullResults: false }).kind, "success");
});

Deno.test("tritonGenerate asks no model what its tensors are, and sends no parameters or sequences", async () => {
  const inputs = [{ name: "text_input", datatype: "STRING", shape: [1] }];
  const rows = [
    { "POST /v2/models/m/generate_stream": json({ error: "no input" }, 400) },
    { "GET /v2/models/m": json({ name: "m" }) },
    { "GET /v2/models/m": json({ name: "m", inputs }) },
  ];
  for (const routes of rows) {
    await using server = await startRoutesServer(routes);
    await using target = await connect(server.url, { protocol: "triton-generate", model: "m" });
    assertEquals([target.description.name, target.description.input.kind], ["m", "text"]);
    assertEquals(target.description.maxBatchSize, 1);
    assertThrows(() => requestOptionsOf(target, { parameters: { a: 1 } }), UsageError, "parameters");
    assertThrows(() => requestOptionsOf(target, { sequence: true }), UsageError, "not supported over triton-generate");
  }
});
