import { Buffer } from "node:buffer";
import { type AnswerHead, CR, isFramed, LF, MalformedAnswer, parseAnswerHead, parseFields } from "./answer_head.ts";
import type { AnswerBudget } from "../answer_budget.ts";
import { copyBytes } from "../body/byte_pool.ts";
import { KnownHeads } from "./known_heads.ts";
import { ChunkedBody } from "./chunked_body.ts";

/** What a reader finds. Places are in the bytes that were pushed last, which may be used again afterwards. */
export interface AnswerSink {
  /** The head of the final answer is complete. */
  onHead(head: AnswerHead): void;
  /** A piece of the body came. */
  onBody(bytes: Uint8Array, from: number, to: number): void;
}

/** Most bytes of a head, interim ones before it not counted, or of the trailers. */
export const MAX_HEAD_BYTES = 64 * 1024;
/** Most interim answers before the final one. */
const MAX_INTERIM_ANSWERS = 32;

const PREFIX = new TextEncoder().encode("HTTP/1.");
const NO_BYTES: Uint8Array = new Uint8Array(0);

/**
 * Reads answers from the bytes of a connection, whatever pieces they come in (RFC 9112). It is strict: what two readers
 * could take for two things is refused, since an answer that ends elsewhere than its server means is no measurement.
 *
 * - Lines end with CR LF; a lone CR, LF or NUL and folded fields are refused.
 * - The end of a body must be certain: one content-length, or the transfer-encoding "chunked", not both.
 * - Interim answers (1xx) are passed over. The client never asks for another protocol, so 101 is refused.
 *
 * One object reads all answers of a lane, one after another. Where a head is byte for byte one of those that came last, its headers are
 * the same object.
 */
export class AnswerReader {
  readonly #sink: AnswerSink;
  readonly #budget: AnswerBudget;
  readonly #chunks: ChunkedBody;
  readonly #heads: KnownHeads;
  #state: "head" | "length" | "chunks" | "until-close" | "trailers" | "done" = "done";
  #began = false;
  #interim = 0;
  /** Bytes of a head or of trailers that came in pieces. */
  #pending: Uint8Array = NO_BYTES;
  /** The same memory, for decoding. */
  #pendingText = Buffer.alloc(0);
  #pendingBytes = 0;
  /** Bytes of the last line of them. */
  #lineBytes = 0;
  #bodyLeft = 0;
  #bodyTaken = 0;
  #trailers: Readonly<Record<string, string>> | null = null;
  readonly #onChunkData = (from: number, to: number): boolean => {
    this.#sink.onBody(this.#bytes, from, to);
    return this.#state === "chunks";
  };
  #bytes = NO_BYTES;

  /**
   * Waits for {@linkcode begin}.
   *
   * @param sink Is told what comes.
   * @param budget Says how large a body may be.
   * @param heads The heads that came last.
   */
  constructor(sink: AnswerSink, budget: AnswerBudget, heads: KnownHeads = new KnownHeads()) {
    this.#sink = sink;
    this.#budget = budget;
    this.#heads = heads;
    this.#chunks = new ChunkedBody(budget);
  }

  /** Expects an answer. */
  begin(): void {
    this.#state = "head";
    this.#began = false;
    this.#interim = 0;
    this.#pendingBytes = 0;
    this.#trailers = null;
  }

  /** Gives the answer up: nothing more is told of it. */
  stop(): void {
    this.#state = "done";
  }

  /** Whether the answer is complete. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /** What came behind the body, or `null` for nothing. */
  get trailers(): Readonly<Record<string, string>> | null {
    return this.#trailers;
  }

  /** How many bytes are left of a body whose length is known, else 0. */
  get bodyLeft(): number {
    return this.#state === "length" ? this.#bodyLeft : 0;
  }

  /**
   * Reads on.
   *
   * @param bytes What came.
   * @param at Where it begins.
   * @param end Where it ends.
   * @returns Where the answer ended, or `end`.
   * @throws {MalformedAnswer} If it is no answer.
   * @throws {AnswerTooLarge} If its body is too large.
   */
  push(bytes: Uint8Array, at: number, end: number): number {
    if (at < end) this.#began = true;
    while (at < end) {
      switch (this.#state) {
        case "head":
          at = this.#takeHead(bytes, at, end);
          break;
        case "length":
          at = this.#takeLength(bytes, at, end);
          break;
        case "chunks":
          this.#bytes = bytes;
          at = this.#chunks.push(bytes, at, end, this.#onChunkData);
          if (this.#chunks.isAtTrailers && this.#state === "chunks") this.#state = "trailers";
          break;
        case "until-close":
          this.#budget.check(this.#bodyTaken += end - at);
          this.#sink.onBody(bytes, at, end);
          return end;
        case "trailers":
          at = this.#takeTrailers(bytes, at, end);
          break;
        case "done":
          return at;
      }
    }
    return at;
  }

  /**
   * The connection ended.
   *
   * @returns Why that was too early, or `null` if it made the answer complete.
   */
  end(): string | null {
    if (this.#state === "until-close") this.#state = "done";
    if (this.#state === "done") return null;
    return this.#state === "length" ? "the end of the body" : this.#began ? "the end of the answer" : "the answer";
  }

  #takeHead(bytes: Uint8Array, at: number, end: number): number {
    const known = this.#pendingBytes === 0 ? this.#heads.find(bytes, at, end) : 0;
    if (known > 0) {
      this.#takeFraming(this.#heads.found);
      return at + known;
    }
    const to = this.#takeBlock(bytes, at, end, PREFIX);
    if (to === -1) return end;
    const length = this.#pendingBytes;
    this.#pendingBytes = 0;
    const parsed = parseAnswerHead(this.#pending, this.#textOf(length));
    if (parsed === null) {
      if (++this.#interim > MAX_INTERIM_ANSWERS) throw new MalformedAnswer("too many interim answers come before it");
    } else {
      this.#heads.keep(parsed, this.#pending, length);
      this.#takeFraming(parsed);
    }
    return to;
  }

  #takeFraming(head: AnswerHead): void {
    this.#budget.check(head.bodyBytes);
    this.#bodyLeft = head.bodyBytes;
    this.#bodyTaken = 0;
    if (head.framing === "chunked") {
      this.#chunks.begin();
      this.#state = "chunks";
    } else this.#state = head.framing === "none" ? "done" : head.framing;
    this.#sink.onHead(head);
  }

  #takeLength(bytes: Uint8Array, at: number, end: number): number {
    const to = Math.min(end, at + this.#bodyLeft);
    this.#bodyLeft -= to - at;
    if (this.#bodyLeft === 0) this.#state = "done";
    this.#sink.onBody(bytes, at, to);
    return to;
  }

  #takeTrailers(bytes: Uint8Array, at: number, end: number): number {
    const to = this.#takeBlock(bytes, at, end, NO_BYTES);
    if (to === -1) return end;
    const length = this.#pendingBytes;
    this.#pendingBytes = 0;
    if (length > 2) {
      const trailers = parseFields(this.#pending, this.#textOf(length), 0);
      if (isFramed(trailers)) throw new MalformedAnswer("its trailers say how long its body is");
      this.#trailers = trailers;
    }
    this.#state = "done";
    return to;
  }

  /**
   * Puts a block of lines together, up to the empty one behind it.
   *
   * @param prefix What it must begin with.
   * @returns Where the block ended in `bytes`, or -1 where more of it must come.
   */
  #takeBlock(bytes: Uint8Array, at: number, end: number, prefix: Uint8Array): number {
    const pending = this.#pendingBytes;
    for (let position = pending, i = at; position < prefix.length && i < end; position++, i++) {
      if (bytes[i] !== prefix[position]) throw new MalformedAnswer("it does not begin with HTTP/1.1 or HTTP/1.0");
    }
    const limit = Math.min(end, at + MAX_HEAD_BYTES - pending);
    let before = pending > 0 ? this.#pending[pending - 1]! : 0;
    let lineBytes = pending > 0 ? this.#lineBytes : 0;
    let to = -1;
    for (let i = at; i < limit; i++) {
      const byte = bytes[i]!;
      if (byte === LF || before === CR) {
        if (byte !== LF || before !== CR) throw new MalformedAnswer("a line does not end with CR LF");
        if (lineBytes === 1) {
          to = i + 1;
          break;
        }
        lineBytes = 0;
      } else lineBytes++;
      before = byte;
    }
    if (to === -1 && limit < end) throw new MalformedAnswer(`its header is larger than ${MAX_HEAD_BYTES} bytes`);
    this.#lineBytes = lineBytes;
    this.#keep(bytes, at, to === -1 ? end : to);
    return to;
  }

  /** The first bytes of a block as text, each a character. */
  #textOf(length: number): string {
    return this.#pendingText.toString("latin1", 0, length);
  }

  #keep(bytes: Uint8Array, at: number, end: number): void {
    const needed = this.#pendingBytes + end - at;
    if (needed > this.#pending.length) {
      const larger = new Uint8Array(Math.max(1024, 2 * needed));
      larger.set(this.#pending);
      this.#pending = larger;
      this.#pendingText = Buffer.from(larger.buffer);
    }
    copyBytes(this.#pending, this.#pendingBytes, bytes, at, end);
    this.#pendingBytes = needed;
  }
}
