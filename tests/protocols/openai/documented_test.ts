/**
 * What servers answer by their documentation or source, where none was at hand to be recorded: llama.cpp's server, TGI and
 * Ollama, each over OpenAI's API. None of these was seen live.
 */
import { assertEquals } from "@std/assert";
import { TOKEN_SOURCES } from "../../../src/core/stream/stream_row.ts";
import { openai } from "../../../src/protocols/openai.ts";

const protocol = await openai.bind(() => Promise.reject(new TypeError("nothing is asked")), {
  generation: { outputTokens: 2 },
});
const stream = protocol.openStream!();

/** What comes of an answer, as if each of its events came a millisecond after the last. */
function read(...events: readonly string[]) {
  stream.begin();
  events.forEach((event, i) => stream.push(new TextEncoder().encode(event), i + 1));
  const verdict = stream.end({ status: 200, headers: {}, body: new Uint8Array() });
  const { firstTokenAt, lastTokenAt, outputTokens, promptTokens, tokenSource, singles } = stream.row();
  const words = verdict.kind === "success" ? "success" : `${verdict.reason}: ${verdict.message}`;
  return { words, firstTokenAt, lastTokenAt, outputTokens, promptTokens, source: TOKEN_SOURCES[tokenSource], singles };
}

const TWO = { words: "success", outputTokens: 2, promptTokens: 13, source: "usage", singles: 1 } as const;

/** llama.cpp, tools/server: a role with `content: null`, an empty last delta, times of its own beside the counts. */
const llama = (choices: string, more = "") =>
  `data: {"choices":[${choices}],"created":1747743100,"id":"chatcmpl-x","model":"m","object":"chat.completion.chunk"${more}}\n\n`;
const llamaDelta = (delta: string, finish = "null") => `{"finish_reason":${finish},"index":0,"delta":${delta}}`;

Deno.test("the answers of llama.cpp's server are read, and its failures in their old form too", () => {
  const events = [
    llama(llamaDelta('{"role":"assistant","content":null}')),
    llama(llamaDelta('{"content":"Once"}')),
    llama(llamaDelta('{"content":" upon"}')),
    llama(llamaDelta("{}", '"length"')),
    llama(
      "",
      ',"usage":{"completion_tokens":2,"prompt_tokens":13,"total_tokens":15},"timings":{"prompt_n":13,"prompt_ms":9.1}',
    ),
    "data: [DONE]\n\n",
  ];
  assertEquals(read(...events), { ...TWO, firstTokenAt: 2, lastTokenAt: 3 });
  const message = "the request exceeds the available context size";
  const failure = `{"code":400,"message":"${message}","type":"exceed_context_size_error"}`;
  for (const failed of [`data: {"error":${failure}}\n\n`, `error: ${failure}\n\n`]) {
    assertEquals(read(events[0]!, events[1]!, failed).words, `rejected: ${message} (after 1 chunk)`);
  }
});

/** TGI: its role stands in each chunk, and what ends a text is called `eos_token`. */
const tgi = (choices: string, usage = "null") =>
  `data: {"object":"chat.completion.chunk","id":"","created":1722373608,"model":"m","system_fingerprint":"2.2.1-native",` +
  `"choices":[${choices}],"usage":${usage}}\n\n`;
const tgiDelta = (content: string, finish = "null") =>
  `{"index":0,"delta":{"role":"assistant","content":"${content}"},"logprobs":null,"finish_reason":${finish}}`;

Deno.test("the answers of TGI are read, and its failures", () => {
  const events = [tgi(tgiDelta("Once")), tgi(tgiDelta(" upon", '"eos_token"'))];
  const counts = '{"prompt_tokens":13,"completion_tokens":2,"total_tokens":15}';
  assertEquals(read(...events, tgi("", counts), "data: [DONE]\n\n"), { ...TWO, firstTokenAt: 1, lastTokenAt: 2 });
  const failed = 'data: {"error":"Request failed during generation","error_type":"generation"}\n\n';
  assertEquals(read(events[0]!, failed).words, "rejected: Request failed during generation (after 1 chunk)");
});

/** Ollama: its role stands in each chunk beside the content, the last of which is empty. */
const ollama = (content: string, finish = "null") =>
  `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":"fp_ollama",` +
  `"choices":[{"index":0,"delta":{"role":"assistant","content":"${content}"},"finish_reason":${finish}}]}\n\n`;

Deno.test("the answers of Ollama over OpenAI's API are read", () => {
  const counts =
    'data: {"object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":13,"completion_tokens":2}}\n\n';
  const events = [ollama("Once"), ollama(" upon"), ollama("", '"length"'), counts, "data: [DONE]\n\n"];
  assertEquals(read(...events), { ...TWO, firstTokenAt: 1, lastTokenAt: 2 });
});
