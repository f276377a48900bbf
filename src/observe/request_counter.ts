const CR = 13, LF = 10;
const LATIN1 = new TextDecoder("latin1");
/** A longer head is no request of ours. */
const LONGEST_HEAD = 64 * 1024;

/** Where in a request the next byte stands. */
type Place = "head" | "body" | "chunk-size" | "chunk" | "chunk-end" | "trailers";

/**
 * Counts the requests in a stream of HTTP/1.1 and throws their bytes away: it looks at no more than where each one ends
 * (RFC 9112, 6.3). Its stream comes from this program, so that nothing is checked.
 */
export class RequestCounter {
  #place: Place = "head";
  /** The line or the head that has begun, as Latin-1. */
  #text = "";
  /** Bytes that are left of the body or the chunk. */
  #left = 0;

  /**
   * Takes the next bytes.
   *
   * @param bytes In the order in which they came; not kept.
   * @returns How many requests ended in them.
   * @throws {RangeError} If a head has no end.
   */
  take(bytes: Uint8Array): number {
    let ended = 0;
    for (let at = 0; at < bytes.length;) {
      const from = at;
      at = this.#left > 0 ? this.#skip(bytes, at) : this.#readText(bytes, at);
      if (at === from) throw new RangeError("Cannot read a request as its head must have an end: found none");
      if (this.#place === "head" && this.#left === 0 && this.#text === "") ended++;
    }
    return ended;
  }

  #skip(bytes: Uint8Array, at: number): number {
    const skipped = Math.min(this.#left, bytes.length - at);
    this.#left -= skipped;
    if (this.#left === 0) this.#place = this.#place === "chunk" ? "chunk-end" : "head";
    return at + skipped;
  }

  /** Reads on until the head or the line is whole. */
  #readText(bytes: Uint8Array, at: number): number {
    const end = this.#place === "head" ? headEnd(this.#text, bytes, at) : lineEnd(bytes, at);
    const to = end === -1 ? bytes.length : end;
    this.#text += LATIN1.decode(bytes.subarray(at, to));
    if (this.#text.length > LONGEST_HEAD) return at;
    if (end === -1) return to;
    const text = this.#text;
    this.#text = "";
    this.#textEnded(text);
    return to;
  }

  #textEnded(text: string): void {
    switch (this.#place) {
      case "head":
        if (/\r\ntransfer-encoding:[^\r]*chunked/i.test(text)) {
          this.#place = "chunk-size";
          return;
        }
        this.#left = Number(/\r\ncontent-length:\s*(\d+)/i.exec(text)?.[1] ?? 0);
        if (this.#left > 0) this.#place = "body";
        return;
      case "chunk-size":
        this.#left = parseInt(text, 16);
        this.#place = this.#left > 0 ? "chunk" : "trailers";
        return;
      case "chunk-end":
        this.#place = "chunk-size";
        return;
      case "trailers":
        if (text === "\r\n") this.#place = "head";
    }
  }
}

/** Where the empty line ends, which may have begun in `before`; -1 where it does not. */
function headEnd(before: string, bytes: Uint8Array, at: number): number {
  const byteAt = (i: number) => i >= at ? bytes[i] : before.charCodeAt(before.length - (at - i));
  for (let i = bytes.indexOf(LF, at); i !== -1; i = bytes.indexOf(LF, i + 1)) {
    if (byteAt(i - 1) === CR && byteAt(i - 2) === LF && byteAt(i - 3) === CR) return i + 1;
  }
  return -1;
}

function lineEnd(bytes: Uint8Array, at: number): number {
  return bytes.indexOf(LF, at) + 1 || -1;
}
