import stringWidth from "string-width";
import { plainText } from "../../words/inline.ts";
import type { Alignment, Column, Row } from "../sections/block.ts";
import { alignColumns, alignWithin, pad, wrap } from "./align.ts";
import { bar } from "./bar.ts";
import type { Glyphs } from "./glyphs.ts";
import { type Paint, toned } from "./paint.ts";
import { printable } from "./printable.ts";

const LONGEST_BAR = 24;
const SHORTEST_BAR = 6;
const STAR_CELLS = 2;

/** How far in a line begins that goes on with a row, terminal cells. */
const INDENT = STAR_CELLS + 4;

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
 * A table as lines. Its columns have no headings: each cell says what it is. Where the page is too narrow, first the bars go,
 * then remarks stand below their rows, then optional columns go, by their rank and the last first, and at last rows go on on further lines.
 *
 * @param columns What its cells are.
 * @param rows Its rows.
 * @param page Signs and width of the page.
 * @param paint How the best row, signs and tones are marked.
 * @returns Lines no wider than the page.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly Row[],
  { glyphs, width }: { readonly glyphs: Glyphs; readonly width: number },
  paint: Paint,
): string[] {
  const cellsOf = (layout: Layout) => layOut(columns, rows, glyphs, layout);
  const widest = (layout: Layout) => {
    const { lines, alignments } = cellsOf(layout);
    return Math.max(0, ...alignColumns(lines, alignments).map((line) => stringWidth(line)));
  };
  const kept = columns.map(() => true);
  const hasNotes = widest({ kept, barCells: 0, hasNotes: true }) <= width;
  while (widest({ kept, barCells: 0, hasNotes }) > width) {
    const dropped = firstToGo(columns, kept);
    if (dropped < 0) break;
    kept[dropped] = false;
  }
  const room = width - widest({ kept, barCells: SHORTEST_BAR, hasNotes }) + SHORTEST_BAR;
  const barCells = room < SHORTEST_BAR || kept.includes(false) ? 0 : Math.min(LONGEST_BAR, room);
  const { lines, alignments } = cellsOf({ kept, barCells, hasNotes });
  const painted = lines.map((cells, index) => cells.map((cell) => paintedSign(cell, rows[index]!, glyphs, paint)));
  return alignWithin(painted, alignments, { cells: width, indent: INDENT }).flatMap((rowLines, index) => {
    const { isBest, note, tone = "plain" } = rows[index]!;
    const below = hasNotes || note === "" ? [] : wrap(printable(note, glyphs), width - INDENT);
    return [...rowLines, ...below.map((line) => " ".repeat(INDENT) + line)]
      .map((line) => toned(isBest ? paint(line, "bold") : line, tone, paint));
  });
}

function paintedSign(cell: string, { converged }: Row, { signs }: Glyphs, paint: Paint): string {
  if (converged === null || cell !== (converged ? signs.precise : signs.imprecise)) return cell;
  return paint(cell, converged ? "green" : "yellow");
}
/** The optional column that is left out next, -1 where there is none. */
function firstToGo(columns: readonly Column[], kept: readonly boolean[]): number {
  const rankOf = ({ isOptional, goesFirst = 0 }: Column, index: number) => isOptional && kept[index] ? goesFirst : -1;
  const ranks = columns.map(rankOf), highest = Math.max(...ranks);
  return highest < 0 ? -1 : ranks.lastIndexOf(highest);
}

function layOut(
  columns: readonly Column[],
  rows: readonly Row[],
  glyphs: Glyphs,
  { kept, barCells, hasNotes }: Layout,
): { readonly lines: readonly (readonly string[])[]; readonly alignments: readonly Alignment[] } {
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
  return {
    lines,
    alignments: ["left", ...keep(columns).map(({ alignment }) => alignment), "left", "right", "left", "left"],
  };
}

/** The cells of one column, each with the words that say what it is, since there is no line of headings. */
function inWords(cells: readonly string[], { before, after, alignment, isAlignedInside }: Column): string[] {
  const width = isAlignedInside ? Math.max(...cells.map((cell) => stringWidth(cell))) : 0;
  return cells.map((cell) => cell === "" ? "" : before + pad(cell, width, alignment) + after);
}
