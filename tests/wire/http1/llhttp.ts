import { Buffer } from "node:buffer";
import wasm from "undici/lib/llhttp/llhttp-wasm.js";
import type { Parsed } from "./parsed.ts";

/** The parser of Node.js, as undici ships it: llhttp, compiled to WebAssembly. */
interface Llhttp {
  readonly memory: WebAssembly.Memory;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, at: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  malloc(bytes: number): number;
}

const RESPONSE = 2, OK = 0, PAUSED = 21;
const ROOM_BYTES = 256 * 1024;

/** What the callbacks of the parser have seen. */
interface Seen {
  fields: [string, string][];
  trailers: [string, string][];
  last: "field" | "value";
  status: number;
  keepsAlive: boolean;
  headDone: boolean;
  upgrade: boolean;
  body: string;
  done: boolean;
}

const fresh = (): Seen => ({
  fields: [],
  trailers: [],
  last: "value",
  status: 0,
  keepsAlive: false,
  headDone: false,
  upgrade: false,
  body: "",
  done: false,
});

let seen = fresh();
const textAt = (at: number, length: number) => Buffer.from(exports.memory.buffer, at, length).toString("latin1");
const lines = () => seen.headDone ? seen.trailers : seen.fields;
const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {
  env: {
    wasm_on_message_begin: () => 0,
    wasm_on_url: () => 0,
    wasm_on_status: () => 0,
    wasm_on_header_field(_: number, at: number, length: number) {
      if (seen.last === "value") lines().push(["", ""]);
      seen.last = "field";
      lines().at(-1)![0] += textAt(at, length);
      return 0;
    },
    wasm_on_header_value(_: number, at: number, length: number) {
      seen.last = "value";
      lines().at(-1)![1] += textAt(at, length);
      return 0;
    },
    wasm_on_headers_complete(_: number, status: number, upgrade: number, keepsAlive: number) {
      Object.assign(seen, {
        status,
        upgrade: upgrade === 1,
        keepsAlive: keepsAlive === 1,
        headDone: true,
        last: "value",
      });
      return 0;
    },
    wasm_on_body(_: number, at: number, length: number) {
      seen.body += textAt(at, length);
      return 0;
    },
    wasm_on_message_complete() {
      if (seen.status >= 100 && seen.status < 200 && !seen.upgrade) seen = fresh();
      else {
        seen.done = true;
        return PAUSED;
      }
      return 0;
    },
  },
});
const exports = instance.exports as unknown as Llhttp;
(instance.exports["_initialize"] as () => void)();
const room = exports.malloc(ROOM_BYTES);

/** What llhttp makes of a stream that comes in pieces. */
export function parseByLlhttp(pieces: readonly Uint8Array[]): Parsed {
  seen = fresh();
  const parser = exports.llhttp_alloc(RESPONSE);
  try {
    let surplus = 0;
    for (const piece of pieces) {
      if (seen.done) {
        surplus += piece.length;
        continue;
      }
      new Uint8Array(exports.memory.buffer, room, piece.length).set(piece);
      const result = exports.llhttp_execute(parser, room, piece.length);
      if (seen.done && result === PAUSED) surplus += piece.length - (exports.llhttp_get_error_pos(parser) - room);
      else if (result !== OK) return { kind: "malformed", why: reasonOf(parser) };
    }
    if (!seen.done) {
      exports.llhttp_finish(parser);
      if (!seen.done) return { kind: "incomplete" };
    }
    const { status, keepsAlive, body } = seen;
    if (seen.upgrade) return { kind: "malformed", why: "upgrade" };
    return {
      kind: "complete",
      status,
      headers: joined(seen.fields),
      body,
      trailers: joined(seen.trailers),
      keepsAlive,
      surplus,
    };
  } finally {
    exports.llhttp_free(parser);
  }
}

function reasonOf(parser: number): string {
  const at = exports.llhttp_get_error_reason(parser);
  if (at === 0) return "";
  return textAt(at, new Uint8Array(exports.memory.buffer, at).indexOf(0));
}

function joined(fields: readonly [string, string][]): Record<string, string> {
  const all: Record<string, string> = Object.create(null);
  for (const [name, value] of fields) {
    const lower = name.toLowerCase(), trimmed = value.replace(/[ \t]+$/, "");
    all[lower] = lower in all ? `${all[lower]}, ${trimmed}` : trimmed;
  }
  return all;
}
