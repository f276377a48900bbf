import type { Socket } from "node:net";

/** More than a head with the largest fields that undici takes. */
const MOST_BYTES = 128 * 1024;

/** Bytes that bring nothing on. */
export class EndlessFraming extends Error {
  override readonly name = "EndlessFraming";
}

/**
 * Counts what comes between the heads and the pieces of bodies of a connection. undici itself bounds only header fields:
 * it reads status lines, interim answers, and lengths and extensions of chunks for as long as they come.
 */
export class BytesBetween {
  #bytes = 0;

  /** A final head or a piece of a body came, or a request is sent. */
  reset(): void {
    this.#bytes = 0;
  }

  /**
   * Counts what is read from a socket.
   *
   * @param socket The socket.
   * @param onEndless Is told when too much came; nothing more is read then.
   */
  watch(socket: Socket, onEndless: (error: EndlessFraming) => void): void {
    const read = socket.read;
    socket.read = (size?: number) => {
      // What was read before is parsed by now.
      if (this.#bytes > MOST_BYTES) {
        onEndless(new EndlessFraming(`more than ${MOST_BYTES} bytes came that are no header field and no body`));
        return null;
      }
      const bytes = read.call(socket, size);
      if (bytes !== null) this.#bytes += bytes.length;
      return bytes;
    };
  }
}
