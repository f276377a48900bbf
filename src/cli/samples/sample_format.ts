import { FAILURE_REASONS } from "../../core/outcome.ts";
import type { SampleRow } from "../../core/sample.ts";

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

/** What may stand in the last column. */
export const OUTCOMES: readonly SampleRow["result"][] = ["success", "cancelled", ...FAILURE_REASONS];

/** The numbers of a row, in the order of their columns. */
export const NUMBERS = [
  "scheduledAt",
  "sentAt",
  "writtenAt",
  "firstByteAt",
  "endedAt",
  "serverMs",
  "judgingMs",
] as const satisfies readonly (keyof SampleRow)[];

/** Lines that hold more than rows do: `# visit {...}`. */
export type RecordName = "run" | "load" | "visit" | "report";

/** Rows of one visit, as they travel to the thread that writes them. */
export interface RowBlock {
  /** What stands before the numbers of each row. */
  readonly prefix: string;
  /** Number of rows. */
  readonly rows: number;
  /** The numbers, row by row. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Place of each row's outcome in {@linkcode OUTCOMES}. */
  readonly outcomes: Uint8Array<ArrayBuffer>;
}

/**
 * Rows as lines.
 *
 * @param block The rows.
 */
export function linesOf({ prefix, rows, numbers, outcomes }: RowBlock): string {
  let lines = "";
  for (let i = 0; i < rows; i++) {
    lines += prefix;
    for (let k = i * NUMBERS.length; k < (i + 1) * NUMBERS.length; k++) {
      lines += Number.isNaN(numbers[k]) ? "," : `,${numbers[k]}`;
    }
    lines += `,${OUTCOMES[outcomes[i]!]}\n`;
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
