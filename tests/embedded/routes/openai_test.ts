import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { callOver } from "../../../src/wire/call.ts";
import { openai } from "../../../src/protocols/openai.ts";
import { startTestServer } from "../embedded_client.ts";

const MODEL = "llama_tiny";
const chat = (more: object) => ({
  model: MODEL,
  messages: [{ role: "user", content: "tell me" }],
  max_tokens: 4,
  ...more,
});

/** The events of a stream. */
async function eventsOf(url: string, body: object): Promise<string[]> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assertStringIncludes(response.headers.get("content-type")!, "text/event-stream");
  return [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, data]) => data!);
}

Deno.test("the embedded server writes streams as vLLM frames them", async (t) => {
  await using server = await startTestServer({ models: [MODEL] });
  const { url } = server.server;

  await t.step("a role, a chunk for each token, why it ended, the counts, and the end", async () => {
    const options = { include_usage: true, continuous_usage_stats: true };
    const events = await eventsOf(
      `${url}/v1/chat/completions`,
      chat({ stream: true, stream_options: options, return_token_ids: true }),
    );
    assertEquals(events.at(-1), "[DONE]");
    const chunks = events.slice(0, -1).map((data) => JSON.parse(data));
    assertEquals(chunks[0].choices[0].delta, { role: "assistant", content: "" });
    assertEquals(chunks.map(({ usage }) => usage.completion_tokens), [0, 1, 2, 3, 4, 4]);
    assertEquals(chunks.slice(1, 5).map(({ choices }) => choices[0].token_ids.length), [1, 1, 1, 1]);
    assertEquals(chunks.map(({ choices }) => choices[0]?.finish_reason ?? null), [
      null,
      null,
      null,
      null,
      "length",
      null,
    ]);
  });

  await t.step("the same words as a whole, and as what follows a text", async () => {
    const { json } = await server.call("POST", "/v1/chat/completions", chat({ temperature: 0 }));
    const streamed = await eventsOf(`${url}/v1/chat/completions`, chat({ temperature: 0, stream: true }));
    const texts = streamed.slice(0, -1).map((data) => JSON.parse(data).choices[0].delta.content);
    assertEquals(texts.join(""), json.choices[0].message.content);
    assertEquals(json.usage, { prompt_tokens: 7, total_tokens: 11, completion_tokens: 4 });
    const parts = [{ role: "user", content: [{ type: "text", text: "tell " }, { type: "text", text: "me" }] }];
    const inParts = await server.call("POST", "/v1/chat/completions", chat({ temperature: 0, messages: parts }));
    assertEquals(inParts.json.choices, json.choices);
    const completion = await server.call("POST", "/v1/completions", {
      model: MODEL,
      prompt: "tell me",
      max_tokens: 4,
      temperature: 0,
    });
    assertEquals(completion.json.choices[0].text, json.choices[0].message.content);
  });

  await t.step("what it does not take is refused in OpenAI's words", async () => {
    const refused = async (body: object) => {
      const { status, json } = await server.call("POST", "/v1/chat/completions", body);
      return `${status}: ${json.error.message}`;
    };
    assertEquals(await refused(chat({ model: "gpt" })), '404: The model "gpt" does not exist.');
    assertStringIncludes(
      await refused(chat({ max_tokens: 3000 })),
      "400: This model's maximum context length is 2048 tokens",
    );
    assertStringIncludes(
      await refused({ model: MODEL, messages: [] }),
      '400: Cannot write as "messages" must be a list',
    );
    assertStringIncludes(await refused(chat({ max_tokens: 0 })), '"max_tokens" must be a number from 1: found 0');
  });

  await t.step("more answers than slots wait for one; a client that goes frees its slot", async () => {
    const metric = async (name: string) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`^${name}\\{[^}]*\\} (.*)$`, "m").exec(text)?.[1]);
    };
    const leave = new AbortController();
    const long = Array.from({ length: 10 }, () =>
      fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(chat({ stream: true, max_tokens: 2000 })),
        signal: leave.signal,
      }).then((response) => response.text()).catch(() => null));
    while (await metric("vllm:num_requests_running") < 8);
    assertEquals(await metric("vllm:num_requests_waiting"), 2);
    leave.abort();
    await Promise.all(long);
    while (await metric("vllm:num_requests_running") + await metric("vllm:num_requests_waiting") > 0);
    assert(await metric("vllm:generation_tokens_total") > 0);
    assertEquals(
      await metric("vllm:time_to_first_token_seconds_count"),
      await metric("vllm:request_prefill_time_seconds_count"),
    );
    assertEquals((await server.call("POST", "/v1/chat/completions", chat({}))).status, 200);
  });

  await t.step("the protocol of OpenAI's API finds it, and asks it to name each token", async () => {
    await using transport = openTransport(url);
    const protocol = await openai.bind(callOver(transport));
    assertEquals((await protocol.listModels!()).map(({ name }) => name), [MODEL]);
    const description = await protocol.describeModel(MODEL);
    await protocol.settleForm!(description);
    const { body } = protocol.encode(MODEL, [{ kind: "text", text: "tell me" }]);
    assertStringIncludes(new TextDecoder().decode((body as Uint8Array[])[0]), '"return_token_ids":true');
  });
});
