import type { AnswerHead } from "./answer_head.ts";
import { copyBytes } from "../body/byte_pool.ts";

/** A head with its bytes. */
interface Known {
  bytes: Uint8Array;
  length: number;
  head: AnswerHead | null;
}

/** Servers say few different heads: the date changes once a second, the length with the answer. */
const KEPT = 4;

/**
 * The heads that came last, so that one that is byte for byte the same is not read again: to compare it takes a tenth of
 * the time. The lanes of a transport share one, which also keeps it in the processor's cache.
 */
export class KnownHeads {
  readonly #known: readonly Known[] = Array.from(
    { length: KEPT },
    () => ({ bytes: new Uint8Array(0), length: 0, head: null }),
  );
  #last = this.#known[0]!;
  #oldest = 0;

  /**
   * Finds the head that some bytes begin with.
   *
   * @param bytes What came.
   * @param at Where it begins.
   * @param end Where it ends.
   * @returns Its length in bytes, or 0 for none that is known. {@linkcode found} is it.
   */
  find(bytes: Uint8Array, at: number, end: number): number {
    if (begins(this.#last, bytes, at, end)) return this.#last.length;
    for (const known of this.#known) {
      if (known === this.#last || !begins(known, bytes, at, end)) continue;
      this.#last = known;
      return known.length;
    }
    return 0;
  }

  /** The head that was found last. */
  get found(): AnswerHead {
    return this.#last.head!;
  }

  /** Keeps a head in place of the one that was kept first. */
  keep(head: AnswerHead, bytes: Uint8Array, length: number): void {
    const known = this.#known[this.#oldest]!;
    this.#oldest = (this.#oldest + 1) % KEPT;
    if (length > known.bytes.length) known.bytes = new Uint8Array(2 * length);
    copyBytes(known.bytes, 0, bytes, 0, length);
    known.length = length;
    known.head = head;
    this.#last = known;
  }
}

function begins({ bytes: known, length }: Known, bytes: Uint8Array, at: number, end: number): boolean {
  if (length === 0 || end - at < length) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== known[i]) return false;
  return true;
}
