import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { TOKEN_SOURCES } from "../../../src/core/stream/stream_row.ts";
import { openai } from "../../../src/protocols/openai.ts";
import { FIRST_TOKEN_MS, GAP_MS, TRUTH_ANSWERS, type TruthAnswer } from "./truth_answers.ts";

const TOKENS = 20;
const protocol = await openai.bind(() => Promise.reject(new TypeError("nothing is asked")), {
  generation: { outputTokens: TOKENS },
});
const stream = protocol.openStream!();

/** What becomes of an answer of the truth server, as if its bytes came when it writes them. */
function read(name: string) {
  const { status = 200, headers = [], pieces, end = "whole" }: TruthAnswer = TRUTH_ANSWERS[name]!({ tokens: TOKENS });
  const fields = Object.fromEntries(headers.map((header) => header.split(": ")));
  stream.begin({ mostOutput: TOKENS });
  for (const { atMs, bytes } of pieces) stream.push(bytes, atMs);
  if (end !== "whole") return { words: `lost: ${stream.soFar()}`, row: stream.row() };
  const verdict = stream.end({ status, headers: fields, body: new Uint8Array() });
  const words = verdict.kind === "success" ? "success" : `${verdict.reason}: ${verdict.message}`;
  return { words, row: stream.row() };
}

/** What is the same however it is written. */
const TRUE: Readonly<Record<string, readonly [source: string, firstVisibleMs?: number]>> = {
  plain: ["usage"],
  fours: ["continuous"],
  role: ["usage"],
  pings: ["usage"],
  pairs: ["usage"],
  "cut-up": ["usage"],
  crlf: ["usage"],
  reasoning: ["usage", FIRST_TOKEN_MS + TOKENS / 2 * GAP_MS],
  tools: ["usage"],
  "usage-first": ["usage"],
  "no-done": ["usage"],
  "null-choices": ["usage"],
  uncounted: ["chunks"],
  "usage-falls": ["chunks"],
  "usage-of-nothing": ["chunks"],
  "usage-too-large": ["chunks"],
  "usage-of-text": ["chunks"],
};

Deno.test("streamed answers of which everything is known come to what is known", () => {
  for (const [name, [source, visibleMs = FIRST_TOKEN_MS]] of Object.entries(TRUE)) {
    const { words, row } = read(name);
    assertEquals(words, "success", name);
    assertEquals([row.firstTokenAt, row.firstVisibleAt], [FIRST_TOKEN_MS, visibleMs], name);
    assertEquals(TOKEN_SOURCES[row.tokenSource], source, name);
    assertEquals(
      row.refusedCounts,
      ["usage-falls", "usage-of-nothing", "usage-too-large"].includes(name) ? 1 : 0,
      name,
    );
    if (source === "chunks") continue;
    assertEquals(row.outputTokens, TOKENS, name);
    const each = { fours: 4, pairs: 2 }[name] ?? 1;
    const tokenMs = (row.lastTokenAt - row.firstTokenAt) / (row.outputTokens - row.firstTokens);
    assertAlmostEquals(tokenMs, GAP_MS / each, 1e-9, name);
  }
});

/** What is said of the others: what it is, in words that let a user go on. */
const SAID: Readonly<Record<string, string>> = {
  "error-inside": "rejected: CUDA out of memory (after 10 chunks)",
  "error-event": "rejected: engine died (after 10 chunks)",
  "error-first": "rejected: no slot (nothing came before it)",
  endless: "lost: after 20000 chunks",
  lasting: "lost: after 20 chunks, and the stream had said that it is over",
  silent: "lost: after 10 chunks",
  cut: "lost: after 10 chunks",
  stops: "malformed: the stream stops in the middle: after 10 chunks, and no word of its end",
  "cut-in-event": "malformed: the stream stops in the middle of an event: after 10 chunks",
  empty: 'rejected: the answer is empty: no event adds anything, and it ends with "stop"',
  "empty-body": "malformed: the answer is empty, though a stream was asked for",
  "done-alone": "rejected: the answer is empty: no event adds anything",
  pinged: "malformed: not a stream, though one was asked for: it holds comments alone",
  "json-instead": "malformed: not a stream, though one was asked for: it is one JSON value",
  page: 'malformed: not a stream, though one was asked for: it is an HTML page "Sign in"',
  missing: "status: status 404: The model `missing` does not exist.",
  "too-long":
    "status: status 400: This model's maximum context length is 64 tokens. However, you requested 148 tokens.",
  limited: "status: status 429: Too many requests",
  compressed: "malformed: the stream is compressed (gzip) though that was not asked for: its tokens are not seen",
  garbled: 'malformed: event 3 cannot be read: it is not JSON: {"choices":',
};

Deno.test("streamed answers that are none say why", () => {
  for (const [name, words] of Object.entries(SAID)) assertEquals(read(name).words, words);
  assert(read("ndjson-instead").words.startsWith("malformed: not a stream, though one was asked for"));
  const tried = [...Object.keys(TRUE), ...Object.keys(SAID), "ndjson-instead"];
  assertEquals(Object.keys(TRUTH_ANSWERS).filter((name) => !tried.includes(name)), []);
});
