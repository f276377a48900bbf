import type { StreamEvent } from "../../core/stream/stream_event.ts";
import { TOKEN_SOURCES, type TokenSource } from "../../core/stream/stream_row.ts";

/** Tokens of one answer, by the best that its server tells of them. */
export class TokenCounts {
  #ids = 0;
  #hasIds = false;
  #told = NaN;
  #thoughts = 0;
  #showsThoughts = false;
  /** Whether each chunk came with a count of its own. */
  #isContinuous = true;
  #chunks = 0;
  #firstChunks = 0;
  #first = NaN;
  /** Whether each chunk so far brought exactly one more token than was told before. */
  #eachIsOne = true;
  #refused = false;
  #promptTokens = NaN;
  #cachedTokens = NaN;
  #mostTokens = Infinity;

  /**
   * Another answer begins.
   *
   * @param mostTokens Most that it can have.
   */
  begin(mostTokens: number): void {
    this.#mostTokens = mostTokens;
    this.#ids = 0;
    this.#thoughts = 0;
    this.#hasIds = this.#showsThoughts = this.#refused = false;
    this.#isContinuous = this.#eachIsOne = true;
    this.#first =
      this.#told =
      this.#promptTokens =
      this.#cachedTokens =
        NaN;
    this.#chunks = this.#firstChunks = 0;
  }

  /**
   * Takes in an event; one that adds something is a chunk.
   *
   * @param event The event.
   * @param isFirst Whether it came no later than the first chunk.
   */
  add(event: StreamEvent, isFirst: boolean): void {
    if (event.promptTokens !== undefined) this.#promptTokens = this.#checked(event.promptTokens);
    if (event.cachedTokens !== undefined) this.#cachedTokens = this.#checked(event.cachedTokens);
    if (event.outputTokens !== undefined) {
      const told = this.#checked(event.outputTokens);
      // A count never falls.
      if (told < this.#told) this.#refused = true;
      this.#told = told;
    }
    if (event.thoughtTokens !== undefined) this.#thoughts = this.#checked(event.thoughtTokens);
    if (event.tokens !== undefined) {
      this.#hasIds = true;
      this.#ids += event.tokens;
    }
    if (event.adds === "nothing") return;
    if (event.adds === "reasoning") this.#showsThoughts = true;
    if (event.outputTokens === undefined) this.#isContinuous = false;
    const upTo = this.#hasIds ? this.#ids : event.outputTokens ?? NaN;
    this.#chunks++;
    if (isFirst) {
      this.#first = upTo;
      this.#firstChunks = this.#chunks;
    }
    if (upTo !== this.#chunks) this.#eachIsOne = false;
  }

  /** Whether the server's counts contradict each other, or what it was asked for. */
  get isRefused(): boolean {
    const told = this.#told, chunks = this.#chunks, mostTokens = this.#mostTokens;
    if (this.#refused || (told === 0 && chunks > 0)) return true;
    if (this.#hasIds) return !Number.isNaN(told) && told !== this.#ids;
    // A server that writes on for more chunks than tokens were asked for does not heed the limit.
    return told > mostTokens && chunks <= mostTokens;
  }

  /** What counts the tokens. */
  get source(): TokenSource {
    if (this.isRefused) return "chunks";
    if (this.#hasIds) return "ids";
    if (Number.isNaN(this.#told)) return "chunks";
    return this.#isContinuous ? "continuous" : "usage";
  }

  /** Place of the source in {@linkcode TOKEN_SOURCES}. */
  get sourceCode(): number {
    return TOKEN_SOURCES.indexOf(this.source);
  }

  /** Tokens of the answer; `NaN` where nothing counts them. */
  get total(): number {
    const { source } = this;
    return source === "chunks" ? NaN : source === "ids" ? this.#ids : this.#told;
  }

  /** Tokens of the prompt; `NaN` where that is not told. */
  get promptTokens(): number {
    return this.#promptTokens;
  }

  /** Those of them that the server had from before; `NaN` where that is not told. */
  get cachedTokens(): number {
    return this.#cachedTokens;
  }

  /** Chunks that came first. */
  get firstChunks(): number {
    return this.#firstChunks;
  }

  /**
   * Tokens that came first, and those of thoughts that were not shown, which came before them; chunks are taken to be of one
   * size where only their sum is told. `NaN` where nothing counts them.
   */
  get first(): number {
    const { source, total } = this, hidden = this.#hidden;
    if (source === "ids" || source === "continuous") return this.#first;
    return hidden + (total - hidden) * this.#firstChunks / this.#chunks;
  }

  /** Whether each chunk is known to be one token. */
  get areSingles(): boolean {
    const { source, total } = this;
    if (source === "chunks" || total - this.#hidden !== this.#chunks) return false;
    return source === "usage" || this.#eachIsOne;
  }

  /** Tokens of thoughts that came in no chunk. Where fewer others than chunks would be left, they stand among what was shown. */
  get #hidden(): number {
    return !this.#showsThoughts && this.total - this.#thoughts >= this.#chunks ? this.#thoughts : 0;
  }

  #checked(count: number): number {
    if (Number.isSafeInteger(count) && count >= 0) return count;
    this.#refused = true;
    return NaN;
  }
}
