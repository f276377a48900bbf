import { STREAM_NUMBERS } from "../../core/stream/stream_row.ts";
import type { ResultKind } from "../../results/kinds.ts";
import { NUMBERS, OUTCOMES, type RowBlock } from "../../load/samples/row_block.ts";

/** How a file of samples begins. */
export const FIRST_LINE = "# torchgauge samples, version 1";

/** Its columns; those of moments are ms since the run of the visit began, and empty where that is not known. */
export const COLUMNS = [
  "test",
  "load",
  "visit",
  "scheduled_ms",
  "sent_ms",
  "written_ms",
  "first_byte_ms",
  "ended_ms",
  "server_ms",
  "judging_ms",
  "outcome",
] as const;

/** Columns behind these where answers are streamed, in the order of {@linkcode STREAM_NUMBERS}. */
export const STREAM_COLUMNS: readonly string[] = STREAM_NUMBERS.map((name) =>
  name.replace(/At$/, "Ms").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
);

/** Whether a visit counts; the last that is said of it holds. Files of before do not say it. */
export interface CountsRecord {
  readonly by: ResultKind;
  readonly atMs: number;
  readonly counts: boolean;
}

/**
 * The line that names the columns.
 *
 * @param streams Whether answers are streamed.
 */
export function columnsLine(streams: boolean): string {
  return [...COLUMNS, ...streams ? STREAM_COLUMNS : []].join(",");
}

/** Lines that hold more than rows do: `# visit {...}`. */
export type RecordName = "run" | "load" | "visit" | "counts" | "report";

/**
 * Rows as lines.
 *
 * @param prefix What stands before the numbers of each.
 * @param block The rows.
 * @param withStreams Whether the columns of streamed answers follow.
 */
export function linesOf(prefix: string, { rows, numbers, outcomes, streams }: RowBlock, withStreams: boolean): string {
  let lines = "";
  for (let i = 0; i < rows; i++) {
    lines += prefix;
    for (let k = i * NUMBERS.length; k < (i + 1) * NUMBERS.length; k++) {
      lines += Number.isNaN(numbers[k]) ? "," : `,${numbers[k]}`;
    }
    lines += `,${OUTCOMES[outcomes[i]!]}`;
    for (let k = 0; withStreams && k < STREAM_NUMBERS.length; k++) {
      const number = streams?.[i * STREAM_NUMBERS.length + k] ?? NaN;
      lines += Number.isNaN(number) ? "," : `,${number}`;
    }
    lines += "\n";
  }
  return lines;
}

/**
 * A line that holds more than rows do.
 *
 * @param name What it holds.
 * @param value Plain data.
 */
export function recordLine(name: RecordName, value: unknown): string {
  return `# ${name} ${JSON.stringify(value)}\n`;
}
