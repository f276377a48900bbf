import { UsageError } from "../../core/errors.ts";
import { readFile, type Refuse, textOf } from "./read_file.ts";

/** More moments than fit into it are no load of one run. */
const MOST_BYTES = 2 ** 28;

/**
 * Reads the moments of recorded requests.
 *
 * @param path A text file: seconds since any begin, one a line, ascending. Blank lines and those after `#` are passed over.
 * @returns Moments, ms.
 * @throws {UsageError} If the file cannot be read, is empty, or holds something else.
 */
export async function readTrace(path: string): Promise<number[]> {
  const refuse: Refuse = (required, found) =>
    new UsageError(`Cannot read the trace "${path}" as ${required}: ${found}`);
  const text = textOf(await readFile(path, MOST_BYTES, refuse), refuse);
  const lines = text.split(/\r?\n/).map((line, i) => ({ text: line.replace(/#.*/, "").trim(), number: i + 1 }))
    .filter((line) => line.text !== "");
  if (lines.length === 0) throw refuse("it must hold at least one moment", "it is empty");
  let before = -Infinity;
  return lines.map(({ text: line, number }) => {
    const seconds = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(line) ? Number(line) : NaN;
    if (Number.isNaN(seconds)) throw refuse("each line must be a number of seconds", `line ${number} is "${line}"`);
    if (seconds < before) throw refuse("moments must be ascending", `line ${number} is before the one above it`);
    before = seconds;
    return seconds * 1000;
  });
}
