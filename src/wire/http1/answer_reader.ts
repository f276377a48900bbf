import { type AnswerHead, CR, latin1, LF, MalformedAnswer, parseAnswerHead, parseFields } from "./answer_head.ts";
import { ChunkedBody, tooLarge } from "./chunked_body.ts";

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
 * One object reads all answers of a lane, one after another. Servers say mostly the same head: one that is byte for byte
 * that of the answer before is not read again, and its headers are the same object.
 */
export class AnswerReader {
  readonly #sink: AnswerSink;
  readonly #maxBodyBytes: number;
  readonly #chunks: ChunkedBody;
  #state: "head" | "length" | "chunks" | "until-close" | "trailers" | "done" = "done";
  #began = false;
  #interim = 0;
  /** Bytes of a head or of trailers that came in pieces. */
  #pending = NO_BYTES;
  #pendingBytes = 0;
  /** Bytes of the last line of them. */
  #lineBytes = 0;
  #bodyLeft = 0;
  #bodyTaken = 0;
  #trailers: Readonly<Record<string, string>> | null = null;
  /** The head before, with its bytes. */
  #known: AnswerHead | null = null;
  #knownBytes = NO_BYTES;
  readonly #onChunkData = (from: number, to: number): boolean => {
    this.#sink.onBody(this.#bytes, from, to);
    return this.#state === "chunks";
  };
  #bytes = NO_BYTES;

  /**
   * Waits for {@linkcode begin}.
   *
   * @param sink Is told what comes.
   * @param maxBodyBytes Largest body that is taken, bytes.
   */
  constructor(sink: AnswerSink, maxBodyBytes: number) {
    this.#sink = sink;
    this.#maxBodyBytes = maxBodyBytes;
    this.#chunks = new ChunkedBody(maxBodyBytes);
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
          if ((this.#bodyTaken += end - at) > this.#maxBodyBytes) throw tooLarge(this.#maxBodyBytes);
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
    const known = this.#known;
    if (known !== null && this.#pendingBytes === 0 && startsWith(bytes, at, end, this.#knownBytes)) {
      this.#takeFraming(known);
      return at + this.#knownBytes.length;
    }
    const to = this.#blockEnd(bytes, at, end, PREFIX);
    if (to === -1) return end;
    const head = this.#block(bytes, at, to);
    const parsed = parseAnswerHead(head);
    this.#pendingBytes = 0;
    if (parsed === null) {
      if (++this.#interim > MAX_INTERIM_ANSWERS) throw new MalformedAnswer("too many interim answers come before it");
    } else {
      this.#known = parsed;
      this.#knownBytes = head.slice();
      this.#takeFraming(parsed);
    }
    return to;
  }

  #takeFraming(head: AnswerHead): void {
    if (head.bodyBytes > this.#maxBodyBytes) throw tooLarge(this.#maxBodyBytes);
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
    const to = this.#blockEnd(bytes, at, end, NO_BYTES);
    if (to === -1) return end;
    const block = this.#block(bytes, at, to);
    if (block.length > 2) this.#trailers = parseFields(block, latin1(block), 0);
    this.#state = "done";
    return to;
  }

  /**
   * Finds the empty line behind a block of lines; what came so far is kept where it is not there yet.
   *
   * @returns Where the block ends in `bytes`, or -1.
   */
  #blockEnd(bytes: Uint8Array, at: number, end: number, prefix: Uint8Array): number {
    const offset = this.#pendingBytes - at;
    let before = this.#pendingBytes > 0 ? this.#pending[this.#pendingBytes - 1]! : -1;
    let lineBytes = this.#pendingBytes === 0 ? 0 : this.#lineBytes;
    for (let i = at; i < end; i++) {
      const byte = bytes[i]!, position = i + offset;
      if (position < prefix.length && byte !== prefix[position]) {
        throw new MalformedAnswer("it does not begin with HTTP/1.1 or HTTP/1.0");
      }
      if (position >= MAX_HEAD_BYTES) throw new MalformedAnswer(`its header is larger than ${MAX_HEAD_BYTES} bytes`);
      if (byte === LF) {
        if (before !== CR) throw new MalformedAnswer("a line does not end with CR LF");
        if (lineBytes === 1) return i + 1;
        lineBytes = 0;
      } else if (before === CR) throw new MalformedAnswer("a line does not end with CR LF");
      else lineBytes++;
      before = byte;
    }
    this.#lineBytes = lineBytes;
    this.#keep(bytes, at, end);
    return -1;
  }

  #keep(bytes: Uint8Array, at: number, end: number): void {
    const needed = this.#pendingBytes + end - at;
    if (needed > this.#pending.length) {
      const larger = new Uint8Array(Math.max(1024, 2 * needed));
      larger.set(this.#pending.subarray(0, this.#pendingBytes));
      this.#pending = larger;
    }
    this.#pending.set(bytes.subarray(at, end), this.#pendingBytes);
    this.#pendingBytes = needed;
  }

  /** The whole block, whose last bytes are these. */
  #block(bytes: Uint8Array, at: number, to: number): Uint8Array {
    if (this.#pendingBytes === 0) return bytes.subarray(at, to);
    this.#keep(bytes, at, to);
    const block = this.#pending.subarray(0, this.#pendingBytes);
    this.#pendingBytes = 0;
    return block;
  }
}

function startsWith(bytes: Uint8Array, at: number, end: number, start: Uint8Array): boolean {
  const length = start.length;
  if (end - at < length) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}
