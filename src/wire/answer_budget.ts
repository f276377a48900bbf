/** An answer that is larger than is taken. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/** How large answers may be. */
export interface ResponseLimit {
  /**
   * Largest body that is taken, streamed or not, bytes. All that are taken at once may be four times as large together, or
   * one for each thread.
   */
  readonly bytes: number;
  /** Threads of the process that share that memory. @default {1} */
  readonly threads?: number;
  /** What the user calls the limit, for messages. @default {"maxResponse"} */
  readonly name?: string;
}

/** Holds where none is given: 64 MiB. */
export const RESPONSE_LIMIT: ResponseLimit = { bytes: 64 * 2 ** 20 };

/** So many of the largest answers may come at once. */
const LARGEST_AT_ONCE = 4;
/** Memory is taken by pieces of this size, so that a large body is never copied while it grows. */
export const SEGMENT_BYTES = 2 ** 20;

/** What the unfinished answers of this thread hold, bytes: one sum for all transports and lanes. */
let heldBytes = 0;
/** Pieces that nothing uses. */
const freeSegments: Uint8Array[] = [];
/** Where bodies of several pieces are joined to be read, one at a time. */
let joined = new Uint8Array(0);

/**
 * Memory for the bodies of answers: a limit for each of them and one for all that come at once, over all lanes of a
 * thread. Who would break one of them fails; the others go on.
 */
export class AnswerBudget {
  /** Largest body that is taken, bytes. */
  readonly answerBytes: number;
  /** Most that all bodies which come at once hold together, bytes. */
  readonly allBytes: number;
  readonly #name: string;

  /** @param limit How large answers may be. */
  constructor({ bytes, threads = 1, name = "maxResponse" }: ResponseLimit) {
    this.answerBytes = bytes;
    this.allBytes = Math.max(bytes, Math.ceil(LARGEST_AT_ONCE * bytes / threads));
    this.#name = name;
  }

  /**
   * Refuses a body that is, or will be, too large by itself.
   *
   * @throws {AnswerTooLarge}
   */
  check(bodyBytes: number): void {
    if (bodyBytes <= this.answerBytes) return;
    throw new AnswerTooLarge(`its body is larger than ${inWords(this.answerBytes)}: ${this.#name} takes larger ones`);
  }

  /**
   * Counts bytes that came.
   *
   * @throws {AnswerTooLarge} If there is no room for them beside those of other answers.
   */
  hold(bytes: number): void {
    if (heldBytes + bytes > this.allBytes) {
      throw new AnswerTooLarge(
        `the answers that come at once are larger than ${inWords(this.allBytes)} together: ${this.#name} takes more`,
      );
    }
    heldBytes += bytes;
  }

  /** Takes them back. */
  release(bytes: number): void {
    heldBytes -= bytes;
  }
}

/** What the unfinished answers of this thread hold, bytes. */
export function bytesHeld(): number {
  return heldBytes;
}

/** A piece of memory, of {@linkcode SEGMENT_BYTES}. */
export function takeSegment(): Uint8Array {
  return freeSegments.pop() ?? new Uint8Array(SEGMENT_BYTES);
}

/** Takes one back that nothing writes to any more. */
export function giveSegmentBack(segment: Uint8Array): void {
  freeSegments.push(segment);
}

/** Room to join a body in, which stands until the next one is. */
export function roomToJoin(bytes: number): Uint8Array {
  if (joined.length < bytes) joined = new Uint8Array(bytes);
  return joined.subarray(0, bytes);
}

function inWords(bytes: number): string {
  if (bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20} MiB`;
  return bytes % 2 ** 10 === 0 ? `${bytes / 2 ** 10} KiB` : `${bytes} bytes`;
}
