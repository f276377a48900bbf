/** What an event adds to an answer: words that were thought, words to be read, or a part of a tool call. */
export type Addition = "nothing" | "reasoning" | "content" | "tool";

/** One event of a streamed answer, as a protocol reads it. What the server does not say is left out. */
export interface StreamEvent {
  /** What it adds. A role alone, a ping or a count adds nothing. */
  readonly adds: Addition;
  /** What it adds, where that is a text or a part of one. */
  readonly text?: string;
  /** Output tokens in it, where it names each of them. */
  readonly tokens?: number;
  /** Output tokens of the answer up to and with it, as the server counts them. */
  readonly outputTokens?: number;
  /** Those of `outputTokens` that were thought, as the server counts them. */
  readonly thoughtTokens?: number;
  /** Tokens of the prompt, as the server counts them. */
  readonly promptTokens?: number;
  /** Those of them that the server had from before. */
  readonly cachedTokens?: number;
  /** How long the server says that it worked on the answer, ms. */
  readonly serverMs?: number;
  /** Why the answer ends here, in the server's word: `stop`, `length`, ... */
  readonly finish?: string;
  /** The server's words where it failed in the middle of its answer. */
  readonly error?: string;
  /** Says that nothing comes behind it. */
  readonly ends?: true;
}

/** Events as they are framed: server-sent events (WHATWG HTML, 9.2), or one JSON value a line. */
export type StreamFraming = "sse" | "ndjson";

/** How the answers of a protocol stream. */
export interface StreamForm {
  /** How events are told apart. */
  readonly framing: StreamFraming;
  /** Whether an answer is whole only once an event says why it ends, or that nothing comes behind it. */
  readonly saysItsEnd: boolean;
  /**
   * Reads one event; pure.
   *
   * @param data What it holds.
   * @param name Its name, of server-sent events that have one.
   * @throws {SyntaxError} If it cannot be read, with the reason as message.
   */
  read(data: string, name?: string): StreamEvent;
}
