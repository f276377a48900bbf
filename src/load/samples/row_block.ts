import { FAILURE_REASONS } from "../../core/outcome.ts";
import type { SampleRow } from "../../core/sample.ts";
import { STREAM_NUMBERS } from "../../core/stream/stream_row.ts";
import { readStream, writeStream } from "../../core/stream/stream_table.ts";

/** What may become of an attempt; a block holds its place. */
export const OUTCOMES: readonly SampleRow["result"][] = ["success", "cancelled", ...FAILURE_REASONS];

/** The numbers of a row, in the order in which a block holds them. */
export const NUMBERS = [
  "scheduledAt",
  "sentAt",
  "writtenAt",
  "firstByteAt",
  "endedAt",
  "serverMs",
  "judgingMs",
] as const satisfies readonly (keyof SampleRow)[];

/** Rows that travel between threads. */
export interface RowBlock {
  /** Number of rows. */
  readonly rows: number;
  /** The numbers, row by row. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Place of each row's outcome in {@linkcode OUTCOMES}. */
  readonly outcomes: Uint8Array<ArrayBuffer>;
  /** The numbers of streamed answers, row by row; `null` where none of the rows has any. */
  readonly streams: Float64Array<ArrayBuffer> | null;
  /** What was written, row by row; left out where that is not kept. */
  readonly texts?: readonly string[];
}

/** Fills blocks. */
export class RowWriter {
  /** Rows of the block so far. */
  rows: number = 0;
  readonly #most: number;
  #numbers;
  #outcomes;
  #streams: Float64Array<ArrayBuffer> | null = null;
  #texts: string[] = [];
  readonly #keepsTexts: boolean;

  /**
   * @param most Rows of a full block.
   * @param keepsTexts Whether blocks hold what was written, where rows do.
   */
  constructor(most: number, keepsTexts = false) {
    this.#most = most;
    this.#keepsTexts = keepsTexts;
    this.#numbers = new Float64Array(most * NUMBERS.length);
    this.#outcomes = new Uint8Array(most);
  }

  /**
   * Adds a row to the block, which must not be full.
   *
   * @param row What is copied.
   * @returns Whether the block is full now.
   */
  add(row: SampleRow): boolean {
    const at = this.rows * NUMBERS.length;
    for (let k = 0; k < NUMBERS.length; k++) this.#numbers[at + k] = row[NUMBERS[k]!];
    this.#outcomes[this.rows] = OUTCOMES.indexOf(row.result);
    const { stream = null } = row;
    if (stream !== null) {
      this.#streams ??= new Float64Array(this.#most * STREAM_NUMBERS.length).fill(NaN);
      writeStream(this.#streams, this.rows, stream);
    }
    if (this.#keepsTexts) this.#texts.push(row.text ?? "");
    return ++this.rows === this.#most;
  }

  /** The block so far; another one begins. */
  take(): RowBlock {
    const texts = this.#texts.some((text) => text !== "") ? { texts: this.#texts } : {};
    const block = {
      rows: this.rows,
      numbers: this.#numbers,
      outcomes: this.#outcomes,
      streams: this.#streams,
      ...texts,
    };
    this.#texts = [];
    this.rows = 0;
    this.#streams = null;
    this.#numbers = new Float64Array(this.#most * NUMBERS.length);
    this.#outcomes = new Uint8Array(this.#most);
    return block;
  }
}

/**
 * What `postMessage` may hand over of a block instead of copying it.
 *
 * @param block The block.
 */
export function transferOf({ numbers, outcomes, streams }: RowBlock): ArrayBuffer[] {
  return [numbers.buffer, outcomes.buffer, ...streams === null ? [] : [streams.buffer]];
}

/**
 * One row of a block.
 *
 * @param block The block.
 * @param i Which.
 */
export function rowAt({ numbers, outcomes, streams, texts }: RowBlock, i: number): SampleRow {
  const at = i * NUMBERS.length;
  return {
    scheduledAt: numbers[at]!,
    sentAt: numbers[at + 1]!,
    writtenAt: numbers[at + 2]!,
    firstByteAt: numbers[at + 3]!,
    endedAt: numbers[at + 4]!,
    serverMs: numbers[at + 5]!,
    judgingMs: numbers[at + 6]!,
    result: OUTCOMES[outcomes[i]!]!,
    ...streams === null ? {} : { stream: readStream(streams, i) },
    ...texts === undefined ? {} : { text: texts[i]! },
  };
}
