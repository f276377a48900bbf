import type { WireResponse } from "../../core/transport.ts";
import { decodeContent } from "../content_coding.ts";
import type { AnswerHead } from "./answer_head.ts";
import { type BytePool, copyBytes } from "./byte_pool.ts";

const NO_BODY: Uint8Array = new Uint8Array(0);
/** Room for bodies of unknown length that is kept from one answer to the next. */
const LARGEST_KEPT_ROOM_BYTES = 2 ** 20;

/** An answer while it comes. One object serves all answers of a lane, one after another. */
export class IncomingAnswer {
  readonly #pool: BytePool;
  readonly #maxBodyBytes: number;
  #collects = true;
  #lends = false;
  #head: AnswerHead | null = null;
  /** The body, if its length is known: what becomes of it is the answer's own. */
  #body = NO_BODY;
  /** The body until its length is known, or until it was lent. */
  #room = NO_BODY;
  #bytes = 0;
  #direct: Uint8Array | null = null;

  /**
   * Waits for {@linkcode begin}.
   *
   * @param pool Gives memory for bodies.
   * @param maxBodyBytes Largest body after its decoding, bytes.
   */
  constructor(pool: BytePool, maxBodyBytes: number) {
    this.#pool = pool;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /**
   * Begins the next answer.
   *
   * @param collects Whether its body is kept.
   * @param lends Whether the body is done with when the next answer begins.
   */
  begin(collects: boolean, lends: boolean): void {
    this.#collects = collects;
    this.#lends = lends;
    this.#head = null;
    this.#body = NO_BODY;
    this.#direct = null;
    this.#bytes = 0;
    if (this.#room.length > LARGEST_KEPT_ROOM_BYTES) this.#room = NO_BODY;
  }

  /** Takes its head. */
  head(head: AnswerHead): void {
    this.#head = head;
    if (!this.#collects || head.bodyBytes <= 0) return;
    if (!this.#lends) this.#body = this.#pool.take(head.bodyBytes);
    else {
      if (this.#room.length < head.bodyBytes) this.#room = new Uint8Array(head.bodyBytes);
      this.#body = this.#room.subarray(0, head.bodyBytes);
    }
  }

  /** Where the rest of a body of known length may be read to without a copy; `null` if it is not kept. */
  get rest(): Uint8Array | null {
    return this.#direct = this.#body.length === 0 ? null : this.#body.subarray(this.#bytes);
  }

  /** Takes the next piece of its body, which is copied unless it was read into {@linkcode rest}. */
  add(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#collects) return;
    const length = to - from;
    if (this.#body.length === 0) {
      if (this.#bytes + length > this.#room.length) this.#enlarge(this.#bytes + length);
      copyBytes(this.#room, this.#bytes, bytes, from, to);
    } else if (bytes !== this.#direct) copyBytes(this.#body, this.#bytes, bytes, from, to);
    this.#bytes += length;
  }

  /**
   * The piece that was added last, for who keeps it.
   *
   * @returns Bytes that stay as they are.
   */
  piece(bytes: Uint8Array, from: number, to: number): Uint8Array {
    if (this.#body.length === 0) return this.#pool.copy(bytes, from, to);
    return this.#body.subarray(this.#bytes - (to - from), this.#bytes);
  }

  /**
   * Ends it.
   *
   * @param trailers What came behind the body, or `null`.
   * @returns The whole answer, with its body if that was kept.
   * @throws {Error} If the body cannot be decoded.
   */
  complete(trailers: Readonly<Record<string, string>> | null): WireResponse {
    const { status, headers } = this.#head!;
    let body = this.#body;
    if (body.length === 0 && this.#bytes > 0) {
      body = this.#lends ? this.#room.subarray(0, this.#bytes) : this.#pool.copy(this.#room, 0, this.#bytes);
    }
    this.#body = NO_BODY;
    const coding = headers["content-encoding"];
    if (coding !== undefined && this.#collects) body = decodeContent(body, coding, this.#maxBodyBytes);
    return trailers === null ? { status, headers, body } : { status, headers, body, trailers };
  }

  #enlarge(bytes: number): void {
    const larger = new Uint8Array(Math.max(4096, 2 * bytes));
    larger.set(this.#room.subarray(0, this.#bytes));
    this.#room = larger;
  }
}
