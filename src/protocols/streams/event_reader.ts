import { createParser } from "eventsource-parser";
import type { StreamFraming } from "../../core/stream/stream_event.ts";

/** Cuts the body of one answer after another into events. */
export interface EventReader {
  /** Another answer begins. */
  begin(): void;
  /**
   * Takes in the next bytes, cut anywhere, and hands on the events that they complete.
   *
   * @throws {SyntaxError} If they are not UTF-8, or an event is larger than any is.
   */
  push(bytes: Uint8Array): void;
  /**
   * The body is complete: hands on an event whose end is missing.
   *
   * @throws {SyntaxError} If the body ends within a character.
   */
  end(): void;
}

/** Most characters of one event. */
const MOST_CHARACTERS = 2 ** 24;

/**
 * Makes a reader.
 *
 * @param framing How events are told apart.
 * @param onEvent Takes each event: what it holds, and its name where it has one. What it throws goes to who pushed.
 */
export function eventReader(framing: StreamFraming, onEvent: (data: string, name?: string) => void): EventReader {
  return framing === "sse" ? new SseReader(onEvent) : new LineReader(onEvent);
}

/** What a lenient decoder writes for bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";
const BYTE_ORDER_MARK = "\ufeff";

/**
 * UTF-8 in pieces. A strict decoder takes eight times as long as a lenient one, 1.3 us an event: it is asked from the first
 * piece on that ends within a character, or may be no UTF-8.
 */
class Utf8 {
  readonly #lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  #strict: TextDecoder | null = null;
  #isBeginning = true;

  begin(): void {
    this.#strict = null;
    this.#isBeginning = true;
  }

  text(bytes: Uint8Array): string {
    const text = this.#decoded(bytes);
    if (!this.#isBeginning || text === "") return text;
    this.#isBeginning = false;
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  end(): void {
    if (this.#strict !== null) strictly(this.#strict);
  }

  #decoded(bytes: Uint8Array): string {
    if (this.#strict === null) {
      const text = this.#lenient.decode(bytes);
      if (!text.includes(REPLACEMENT)) return text;
      this.#strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    }
    return strictly(this.#strict, bytes);
  }
}

/** The next piece, or what is missing of the last character. */
function strictly(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new SyntaxError("it is not UTF-8");
  }
}

function tooLarge(): SyntaxError {
  return new SyntaxError(`an event holds more than ${MOST_CHARACTERS} characters`);
}

/**
 * Server-sent events: comments are left out, and events without data unless their name is an error's; the delimiter of the last
 * event may be missing.
 */
class SseReader implements EventReader {
  readonly #utf8 = new Utf8();
  readonly #parser;

  constructor(onEvent: (data: string, name?: string) => void) {
    this.#parser = createParser({
      onEvent: ({ data, event }) => {
        // Pings of some servers; the standard dispatches no such event (WHATWG HTML 9.2.6).
        if (data.trim() !== "" || event === "error") onEvent(data, event);
      },
      onError: (error) => {
        if (error.type === "max-buffer-size-exceeded") throw tooLarge();
        // llama.cpp wrote its failures as a field of this name; all other unknown fields are to be left out.
        if (error.type === "unknown-field" && error.field === "error") onEvent(error.value ?? "", "error");
      },
      maxBufferSize: MOST_CHARACTERS,
    });
  }

  begin(): void {
    this.#utf8.begin();
    this.#parser.reset();
  }

  push(bytes: Uint8Array): void {
    this.#parser.feed(this.#utf8.text(bytes));
  }

  end(): void {
    this.#utf8.end();
    this.#parser.feed("\n\n");
  }
}

/** One value a line; empty lines are left out, the end of the last may be missing. */
class LineReader implements EventReader {
  readonly #utf8 = new Utf8();
  readonly #onEvent: (data: string) => void;
  /** What came of the line that is not complete, joined once it is. */
  #pieces: string[] = [];
  #characters = 0;

  constructor(onEvent: (data: string) => void) {
    this.#onEvent = onEvent;
  }

  begin(): void {
    this.#utf8.begin();
    this.#pieces = [];
    this.#characters = 0;
  }

  push(bytes: Uint8Array): void {
    this.#text(this.#utf8.text(bytes));
  }

  end(): void {
    this.#utf8.end();
    this.#text("\n");
  }

  #text(text: string): void {
    let from = 0;
    for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
      this.#pieces.push(text.slice(from, to));
      const line = this.#pieces.join("").trim();
      this.#pieces = [];
      this.#characters = 0;
      from = to + 1;
      if (line !== "") this.#onEvent(line);
    }
    if (from === text.length) return;
    this.#pieces.push(text.slice(from));
    this.#characters += text.length - from;
    if (this.#characters > MOST_CHARACTERS) throw tooLarge();
  }
}
