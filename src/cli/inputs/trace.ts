import { UsageError } from "../../core/errors.ts";

/**
 * Reads the moments of recorded requests.
 *
 * @param path A text file: seconds since any begin, one a line, ascending. Blank lines and those after `#` are passed over.
 * @returns Moments, ms.
 * @throws {UsageError} If the file cannot be read, is empty, or holds something else.
 */
export async function readTrace(path: string): Promise<number[]> {
  const refuse = (required: string, found: string, cause?: unknown) =>
    new UsageError(`Cannot read the trace "${path}" as ${required}: ${found}`, { cause });
  const text = await Deno.readTextFile(path).catch((error) => {
    throw refuse("it must be a readable file", error instanceof Deno.errors.NotFound ? "there is none" : error.message);
  });
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
