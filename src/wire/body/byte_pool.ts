/** Small arrays are cut from blocks of this size: to make one by itself takes 1 us or more, to cut one 0.2 us. */
const BLOCK_BYTES = 64 * 1024;
/** Larger arrays are made by themselves, so that one that is kept does not keep a whole block for little. */
const LARGEST_CUT_BYTES = 8 * 1024;

/** Gives out byte arrays that are nobody else's. */
export class BytePool {
  #block = new Uint8Array(0);
  #used = 0;

  /**
   * A new array.
   *
   * @param bytes Its length.
   * @returns The array. What it holds at first is not said.
   */
  take(bytes: number): Uint8Array {
    if (bytes > LARGEST_CUT_BYTES) return new Uint8Array(bytes);
    if (this.#used + bytes > this.#block.length) {
      this.#block = new Uint8Array(BLOCK_BYTES);
      this.#used = 0;
    }
    const taken = this.#block.subarray(this.#used, this.#used + bytes);
    // Whoever views a body as numbers finds it aligned.
    this.#used += (bytes + 7) & ~7;
    return taken;
  }

  /** A copy of a piece of an array. */
  copy(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const copy = this.take(to - from);
    copyBytes(copy, 0, bytes, from, to);
    return copy;
  }
}

/** Below it a loop is quicker than a view and a call. */
const FEW_BYTES = 256;

/** Copies `bytes` between `from` and `to` to `target`, from `at` on. */
export function copyBytes(target: Uint8Array, at: number, bytes: Uint8Array, from: number, to: number): void {
  if (to - from > FEW_BYTES) target.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), at);
  else for (let i = from; i < to; i++) target[at++] = bytes[i]!;
}
