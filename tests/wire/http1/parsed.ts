import { Buffer } from "node:buffer";
import type { AnswerHead } from "../../../src/wire/http1/answer_head.ts";
import { MalformedAnswer } from "../../../src/wire/http1/answer_head.ts";
import { AnswerReader } from "../../../src/wire/http1/answer_reader.ts";
import { AnswerBudget, AnswerTooLarge } from "../../../src/wire/answer_budget.ts";
import { BytePool } from "../../../src/wire/body/byte_pool.ts";
import { KnownHeads } from "../../../src/wire/http1/known_heads.ts";
import { headOfWhole, wholeAnswer } from "../../../src/wire/http1/whole_answer.ts";

/** What a parser makes of the bytes of one connection, whose end comes behind them. */
export type Parsed =
  | {
    readonly kind: "complete";
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** As latin1. */
    readonly body: string;
    readonly trailers: Readonly<Record<string, string>>;
    readonly keepsAlive: boolean;
    /** Bytes behind the answer. */
    readonly surplus: number;
  }
  /** The connection ended too early. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "malformed"; readonly why: string };

/** The pieces of a stream that is cut at some places. */
export function cut(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places, stream.length];
  return edges.slice(1).map((edge, i) => stream.subarray(edges[i], edge));
}

/** What the transport's own parser makes of a stream that comes in pieces. */
export function parseOwn(pieces: readonly Uint8Array[], maxBodyBytes = 2 ** 28): Parsed {
  return new OwnParser(maxBodyBytes).parse(pieces);
}

/** The transport's own parser, for one answer after another. */
export class OwnParser {
  readonly #heads = new KnownHeads();
  readonly #pool = new BytePool();
  #head: AnswerHead | null = null;
  #body: Uint8Array[] = [];
  readonly #reader: AnswerReader;

  constructor(maxBodyBytes = 2 ** 28) {
    this.#reader = new AnswerReader(
      {
        onHead: (head) => this.#head = head,
        onBody: (bytes, from, to) => this.#body.push(bytes.slice(from, to)),
      },
      new AnswerBudget({ bytes: maxBodyBytes }),
      this.#heads,
    );
  }

  /** What the short way makes of a stream that comes at once, or `null` where it is not for that. */
  parseWhole(stream: Uint8Array): Parsed | null {
    const head = headOfWhole(this.#heads, stream, stream.length, 2 ** 28);
    if (head === null) return null;
    const { status, headers, body } = wholeAnswer(head, stream, stream.length, this.#pool);
    const text = Buffer.from(body).toString("latin1");
    return { kind: "complete", status, headers, body: text, trailers: {}, keepsAlive: head.keepsAlive, surplus: 0 };
  }

  /** Reads one answer. */
  parse(pieces: readonly Uint8Array[]): Parsed {
    const reader = this.#reader;
    this.#head = null;
    this.#body = [];
    let surplus = 0;
    try {
      reader.begin();
      for (const piece of pieces) {
        // The connection reads into one buffer again and again.
        const buffer = piece.slice();
        const at = reader.push(buffer, 0, buffer.length);
        if (reader.isDone) surplus += buffer.length - at;
        buffer.fill(0x58);
      }
      if (reader.end() !== null) return { kind: "incomplete" };
    } catch (error) {
      if (error instanceof MalformedAnswer || error instanceof AnswerTooLarge) {
        return { kind: "malformed", why: error.message };
      }
      throw error;
    }
    const { status, headers, keepsAlive } = this.#head!;
    const body = Buffer.concat(this.#body).toString("latin1");
    return { kind: "complete", status, headers, body, trailers: reader.trailers ?? {}, keepsAlive, surplus };
  }
}
