import { NUMBERS, OUTCOMES, type RowBlock } from "../../load/row_block.ts";

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

/** Lines that hold more than rows do: `# visit {...}`. */
export type RecordName = "run" | "load" | "visit" | "report";

/**
 * Rows as lines.
 *
 * @param prefix What stands before the numbers of each.
 * @param block The rows.
 */
export function linesOf(prefix: string, { rows, numbers, outcomes }: RowBlock): string {
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
