/** What vLLM and `transformers serve` were seen to stream, byte by byte in the pieces in which it came. */
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { TOKEN_SOURCES } from "../../../src/core/stream/stream_row.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { openai } from "../../../src/protocols/openai.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { httpAnswer, type RawConnection, startRawServer } from "../../wire/raw_server.ts";
import transformersStory from "./recorded/transformers_serve.json" with { type: "json" };
import vllmStory from "./recorded/vllm.json" with { type: "json" };
import foursStory from "./recorded/vllm_by_fours.json" with { type: "json" };
import thinkingStory from "./recorded/vllm_thinking.json" with { type: "json" };

/** An answer as its bytes came: see `tests/live/language/record_stream.ts`. */
interface Recorded {
  readonly note: string;
  readonly request: string;
  readonly sent?: { readonly max_tokens?: number; readonly n?: number };
  readonly status: number;
  readonly contentType: string;
  readonly pieces: readonly (readonly [atMs: number, text: string])[];
}

const STORIES = {
  vllm: vllmStory as unknown as readonly Recorded[],
  fours: foursStory as unknown as readonly Recorded[],
  thinking: thinkingStory as unknown as readonly Recorded[],
  transformers: transformersStory as unknown as readonly Recorded[],
};
const utf8 = new TextEncoder();

function recorded(story: keyof typeof STORIES, note: string): Recorded {
  const found = STORIES[story].find((each) => each.note === note);
  assert(found, note);
  return found;
}

/** What becomes of an answer, as if its bytes came again. */
async function read(story: keyof typeof STORIES, note: string) {
  const { sent = {}, status, contentType, pieces } = recorded(story, note);
  const protocol = await openai.bind(() => Promise.reject(new TypeError("nothing is asked")), {
    generation: {
      ...sent.max_tokens === undefined ? {} : { outputTokens: sent.max_tokens },
      ...sent.n === undefined ? {} : { extraBody: { n: sent.n } },
    },
  });
  const stream = protocol.openStream!();
  stream.begin();
  for (const [atMs, text] of pieces) stream.push(utf8.encode(text), atMs);
  const verdict = stream.end({ status, headers: { "content-type": contentType }, body: new Uint8Array() });
  const words = verdict.kind === "success" ? "success" : `${verdict.reason}: ${verdict.message}`;
  const row = stream.row();
  return { words, row, source: TOKEN_SOURCES[row.tokenSource] };
}

/** Of answers that succeed: what counts their tokens, how many there are, and how many came at the first moment. */
const COUNTED: Readonly<Record<string, readonly [source: string, tokens: number, first?: number]>> = {
  uncounted: ["chunks", NaN],
  "counted at the end": ["usage", 8],
  "counted at each": ["continuous", 8],
  named: ["ids", 8],
  "a prompt for the first time": ["usage", 8],
  "the same prompt again": ["usage", 8, 1],
  "two answers at once": ["usage", 16],
  "a tool is called": ["continuous", 24, 17],
  "one token": ["ids", 1, 1],
  "completions, uncounted": ["chunks", NaN],
  "completions, counted at the end": ["usage", 8],
  "completions, counted at each": ["continuous", 8, 1],
  "completions, named": ["ids", 8],
};

Deno.test("what vLLM streams is counted by the best that it was asked for", async () => {
  for (const [note, [source, tokens, first]] of Object.entries(COUNTED)) {
    const { words, row, source: found } = await read("vllm", note);
    assertEquals(words, "success", note);
    assertEquals([found, row.outputTokens, row.refusedCounts], [source, tokens, 0], note);
    if (first !== undefined) assertEquals(row.firstTokens, first, note);
  }
});

Deno.test("four tokens an event are four tokens", async () => {
  const seen = await Promise.all(STORIES.fours.map(async ({ note }) => {
    const { words, row, source } = await read("fours", note);
    return [note, words, source, row.outputTokens, row.chunks, row.singles];
  }));
  assertEquals(seen, [
    ["by fours, uncounted", "success", "chunks", NaN, 3, 0],
    ["by fours, counted at the end", "success", "usage", 8, 3, 0],
    ["by fours, counted at each", "success", "continuous", 8, 3, 0],
    ["by fours, named", "success", "ids", 8, 3, 0],
    ["by fours, completions, named", "success", "ids", 8, 3, 0],
  ]);
});

Deno.test("vLLM's role is not its first token, and what it had from before is told", async () => {
  const { row } = await read("vllm", "a tool is called");
  assertLess(row.firstEventAt, row.firstTokenAt);
  assertEquals([(await read("vllm", "a prompt for the first time")).row.cachedTokens], [0]);
  const again = (await read("vllm", "the same prompt again")).row;
  assertEquals([again.promptTokens, again.cachedTokens], [140, 128]);
});

Deno.test("what vLLM thinks is its first token, and is not seen", async () => {
  const { words, row, source } = await read("thinking", "thinking without an end");
  assertEquals([words, source, row.outputTokens, row.firstTokens], ["success", "continuous", 8, 1]);
  assert(row.firstTokenAt > 0 && Number.isNaN(row.firstVisibleAt));
});

Deno.test("transformers serve says its role long before its first token, and ends without [DONE]", async () => {
  for (const note of ["chat", "completions", "chat, continuous batching"]) {
    const { words, row, source } = await read("transformers", note);
    assertEquals([words, source, row.outputTokens, row.singles], ["success", "usage", 8, 1]);
    if (note !== "completions") assertLess(row.firstEventAt, row.firstTokenAt);
  }
  const said = async (note: string) => (await read("transformers", note)).words;
  assertEquals(
    await said("no such model"),
    "status: status 400: Server is pinned to './tiny_llama'; requested 'no-such-model'.",
  );
  assertEquals(
    await said("unknown members"),
    "status: status 422: Unexpected fields in the request: {'ignore_eos', 'return_token_ids'}",
  );
});

/** Of those that fail: what is said of them. */
const SAID: Readonly<Record<string, string>> = {
  "no such model": "status: status 404: The model `no-such-model` does not exist. Valid aliases: ./tiny_llama.",
  "context too long":
    "status: status 400: max_tokens=5000 cannot be greater than max_model_len=1024. Please request fewer output tokens.",
  "prompt too long": "status: status 400: This model's maximum context length is 1024 tokens. However, your prompt",
  "refused sampling": "status: status 400: temperature must be non-negative, got -1.0.",
  "the engine dies":
    "rejected: EngineCore encountered an issue. See stack trace (above) for the root cause. (after 8 chunks)",
  "the engine has died": "status: status 500: EngineCore encountered an issue.",
};

Deno.test("what vLLM refuses, or gives up in the middle, is a failure in its words", async () => {
  for (const [note, words] of Object.entries(SAID)) assertStringIncludes((await read("vllm", note)).words, words);
});

Deno.test("connect() finds vLLM by what it answers, and asks it to name each token", async () => {
  const models = recorded("vllm", "models"), answer = recorded("vllm", "named");
  const sent: string[] = [];
  const serve = async (connection: RawConnection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      if (request.path === "/v1/models") {
        await connection.write(httpAnswer(models.pieces.map(([, text]) => text).join("")));
      } else if (request.method !== "POST") await connection.write(httpAnswer('{"detail":"Not Found"}', 404));
      else {
        sent.push(request.body);
        await connection.write(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        );
        for (const [, text] of answer.pieces) {
          await connection.write(`${utf8.encode(text).length.toString(16)}\r\n${text}\r\n`);
        }
        await connection.write("0\r\n\r\n");
      }
    }
  };
  await using server = await startRawServer(serve);
  await using target = await connect(server.url, { generation: { outputTokens: 8 } });
  assertEquals([target.protocol.name, target.model], ["openai", "./tiny_llama"]);
  const { failuresByReason, streams } = await runBasicTest(target, { quick: true, requests: 5, warmUpRequests: 1 });
  assertEquals([failuresByReason, streams?.tokenSources], [{}, { ids: streams?.answers }]);
  assert(sent.every((body) => body.includes('"return_token_ids":true')));
});
