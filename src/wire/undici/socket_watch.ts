import type { Socket } from "node:net";

/** More than a head with the largest fields that undici takes. */
const MOST_BYTES = 128 * 1024;

/** What undici takes for an answer, or for the end of one, and is none. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/**
 * Sees what undici does not tell of the socket that it reads.
 *
 * - **Endless framing**: undici itself bounds only header fields; it reads status lines, interim answers, and lengths and
 *   extensions of chunks for as long as they come.
 * - **Surplus**: bytes behind an answer that belong to none. undici then drops the connection, but takes the answer.
 */
export class SocketWatch {
  #socket: Socket | null = null;
  #bytes = 0;
  #hasSurplus = false;

  /** A request is sent. */
  begin(): void {
    this.#bytes = 0;
    this.#hasSurplus = false;
  }

  /** A final head or a piece of a body came. */
  progressed(): void {
    this.#bytes = 0;
  }

  /** Whether the server said that it sends no more. */
  get hasEnded(): boolean {
    return this.#socket?.readableEnded ?? true;
  }

  /** Whether bytes came behind the answer that has ended, as far as what was read with it. */
  get hasSurplus(): boolean {
    const error = this.#socket?.errored ?? null;
    // What undici says of bytes; other errors are those of a connection that ends with the answer.
    return this.#hasSurplus || error !== null && (error.name === "HTTPParserError" || error.message.startsWith("bad "));
  }

  /**
   * Watches a new socket.
   *
   * @param socket The socket.
   * @param onEndless Is told when too much came that brings nothing on; nothing more is read then.
   */
  watch(socket: Socket, onEndless: (error: NoAnswer) => void): void {
    this.#socket = socket;
    const { read, unshift } = socket;
    socket.read = (size?: number) => {
      // What was read before is parsed by now.
      if (this.#bytes > MOST_BYTES) {
        onEndless(new NoAnswer(`more than ${MOST_BYTES} bytes came that are no header field and no body`));
        return null;
      }
      const bytes = read.call(socket, size);
      if (bytes !== null) this.#bytes += bytes.length;
      return bytes;
    };
    // undici puts back what it has not read.
    socket.unshift = (bytes: Uint8Array) => {
      if (bytes.length > 0) this.#hasSurplus = true;
      return unshift.call(socket, bytes);
    };
  }
}
