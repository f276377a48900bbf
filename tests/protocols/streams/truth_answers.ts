import { gzipSync } from "node:zlib";

/** What is written of an answer, and when. */
export interface Piece {
  /** Since the request was read, ms. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** An answer of which everything is known. */
export interface TruthAnswer {
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly pieces: readonly Piece[];
  /** What follows: the end of the body, the loss of its connection, or nothing ever. */
  readonly end?: "whole" | "cut" | "nothing";
}

/** What a request asks for. */
export interface TruthAsked {
  readonly tokens: number;
}

/** When the first token comes, and the time from one chunk to the next, ms. */
export const FIRST_TOKEN_MS = 60;
export const GAP_MS = 10;

const utf8 = new TextEncoder();
const WORD = " Straße 🌱";

const at = (atMs: number, text: string): Piece => ({ atMs, bytes: utf8.encode(text) });
const dataOf = (value: unknown) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const chunk = (delta: object, more: object = {}, finish: string | null = null) => ({
  id: "1",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});
const usage = (tokens: number) => ({ usage: { prompt_tokens: 7, completion_tokens: tokens } });
const role = chunk({ role: "assistant", content: "" });
const content = (more: object = {}) => chunk({ content: WORD }, more);
const finish = (more: object = {}) => chunk({}, more, "length");
const counts = (tokens: number) => ({ choices: [], ...usage(tokens) });

/** Chunks at the moments that are promised. */
function chunks(count: number, chunkAt: (i: number) => unknown = () => content()): Piece[] {
  return Array.from({ length: count }, (_, i) => at(FIRST_TOKEN_MS + i * GAP_MS, dataOf(chunkAt(i))));
}

const endAt = (count: number) => FIRST_TOKEN_MS + Math.max(0, count - 1) * GAP_MS;
const endOf = (count: number, ...events: unknown[]) => at(endAt(count), events.map(dataOf).join(""));
const ends = (tokens: number) => endOf(tokens, finish(), counts(tokens), "[DONE]");

/** The same bytes in pieces of a few. */
function cutUp(pieces: readonly Piece[], size: number): Piece[] {
  return pieces.flatMap(({ atMs, bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => ({
      atMs,
      bytes: bytes.subarray(i * size, (i + 1) * size),
    }))
  );
}

function whole(text: string, status = 200, headers: readonly string[] = []): TruthAnswer {
  return { status, headers: ["content-type: application/json", ...headers], pieces: [at(5, text)] };
}

const refused = (status: number, message: string, headers?: readonly string[]) =>
  whole(JSON.stringify({ error: { message, type: "BadRequestError", code: status } }), status, headers);

/** Answers by the name of the model that is asked. */
export const TRUTH_ANSWERS: Readonly<Record<string, (asked: TruthAsked) => TruthAnswer>> = {
  plain: ({ tokens }) => ({ pieces: [...chunks(tokens), ends(tokens)] }),
  fours: ({ tokens }) => {
    const count = Math.ceil(tokens / 4);
    const each = (i: number) => content(usage(Math.min(tokens, 4 * (i + 1))));
    return { pieces: [...chunks(count, each), endOf(count, finish(usage(tokens)), counts(tokens), "[DONE]")] };
  },
  role: ({ tokens }) => ({ pieces: [at(2, dataOf(role)), ...chunks(tokens), ends(tokens)] }),
  pings: ({ tokens }) => ({
    pieces: [at(1, ": ping\n\n"), at(9, ": ping\r\n\r\n"), ...chunks(tokens), at(endAt(tokens), ":\n"), ends(tokens)],
  }),
  pairs: ({ tokens }) => {
    const count = Math.ceil(tokens / 2);
    const pair = dataOf(content()) + dataOf(content());
    const pieces = Array.from({ length: count }, (_, i) => at(FIRST_TOKEN_MS + i * GAP_MS, pair));
    return { pieces: [...pieces, endOf(count, finish(), counts(2 * count), "[DONE]")] };
  },
  "cut-up": ({ tokens }) => ({ pieces: cutUp([...chunks(tokens), ends(tokens)], 7) }),
  crlf: ({ tokens }) => {
    const bytes = [...chunks(tokens), endOf(tokens, finish(usage(tokens)))].map(({ atMs, bytes }) =>
      at(atMs, new TextDecoder().decode(bytes).replaceAll("\n", "\r\n"))
    );
    const last = bytes.at(-1)!;
    return { pieces: [...bytes.slice(0, -1), { ...last, bytes: last.bytes.subarray(0, -4) }] };
  },
  reasoning: ({ tokens }) => ({
    pieces: [
      ...chunks(tokens, (i) => i < tokens / 2 ? chunk({ reasoning_content: "hm" }) : content()),
      ends(tokens),
    ],
  }),
  tools: ({ tokens }) => ({
    pieces: [
      ...chunks(
        tokens,
        () => chunk({ content: null, tool_calls: [{ index: 0, function: { arguments: "{" } }] }),
      ),
      endOf(tokens, chunk({ tool_calls: null }, {}, "tool_calls"), counts(tokens), "[DONE]"),
    ],
  }),
  "usage-first": ({ tokens }) => ({
    pieces: [at(5, dataOf(counts(tokens))), ...chunks(tokens), endOf(tokens, finish(), "[DONE]")],
  }),
  "no-done": ({ tokens }) => ({ pieces: [...chunks(tokens), endOf(tokens, finish(usage(tokens)))] }),
  "null-choices": ({ tokens }) => ({
    pieces: [...chunks(tokens), endOf(tokens, finish(), { choices: null, ...usage(tokens) }, "[DONE]")],
  }),
  uncounted: ({ tokens }) => ({ pieces: [...chunks(tokens), endOf(tokens, finish(), "[DONE]")] }),
  "error-inside": ({ tokens }) => ({
    pieces: [
      ...chunks(tokens / 2),
      endOf(tokens / 2, { error: { message: "CUDA out of memory", code: 500 } }, "[DONE]"),
    ],
  }),
  "error-event": ({ tokens }) => ({
    pieces: [...chunks(tokens / 2), at(endAt(tokens / 2), `event: error\n${dataOf({ message: "engine died" })}`)],
  }),
  "error-first": () => ({
    pieces: [at(5, dataOf({ object: "error", message: "no slot", code: 503 }) + dataOf("[DONE]"))],
  }),
  endless: () => ({ pieces: chunks(20_000), end: "nothing" }),
  lasting: ({ tokens }) => ({ pieces: [...chunks(tokens), ends(tokens)], end: "nothing" }),
  stops: ({ tokens }) => ({ pieces: chunks(tokens / 2) }),
  cut: ({ tokens }) => ({ pieces: chunks(tokens / 2), end: "cut" }),
  "cut-in-event": ({ tokens }) => ({
    pieces: [...chunks(tokens / 2), at(endAt(tokens / 2), 'data: {"choices":[{"delta":{"cont')],
  }),
  silent: ({ tokens }) => ({ pieces: chunks(tokens / 2), end: "nothing" }),
  empty: ({ tokens: _ }) => ({ pieces: [at(5, dataOf(role)), endOf(1, chunk({}, {}, "stop"), counts(0), "[DONE]")] }),
  "empty-body": () => ({ pieces: [] }),
  "done-alone": () => ({ pieces: [at(5, dataOf("[DONE]"))] }),
  pinged: () => ({ pieces: [at(5, ": ping\n\n"), at(15, ": ping\n\n")] }),
  "json-instead": ({ tokens }) =>
    whole(JSON.stringify({ object: "chat.completion", choices: [{ message: { content: "word ".repeat(tokens) } }] })),
  page: () => ({
    headers: ["content-type: text/html"],
    pieces: [at(5, "<!doctype html>\n<title>Sign in</title>\n<p>Please sign in to go on.\n")],
  }),
  "ndjson-instead": ({ tokens }) => ({
    pieces: chunks(tokens).map(({ atMs, bytes }) => ({ atMs, bytes: bytes.subarray(6) })),
  }),
  "usage-falls": ({ tokens }) => ({
    pieces: [...chunks(tokens, (i) => content(usage(tokens - i))), endOf(tokens, finish(usage(1)), "[DONE]")],
  }),
  "usage-of-nothing": ({ tokens }) => ({ pieces: [...chunks(tokens), endOf(tokens, finish(), counts(0), "[DONE]")] }),
  "usage-too-large": ({ tokens }) => ({
    pieces: [...chunks(tokens), endOf(tokens, finish(), counts(1000 * tokens), "[DONE]")],
  }),
  "usage-of-text": ({ tokens }) => ({
    pieces: [...chunks(tokens), endOf(tokens, finish({ usage: { completion_tokens: "many" } }), "[DONE]")],
  }),
  missing: () => refused(404, "The model `missing` does not exist."),
  "too-long": () =>
    refused(400, "This model's maximum context length is 64 tokens. However, you requested 148 tokens."),
  limited: () => refused(429, "Too many requests", ["retry-after: 1"]),
  compressed: ({ tokens }) => {
    const events = [...chunks(tokens), ends(tokens)].map(({ bytes }) => bytes);
    return { headers: ["content-encoding: gzip"], pieces: [{ atMs: FIRST_TOKEN_MS, bytes: gzipSync(concat(events)) }] };
  },
  garbled: ({ tokens }) => ({ pieces: [...chunks(2), at(90, 'data: {"choices":\n\n'), ends(tokens)] }),
};

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((from, part) => (all.set(part, from), from + part.length), 0);
  return all;
}
