import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";

/** A streamed answer of which the rest is not known. */
export function streamRow(known: Partial<StreamRow>): StreamRow {
  return { ...Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow, chunks: 2, ...known };
}
