import type { MarkedBytes, Marker } from "../core/marker.ts";

const utf8 = new TextEncoder();

/** JSON that is written piece by piece, in UTF-8, with the places at which it may be rewritten. */
export class JsonBytes {
  /** How many bytes there are so far. */
  length = 0;
  #bytes = new Uint8Array(256);
  readonly #markers: Marker[] = [];

  /**
   * Writes a text.
   *
   * @param text JSON, or a part of it.
   */
  text(text: string): void {
    this.#need(3 * text.length);
    this.length += utf8.encodeInto(text, this.#bytes.subarray(this.length)).written;
  }

  /**
   * Where the next bytes may be written from outside, from `length` on; who does so moves `length`.
   *
   * @param bytes For how many there must be room.
   */
  room(bytes: number): Uint8Array {
    this.#need(bytes);
    return this.#bytes;
  }

  /**
   * Says where it may be rewritten.
   *
   * @param marker Counted from its beginning.
   */
  mark(marker: Marker): void {
    this.#markers.push(marker);
  }

  /** What was written, in memory of its own. */
  written(): MarkedBytes {
    const bytes = this.#bytes.slice(0, this.length);
    return this.#markers.length === 0 ? { bytes } : { bytes, markers: this.#markers };
  }

  #need(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
