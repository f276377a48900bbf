import { STREAM_NUMBERS, type StreamNumber, type StreamRow } from "./stream_row.ts";

/** Streamed answers in numbers, one behind the other; they grow by doubling, so that recording one allocates nothing. */
export class StreamTable {
  #numbers = new Float64Array(256 * STREAM_NUMBERS.length);

  /**
   * Records an answer.
   *
   * @param i Its place.
   * @param row What is copied; `null` says that there was no streamed answer.
   */
  set(i: number, row: StreamRow | null): void {
    const at = i * STREAM_NUMBERS.length;
    while (at + STREAM_NUMBERS.length > this.#numbers.length) {
      const wider = new Float64Array(2 * this.#numbers.length);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    if (row === null) this.#numbers.fill(NaN, at, at + STREAM_NUMBERS.length);
    else writeStream(this.#numbers, i, row);
  }

  /**
   * One number of an answer.
   *
   * @param i Its place.
   * @param name Which number.
   */
  get(i: number, name: StreamNumber): number {
    return this.#numbers[i * STREAM_NUMBERS.length + STREAM_NUMBERS.indexOf(name)]!;
  }

  /**
   * Changes one number of an answer.
   *
   * @param i Its place.
   * @param name Which number.
   * @param value What it is from now on.
   */
  change(i: number, name: StreamNumber, value: number): void {
    this.#numbers[i * STREAM_NUMBERS.length + STREAM_NUMBERS.indexOf(name)] = value;
  }

  /** An answer; `null` where there was none. */
  row(i: number): StreamRow | null {
    return readStream(this.#numbers, i);
  }
}

/**
 * Writes an answer into a column of them.
 *
 * @param numbers The column.
 * @param i Its place.
 * @param row The answer.
 */
export function writeStream(numbers: Float64Array, i: number, row: StreamRow): void {
  const at = i * STREAM_NUMBERS.length;
  for (let k = 0; k < STREAM_NUMBERS.length; k++) numbers[at + k] = row[STREAM_NUMBERS[k]!];
}

/**
 * Reads an answer from a column of them.
 *
 * @param numbers The column.
 * @param i Its place.
 * @returns `null` where there was none.
 */
export function readStream(numbers: Float64Array, i: number): StreamRow | null {
  const at = i * STREAM_NUMBERS.length;
  // What was streamed has a number of chunks, if only 0.
  if (Number.isNaN(numbers[at + STREAM_NUMBERS.indexOf("chunks")]!)) return null;
  return Object.fromEntries(STREAM_NUMBERS.map((name, k) => [name, numbers[at + k]!])) as StreamRow;
}
