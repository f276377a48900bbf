import type { SampleRow } from "../../core/sample.ts";
import { TOKEN_SOURCES } from "../../core/stream/stream_row.ts";
import { KEPT_SAMPLES } from "./sample_store.ts";

/** Most characters that are kept of one run: what comes after is not counted. */
const MOST_CHARACTERS = 2 ** 26;
/** So many answers whose tokens the server counts are kept besides, to be held against its counts. */
const COMPARED = 256;
const CHUNKS = TOKEN_SOURCES.indexOf("chunks");

/** What the answers of a run wrote, until it is over and they are counted. */
export class AnswerTexts {
  /** The texts by the place of their sample. */
  readonly all: Map<number, string> = new Map();
  #characters = 0;
  #compared = 0;

  /**
   * Keeps what an answer wrote, if that is to be counted.
   *
   * @param i Place of its sample.
   * @param row The sample.
   */
  add(i: number, { text = "", result, stream = null }: SampleRow): void {
    if (text === "" || result !== "success" || stream === null || i >= KEPT_SAMPLES) return;
    if (stream.tokenSource !== CHUNKS && this.#compared++ >= COMPARED) return;
    this.#characters += text.length;
    if (this.#characters <= MOST_CHARACTERS) this.all.set(i, text);
  }
}
