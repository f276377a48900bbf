import stringWidth from "string-width";
import type { Alignment } from "../sections/block.ts";
import { type Inline, joined, plainText, type Words } from "../../words/inline.ts";

/**
 * Text filled with spaces to a display width; emoji and other wide characters count two cells, escapes none.
 *
 * @param text What to fill.
 * @param cells Width in terminal cells.
 * @param alignment Where the text stands.
 */
export function pad(text: string, cells: number, alignment: Alignment): string {
  const fill = " ".repeat(Math.max(0, cells - stringWidth(text)));
  return alignment === "left" ? text + fill : fill + text;
}

/**
 * Rows of cells as lines with aligned columns, one space apart; columns that are empty in every row are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { alignColumns } from "./align.ts";
 *
 * const rows = [["⭐", "8", "", "fast"], ["", "16", "", "slow"]];
 * assertEquals(alignColumns(rows, ["left", "right", "left", "left"]), ["⭐  8 fast", "   16 slow"]);
 * ```
 *
 * @param rows Cells; every row has as many as there are alignments.
 * @param alignments One for each column.
 */
export function alignColumns(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  return alignWithin(rows, alignments, { cells: Infinity, indent: 0 }).map((lines) => lines.join(""));
}

/**
 * As {@linkcode alignColumns}, where a line may be no wider than the page: columns that have no room begin further lines of
 * their rows, aligned among themselves, and a cell that is wider than the page is broken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { alignWithin } from "./align.ts";
 *
 * const rows = [["one", "first of all"], ["three", "third"]];
 * assertEquals(alignWithin(rows, ["left", "left"], { cells: 15, indent: 2 }), [
 *   ["one", "  first of all"],
 *   ["three", "  third"],
 * ]);
 * ```
 *
 * @param rows Cells; every row has as many as there are alignments.
 * @param alignments One for each column.
 * @param page Width of the page, and how far in further lines begin, terminal cells.
 * @returns The lines of each row, one at least.
 */
export function alignWithin(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
  { cells, indent }: { readonly cells: number; readonly indent: number },
): string[][] {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => stringWidth(row[column] ?? ""))));
  const groups = packed(widths, cells, indent);
  return rows.map((row) => {
    const lines = groups.flatMap((columns, group) => {
      const line = columns.map((column) => pad(row[column] ?? "", widths[column]!, alignments[column]!))
        .join(" ").trimEnd();
      if (line.trim() === "" && group > 0) return [];
      const before = group === 0 ? "" : " ".repeat(indent);
      const room = cells - before.length;
      return stringWidth(line) <= room ? [before + line] : wrap(line, room).map((part) => before + part);
    });
    return lines.length === 0 ? [""] : lines;
  });
}

/** Columns that stand on one line together; those that are empty stand on none. */
function packed(widths: readonly number[], cells: number, indent: number): number[][] {
  const groups: number[][] = [[]];
  let used = 0;
  widths.forEach((width, column) => {
    if (width === 0) return;
    const group = groups.at(-1)!;
    const needed = used + (group.length === 0 ? 0 : 1) + width;
    if (group.length > 0 && needed > cells) {
      groups.push([column]);
      used = indent + width;
    } else {
      group.push(column);
      used = needed;
    }
  });
  return groups;
}

/**
 * Text broken at spaces into lines of at most some width, not inside a quantity or an interval. A longer word stands alone on
 * its line, broken where it must.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interval, say } from "../../words/inline.ts";
 * import { wrap } from "./align.ts";
 *
 * assertEquals(wrap(say`rate 8 ${interval("[7, 9]")}`, 10), ["rate 8", "[7, 9]"]);
 * ```
 *
 * @param text One paragraph, its signs written out.
 * @param cells Width in terminal cells, >= 1.
 */
export function wrap(text: Words, cells: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of unbreakable(joined([text])).flatMap((word) => chunks(word, cells))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (stringWidth(longer) <= cells) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** What stands between two spaces at which a line may end; a quantity is part of the word that it touches. */
function unbreakable(text: Inline): string[] {
  const words = [""];
  for (const span of text) {
    const [first = "", ...others] = span.kind === "text" ? span.text.split(/\s+/u) : [plainText([span])];
    words[words.length - 1] += first;
    words.push(...others);
  }
  return words.filter((word) => word !== "");
}

function chunks(word: string, cells: number): string[] {
  if (stringWidth(word) <= cells) return [word];
  const pieces = [""];
  for (const character of word) {
    if (stringWidth(pieces.at(-1)! + character) > cells) pieces.push("");
    pieces[pieces.length - 1] += character;
  }
  return pieces;
}
