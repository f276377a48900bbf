import stringWidth from "string-width";
import { alignColumns, wrap } from "./align.ts";
import { bar } from "./bar.ts";
import type { Block, Column, Item, Row, Tone } from "../sections/block.ts";
import type { Glyphs } from "./glyphs.ts";

/** What a page looks like. */
export interface PageStyle {
  /** Signs. */
  readonly glyphs: Glyphs;
  /** Whether ANSI colours are used. */
  readonly color: boolean;
  /** Width in terminal cells. */
  readonly width: number;
}

const LONGEST_BAR = 24;
const SHORTEST_BAR = 6;
const STAR_CELLS = 2;

type Paint = (text: string, code: keyof typeof ANSI) => string;
const ANSI = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
const TONES: Readonly<Record<Tone, keyof typeof ANSI | null>> = {
  good: "green",
  warning: "yellow",
  critical: "red",
  plain: null,
};

/**
 * Blocks as lines of text.
 *
 * @param blocks What to show; a blank line goes before each heading and subheading.
 * @param style What the page looks like.
 */
export function renderBlocks(blocks: readonly Block[], style: PageStyle): string[] {
  const paint: Paint = (text, code) => style.color && text !== "" ? `\x1b[${ANSI[code]}m${text}\x1b[0m` : text;
  return blocks.flatMap((block, index) => {
    const lines = renderBlock(block, style, paint);
    const isApart = block.kind === "heading" || block.kind === "subheading" || block.kind === "legend";
    const follows = blocks[index - 1]?.kind;
    return isApart && follows !== undefined && follows !== "heading" ? ["", ...lines] : lines;
  });
}

function renderBlock(block: Block, style: PageStyle, paint: Paint): string[] {
  const toned = (lines: string[], tone: Tone) => {
    const code = TONES[tone];
    return code === null ? lines : lines.map((line) => paint(line, code));
  };
  const spell = (text: string) => printable(text, style.glyphs);
  switch (block.kind) {
    case "heading": {
      const title = style.glyphs.emoji(block.emoji) + block.title;
      return [paint(title, "bold"), "=".repeat(stringWidth(title))];
    }
    case "subheading":
      return [paint((block.emoji === null ? "" : style.glyphs.emoji(block.emoji)) + block.title, "bold")];
    case "paragraph":
      return toned(wrap(spell(block.text), style.width), block.tone);
    case "legend":
      return wrap(spell(block.text), style.width).map((line) => paint(line, "dim"));
    case "list":
      return block.items.flatMap((item) => toned(renderItem(item, block.indent, style), item.tone));
    case "table":
      return renderTable(block.columns, block.rows, style, paint);
  }
}

/** Words of a server may hold anything, escapes that take over the terminal included. */
function printable(text: string, glyphs: Glyphs): string {
  return glyphs.spell(text.replace(/\p{C}+/gu, " "));
}

function renderItem(item: Item, indent: number, { glyphs, width }: PageStyle): string[] {
  const first = `${" ".repeat(indent)}${glyphs.bullet} `;
  const text = (item.tone === "good" ? glyphs.good : "") + printable(item.text, glyphs);
  const hanging = " ".repeat(first.length);
  return wrap(text, width - first.length).map((line, index) => (index === 0 ? first : hanging) + line);
}

function renderTable(columns: readonly Column[], rows: readonly Row[], style: PageStyle, paint: Paint): string[] {
  const widest = (barCells: number, kept: readonly boolean[]) =>
    Math.max(0, ...layOut(columns, rows, style.glyphs, barCells, kept).map((line) => stringWidth(line)));
  const kept = columns.map(() => true);
  while (widest(SHORTEST_BAR, kept) > style.width) {
    const dropped = columns.findLastIndex((column, index) => column.isOptional && kept[index]);
    if (dropped < 0) break;
    kept[dropped] = false;
  }
  const room = style.width - widest(SHORTEST_BAR, kept) + SHORTEST_BAR;
  const barCells = room < SHORTEST_BAR ? 0 : Math.min(LONGEST_BAR, room);
  return layOut(columns, rows, style.glyphs, barCells, kept)
    .map((line, index) => rows[index]!.isBest ? paint(line, "bold") : line);
}

/** A cell that says what it is, since there is no line of headings. */
function inWords(cell: string, { before, after }: Column): string {
  return cell === "" ? "" : before + cell + after;
}

function layOut(
  columns: readonly Column[],
  rows: readonly Row[],
  glyphs: Glyphs,
  barCells: number,
  kept: readonly boolean[],
): string[] {
  const keep = <T>(cells: readonly T[]) => cells.filter((_, index) => kept[index]);
  const lines = rows.map((row) => [
    row.isBest ? glyphs.star : " ".repeat(STAR_CELLS),
    ...keep(row.cells.map((cell, index) => inWords(cell, columns[index]!))),
    row.barShare === null ? "" : bar(row.barShare, barCells, glyphs.bar),
    row.n === null ? "" : `n ${row.n}`,
    row.converged === null ? "" : row.converged ? glyphs.converged : glyphs.notConverged,
    row.note,
  ]);
  const alignments = keep(columns).map(({ alignment }) => alignment);
  return alignColumns(lines, ["left", ...alignments, "left", "right", "left", "left"]);
}
