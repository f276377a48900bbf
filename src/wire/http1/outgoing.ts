import type { WireBody } from "../../core/transport.ts";

const FIRST_BYTES = 4 * 1024;

/** A buffer in which a request is put together to be written at once. */
export class Outgoing {
  #buffer = new Uint8Array(FIRST_BYTES);
  #view = this.#buffer;
  /** The head that the buffer begins with: requests mostly have the same one. */
  #head: Uint8Array | null = null;

  /** The whole buffer, of so many bytes at least, to be written to. */
  room(bytes: number): Uint8Array<ArrayBuffer> {
    this.#head = null;
    if (bytes > this.#buffer.length) {
      this.#view = this.#buffer = new Uint8Array(Math.max(bytes, 2 * this.#buffer.length));
    }
    return this.#buffer;
  }

  /**
   * Puts a request together.
   *
   * @param head Its head.
   * @param body Its body.
   * @param bytes The length of both.
   * @returns The request, which stands until the next one.
   */
  join(head: Uint8Array, body: WireBody | null, bytes: number): Uint8Array<ArrayBuffer> {
    const begins = head === this.#head && bytes <= this.#buffer.length;
    const buffer = begins ? this.#buffer : this.room(bytes);
    if (!begins) buffer.set(head, 0);
    this.#head = head;
    let at = head.length;
    if (body instanceof Uint8Array) buffer.set(body, at);
    else if (body !== null) {
      for (const part of body) {
        buffer.set(part, at);
        at += part.length;
      }
    }
    // To make a view costs as much as to copy 4 KB.
    if (this.#view.length !== bytes) this.#view = buffer.subarray(0, bytes);
    return this.#view;
  }
}

/** Most bytes of large requests that are put together at one time, however many connections there are. */
const MOST_JOINED_BYTES = 64 * 2 ** 20;

/** Buffers that are not in use. Those that were used last are taken first: they are still in the processor's cache. */
export class OutgoingPool {
  readonly #free: Outgoing[] = [];
  #joinedBytes = 0;

  /**
   * Asks for memory to put a large request together, to be released when it was written.
   *
   * @param bytes Its length.
   * @returns Whether there is so much.
   */
  reserve(bytes: number): boolean {
    if (this.#joinedBytes + bytes > MOST_JOINED_BYTES) return false;
    this.#joinedBytes += bytes;
    return true;
  }

  /** Releases what was reserved. */
  release(bytes: number): void {
    this.#joinedBytes -= bytes;
  }

  /** One for a request; the same one is taken again once it was given back. */
  take(): Outgoing {
    return this.#free.pop() ?? new Outgoing();
  }

  /** Takes one back that nothing reads any more. */
  giveBack(outgoing: Outgoing): void {
    this.#free.push(outgoing);
  }
}
