import { type AnswerBudget, giveSegmentBack, roomToJoin, SEGMENT_BYTES, takeSegment } from "../answer_budget.ts";
import { type BytePool, copyBytes } from "./byte_pool.ts";

const NO_BODY: Uint8Array = new Uint8Array(0);
/** A smaller body stands in memory of its lane's own, which is kept; a larger one in pieces that all lanes share. */
const OWN_BYTES = 64 * 1024;
const FIRST_BYTES = 4096;

/**
 * The body of an answer while it comes, in memory that is used again and counted as bytes arrive. One object serves all
 * answers of a lane, one after another.
 */
export class IncomingBody {
  readonly #budget: AnswerBudget;
  readonly #pool: BytePool;
  #collects = true;
  #lends = false;
  /** How long it will be, bytes; 0 where that is not known. */
  #expected = 0;
  #bytes = 0;
  #room = NO_BODY;
  #segments: Uint8Array[] = [];
  /** What of them is counted, bytes. */
  #held = 0;
  /** Where bytes are being read to. */
  #direct: Uint8Array | null = null;

  /**
   * Waits for {@linkcode begin}.
   *
   * @param budget Bounds it.
   * @param pool Gives memory for what others keep.
   */
  constructor(budget: AnswerBudget, pool: BytePool) {
    this.#budget = budget;
    this.#pool = pool;
  }

  /** Whether it is kept. */
  get isCollected(): boolean {
    return this.#collects;
  }

  /**
   * Begins the next one.
   *
   * @param collects Whether it is kept.
   * @param lends Whether it is done with before anything else comes.
   */
  begin(collects: boolean, lends: boolean): void {
    this.drop();
    this.#collects = collects;
    this.#lends = lends;
    this.#expected = 0;
  }

  /**
   * Its length is known.
   *
   * @throws {AnswerTooLarge} If it is too large.
   */
  expect(bytes: number): void {
    this.#budget.check(bytes);
    this.#expected = bytes;
  }

  /** Where more of a body of known length may be read to without a copy; `null` if it is not kept. */
  get rest(): Uint8Array | null {
    if (!this.#collects || this.#expected <= OWN_BYTES) return null;
    const segment = this.#segmentAt(this.#bytes), at = this.#bytes % SEGMENT_BYTES;
    return this.#direct = segment.subarray(at, Math.min(SEGMENT_BYTES, at + this.#expected - this.#bytes));
  }

  /**
   * Takes the next piece, which is copied unless it was read into {@linkcode rest}.
   *
   * @throws {AnswerTooLarge} If there is no room for it.
   */
  add(bytes: Uint8Array, from: number, to: number): void {
    const isDirect = bytes === this.#direct;
    this.#direct = null;
    this.#budget.check(this.#bytes + to - from);
    if (!this.#collects) this.#bytes += to - from;
    else if (this.#segments.length === 0 && Math.max(this.#expected, this.#bytes + to - from) <= OWN_BYTES) {
      this.#keepInRoom(bytes, from, to);
    } else {
      if (this.#held === 0 && this.#bytes > 0) this.#leaveRoom();
      this.#hold(to - from);
      if (isDirect) this.#bytes += to - from;
      else this.#keepInSegments(bytes, from, to);
    }
  }

  /** A copy of a piece, for who keeps it. */
  copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
    return this.#pool.copy(bytes, from, to);
  }

  /**
   * Ends it.
   *
   * @returns The whole, which is its reader's own, or where it is lent stands until something else comes.
   */
  end(): Uint8Array {
    const length = this.#collects ? this.#bytes : 0, lent = this.#lends;
    let whole = NO_BODY;
    if (length > 0 && this.#segments.length === 0) {
      whole = lent ? this.#room.subarray(0, length) : this.#pool.copy(this.#room, 0, length);
    } else if (length > 0) {
      const [first] = this.#segments;
      if (lent && length <= SEGMENT_BYTES) whole = first!.subarray(0, length);
      else whole = this.#joinInto(lent ? roomToJoin(length) : new Uint8Array(length));
    }
    this.drop();
    return whole;
  }

  /** Gives it up, and its memory back. */
  drop(): void {
    // What is still being read into may be written to until that ends.
    if (this.#direct !== null) this.#segments.pop();
    this.#direct = null;
    for (const segment of this.#segments) giveSegmentBack(segment);
    if (this.#segments.length > 0) this.#segments = [];
    if (this.#held > 0) this.#budget.release(this.#held);
    this.#held = 0;
    this.#bytes = 0;
  }

  #keepInRoom(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#bytes + to - from;
    if (needed > this.#room.length) {
      const larger = new Uint8Array(Math.min(OWN_BYTES, Math.max(FIRST_BYTES, 2 * needed)));
      copyBytes(larger, 0, this.#room, 0, this.#bytes);
      this.#room = larger;
    }
    copyBytes(this.#room, this.#bytes, bytes, from, to);
    this.#bytes = needed;
  }

  /** It outgrew the room. */
  #leaveRoom(): void {
    const length = this.#bytes;
    this.#hold(length);
    this.#bytes = 0;
    this.#keepInSegments(this.#room, 0, length);
  }

  #hold(bytes: number): void {
    this.#budget.hold(bytes);
    this.#held += bytes;
  }

  #keepInSegments(bytes: Uint8Array, from: number, to: number): void {
    while (from < to) {
      const at = this.#bytes % SEGMENT_BYTES;
      const end = Math.min(to, from + SEGMENT_BYTES - at);
      copyBytes(this.#segmentAt(this.#bytes), at, bytes, from, end);
      this.#bytes += end - from;
      from = end;
    }
  }

  #segmentAt(place: number): Uint8Array {
    return this.#segments[Math.floor(place / SEGMENT_BYTES)] ??= takeSegment();
  }

  #joinInto(whole: Uint8Array): Uint8Array {
    for (let at = 0, i = 0; at < whole.length; at += SEGMENT_BYTES, i++) {
      copyBytes(whole, at, this.#segments[i]!, 0, Math.min(SEGMENT_BYTES, whole.length - at));
    }
    return whole;
  }
}
