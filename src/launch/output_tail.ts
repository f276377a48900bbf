/** How much of what a server writes is kept, characters. */
const KEPT_CHARACTERS = 8000;
/** How many lines of it are shown. */
const SHOWN_LINES = 12;
/**
 * Rest between two readings, ms. A server that logs each request would else wake this process as often; the system holds
 * 64 KiB for it meanwhile.
 */
const REST_MS = 20;
/** A reading of so many bytes is followed by the next at once: there is more than one can hold, and the server waits. */
const FULL_BYTES = 32 * 1024;

/** The last of what a process writes, from all of its streams. */
export class OutputTail {
  #text = "";
  readonly #reading: Promise<unknown>;

  /** @param streams What it writes to, each read to its end. */
  constructor(streams: readonly ReadableStream<Uint8Array<ArrayBuffer>>[]) {
    this.#reading = Promise.all(streams.map((stream) => this.#read(stream)));
  }

  /** The last lines, without blanks around them. */
  get lastLines(): string {
    return this.#text.trim().split(/\r?\n/).slice(-SHOWN_LINES).join("\n");
  }

  /**
   * Resolves when all was read. A process that left the group may hold the streams open longer than the server lives.
   *
   * @param longestMs Longest to wait, ms.
   */
  async finished(longestMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeUp = new Promise<void>((resolve) => timer = setTimeout(resolve, longestMs));
    await Promise.race([this.#reading, timeUp]);
    clearTimeout(timer);
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      this.#text = (this.#text + decoder.decode(bytes, { stream: true })).slice(-KEPT_CHARACTERS);
      if (bytes.length < FULL_BYTES) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}
