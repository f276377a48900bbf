import type { AnswerBudget } from "../answer_budget.ts";
import { CR, isText, LF, MalformedAnswer, SPACE, TAB } from "./answer_head.ts";

const SEMICOLON = 59;
/** Digits of a chunk's length: more than a body can have. */
const MAX_DIGITS = 12;
/** Bytes of all extensions of one body. Nothing uses them; without a bound they could go on for ever. */
const MAX_EXTENSION_BYTES = 16 * 1024;

/** Where in a chunked body a reader is. */
const enum At {
  FirstDigit,
  Size,
  BlankBeforeExtension,
  Extension,
  SizeEnd,
  Data,
  DataCr,
  DataLf,
  Trailers,
}

/** Takes a chunked body apart (RFC 9112, 7.1). One object serves all answers of a connection, one after another. */
export class ChunkedBody {
  #at = At.FirstDigit;
  #left = 0;
  #digits = 0;
  #extensionBytes = 0;
  #bodyBytes = 0;
  readonly #budget: AnswerBudget;

  /** @param budget Says how large a body may be. */
  constructor(budget: AnswerBudget) {
    this.#budget = budget;
  }

  /** Begins the next body. */
  begin(): void {
    this.#at = At.FirstDigit;
    this.#extensionBytes = 0;
    this.#bodyBytes = 0;
  }

  /** Whether all chunks were read and the trailers are next. */
  get isAtTrailers(): boolean {
    return this.#at === At.Trailers;
  }

  /**
   * Reads on.
   *
   * @param bytes What came.
   * @param at Where to go on.
   * @param end Where it ends.
   * @param onData Is given each piece of the body, as its place in `bytes`; answers whether to go on.
   * @returns Where it stopped: at `end`, at the trailers, or behind a piece after which it was not to go on.
   * @throws {MalformedAnswer} If it is no chunked body.
   * @throws {AnswerTooLarge} If it is too large.
   */
  push(bytes: Uint8Array, at: number, end: number, onData: (from: number, to: number) => boolean): number {
    while (at < end && this.#at !== At.Trailers) {
      if (this.#at === At.Data) {
        const to = Math.min(end, at + this.#left);
        this.#left -= to - at;
        if (this.#left === 0) this.#at = At.DataCr;
        const from = at;
        at = to;
        if (!onData(from, to)) return at;
      } else this.#step(bytes[at++]!);
    }
    return at;
  }

  /** Takes one byte between the data. */
  #step(byte: number): void {
    switch (this.#at) {
      case At.FirstDigit:
        this.#left = 0;
        this.#digits = 0;
        if (digitOf(byte) === -1) throw new MalformedAnswer("a chunk has no length");
        this.#at = At.Size;
        return this.#digit(byte);
      case At.Size:
        if (digitOf(byte) !== -1) return this.#digit(byte);
        if (byte === CR) this.#at = At.SizeEnd;
        else if (byte === SEMICOLON) this.#at = At.Extension;
        else if (byte === SPACE || byte === TAB) this.#at = At.BlankBeforeExtension;
        else throw new MalformedAnswer("a chunk's length is no number");
        return;
      case At.BlankBeforeExtension:
        this.#countExtension();
        if (byte === SEMICOLON) this.#at = At.Extension;
        else if (byte !== SPACE && byte !== TAB) throw new MalformedAnswer("a chunk's length is no number");
        return;
      case At.Extension:
        this.#countExtension();
        if (byte === CR) this.#at = At.SizeEnd;
        else if (!isText(byte)) throw new MalformedAnswer("a chunk's extension holds a control character");
        return;
      case At.SizeEnd:
        if (byte !== LF) throw new MalformedAnswer("a chunk's length does not end with CR LF");
        this.#at = this.#left === 0 ? At.Trailers : At.Data;
        this.#budget.check(this.#bodyBytes += this.#left);
        return;
      case At.DataCr:
        if (byte !== CR) throw new MalformedAnswer("a chunk is longer than its length");
        this.#at = At.DataLf;
        return;
      case At.DataLf:
        if (byte !== LF) throw new MalformedAnswer("a chunk is longer than its length");
        this.#at = At.FirstDigit;
    }
  }

  #digit(byte: number): void {
    if (++this.#digits > MAX_DIGITS) throw new MalformedAnswer("a chunk's length has too many digits");
    this.#left = this.#left * 16 + digitOf(byte);
  }

  #countExtension(): void {
    if (++this.#extensionBytes > MAX_EXTENSION_BYTES) throw new MalformedAnswer("its chunks' extensions are too long");
  }
}

function digitOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
