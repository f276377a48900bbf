import { wrap } from "../../report/text/align.ts";

/** Fewest columns in which the right one of two is read with ease. */
const NARROWEST = 24;
/** How far in a line goes on where there is no column for it. */
const STEP = 4;

/**
 * A page that was laid out for 80 columns, for a terminal that is narrower: what stands in a right column stays there, and is
 * filled anew, as indented paragraphs are; commands go on further in. Pages that fit stay as they are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const page = "Options\n  --seed N     Seed of everything that is\n               random [default: 1]\n";
 * assertEquals(fittedPage(page, 80), page);
 * assertEquals(
 *   fittedPage(page, 39),
 *   "Options\n  --seed N     Seed of everything that\n               is random [default: 1]\n",
 * );
 * ```
 *
 * @param page Lines; two blanks stand between a left and a right column.
 * @param columns How wide the terminal is; `undefined` where there is none.
 */
export function fittedPage(page: string, columns = Infinity): string {
  if (page.split("\n").every((line) => line.length <= columns)) return page;
  return joinedRows(page.split("\n")).flatMap((line) => fittedLine(line, columns)).join("\n");
}

/** Lines of a right column, and of an indented paragraph, as parts of the line that they go on with. */
function joinedRows(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let column: number | null = null;
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (column !== null && indent === column && !isCommand(line)) joined[joined.length - 1] += ` ${line.trim()}`;
    else {
      joined.push(line);
      column = columnOf(line);
      if (column === null && indent > 0 && !isCommand(line)) column = indent;
    }
  }
  return joined;
}

const isCommand = (line: string) => /^ *(?:deno|npx|curl) /.test(line);

/** Where the right one of two columns begins; `null` where there is one column. */
function columnOf(line: string): number | null {
  const left = /^ *\S.*? {2,}(?=\S)/.exec(line)?.[0];
  return left === undefined ? null : left.length;
}

function fittedLine(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const own = Math.max(0, line.search(/\S/)), column = columnOf(line);
  if (column === null) {
    const hanging = isCommand(line) ? own + STEP : own;
    const [first = "", ...others] = wrap(line.trim(), columns - hanging);
    return [" ".repeat(own) + first, ...others.map((part) => " ".repeat(hanging) + part)];
  }
  const left = line.slice(0, column), right = line.slice(column);
  if (columns - column >= NARROWEST) {
    return wrap(right, columns - column).map((part, i) => (i === 0 ? left : " ".repeat(column)) + part);
  }
  return [
    ...fittedLine(left.trimEnd(), columns),
    ...wrap(right, columns - 2 * STEP).map((part) => " ".repeat(2 * STEP) + part),
  ];
}
