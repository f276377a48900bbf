import stringWidth from "string-width";
import { plainText } from "../../words/inline.ts";
import type { Column, Row } from "../sections/block.ts";
import { alignColumns, pad } from "./align.ts";
import { bar } from "./bar.ts";
import type { Glyphs } from "./glyphs.ts";
import type { Paint } from "./paint.ts";
import { printable } from "./printable.ts";

const LONGEST_BAR = 24;
const SHORTEST_BAR = 6;
const STAR_CELLS = 2;

/** What of a table is shown. */
interface Layout {
  /** Whether each column is. */
  readonly kept: readonly boolean[];
  /** Length of the longest bar, terminal cells. */
  readonly barCells: number;
  /** Whether remarks stand in their rows; else below them. */
  readonly hasNotes: boolean;
}

/**
 * A table as lines. Its columns have no headings: each cell says what it is. Where the page is too narrow, optional columns go,
 * by their rank and the last first, then the bars, and then remarks stand below their rows.
 *
 * @param columns What its cells are.
 * @param rows Its rows.
 * @param page Signs and width of the page.
 * @param paint How the best row is marked.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly Row[],
  { glyphs, width }: { readonly glyphs: Glyphs; readonly width: number },
  paint: Paint,
): string[] {
  const linesOf = (layout: Layout) => layOut(columns, rows, glyphs, layout);
  const widest = (layout: Layout) => Math.max(0, ...linesOf(layout).map((line) => stringWidth(line)));
  const kept = columns.map(() => true);
  while (widest({ kept, barCells: SHORTEST_BAR, hasNotes: true }) > width) {
    const dropped = firstToGo(columns, kept);
    if (dropped < 0) break;
    kept[dropped] = false;
  }
  const hasNotes = widest({ kept, barCells: 0, hasNotes: true }) <= width;
  const room = width - widest({ kept, barCells: SHORTEST_BAR, hasNotes }) + SHORTEST_BAR;
  const barCells = room < SHORTEST_BAR ? 0 : Math.min(LONGEST_BAR, room);
  return linesOf({ kept, barCells, hasNotes }).flatMap((line, index) => {
    const { isBest, note } = rows[index]!;
    const painted = isBest ? paint(line, "bold") : line;
    return hasNotes || note === "" ? [painted] : [painted, NOTE_INDENT + printable(note, glyphs)];
  });
}

/** The optional column that is left out next, -1 where there is none. */
function firstToGo(columns: readonly Column[], kept: readonly boolean[]): number {
  const rankOf = ({ isOptional, goesFirst = 0 }: Column, index: number) => isOptional && kept[index] ? goesFirst : -1;
  const ranks = columns.map(rankOf), highest = Math.max(...ranks);
  return highest < 0 ? -1 : ranks.lastIndexOf(highest);
}

const NOTE_INDENT = " ".repeat(STAR_CELLS + 4);

function layOut(
  columns: readonly Column[],
  rows: readonly Row[],
  glyphs: Glyphs,
  { kept, barCells, hasNotes }: Layout,
): string[] {
  const keep = <T>(cells: readonly T[]) => cells.filter((_, index) => kept[index]);
  const texts = columns.map((column, index) =>
    inWords(rows.map(({ cells }) => printable(plainText(cells[index] ?? [], glyphs.signs), glyphs)), column)
  );
  const lines = rows.map((row, line) => [
    row.isBest ? glyphs.signs.best : " ".repeat(STAR_CELLS),
    ...keep(texts.map((column) => column[line]!)),
    row.barShare === null ? "" : bar(row.barShare, barCells, glyphs.bar),
    row.n === null ? "" : `n ${row.n}`,
    row.converged === null ? "" : row.converged ? glyphs.signs.precise : glyphs.signs.imprecise,
    hasNotes ? printable(row.note, glyphs) : "",
  ]);
  const alignments = keep(columns).map(({ alignment }) => alignment);
  return alignColumns(lines, ["left", ...alignments, "left", "right", "left", "left"]);
}

/** The cells of one column, each with the words that say what it is, since there is no line of headings. */
function inWords(cells: readonly string[], { before, after, alignment, isAlignedInside }: Column): string[] {
  const width = isAlignedInside ? Math.max(...cells.map((cell) => stringWidth(cell))) : 0;
  return cells.map((cell) => cell === "" ? "" : before + pad(cell, width, alignment) + after);
}
