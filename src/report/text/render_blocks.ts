import stringWidth from "string-width";
import { type Inline, joined, plainText, quantity, say, type Words } from "../../words/inline.ts";
import type { Block, Tone } from "../sections/block.ts";
import { wrap } from "./align.ts";
import type { Glyphs } from "./glyphs.ts";
import { type Paint, painter, toned } from "./paint.ts";
import { printable } from "./printable.ts";
import { renderTable } from "./render_table.ts";

/** What a page looks like. */
export interface PageStyle {
  /** Signs. */
  readonly glyphs: Glyphs;
  /** Whether ANSI colours are used. */
  readonly color: boolean;
  /** Width in terminal cells. */
  readonly width: number;
}

/**
 * Blocks as lines of text.
 *
 * @param blocks What to show; a blank line goes before each heading and legend.
 * @param style What the page looks like.
 */
export function renderBlocks(blocks: readonly Block[], style: PageStyle): string[] {
  const paint = painter(style.color);
  return blocks.flatMap((block, index) => {
    const lines = renderBlock(block, style, paint);
    const before = blocks[index - 1];
    const isApart = block.kind === "heading" || block.kind === "legend" || (block.kind === "facts" && block.isAnswer);
    return isApart && before !== undefined && !isRuled(before) ? ["", ...lines] : lines;
  });
}

/** Whether a block is a title with a rule under it, which keeps it apart from what follows. */
const isRuled = (block: Block) => block.kind === "heading" && block.level <= 2;

function renderBlock(block: Block, style: PageStyle, paint: Paint): string[] {
  const { glyphs, width } = style;
  const inTone = (lines: string[], tone: Tone) => lines.map((line) => toned(line, tone, paint));
  switch (block.kind) {
    case "heading":
      return renderHeading(block, style, paint);
    case "paragraph":
      return inTone(wrap(spelled(block.text, glyphs), width), block.tone);
    case "legend":
      return wrap(spelled(block.text, glyphs), width).map((line) => paint(line, "dim"));
    case "list":
      return block.items.flatMap(({ text, tone }) => inTone(renderItem(text, tone, block.indent, style), tone));
    case "facts":
      return block.facts.flatMap(({ label, value, tone }) => {
        const text = label === null ? value : say`${label}: ${value}`;
        const lines = block.isAnswer ? wrap(spelled(text, glyphs), width) : renderItem(text, tone, block.indent, style);
        return inTone(lines, tone);
      });
    case "table": {
      const caption = block.caption === "" ? [] : renderItem(block.caption, "plain", 0, style);
      return [...caption, ...renderTable(block.columns, block.rows, style, paint)];
    }
  }
}

/** Titles of sections shout and have a rule under them; those inside a section end with a colon. */
function renderHeading(
  { level, emoji, title, value, tone = "plain" }: Extract<Block, { kind: "heading" }>,
  { glyphs, width }: PageStyle,
  paint: Paint,
): string[] {
  const words = level === 2 || level === 3 ? title.toUpperCase() : title;
  const result = plainText(value, glyphs.signs);
  const shown = level === 2 ? result.toUpperCase() : result;
  const colon = level > 2 || shown !== "" ? ":" : "";
  const text = printable(words + colon + (shown === "" ? "" : ` ${shown}`), glyphs);
  // An emoji is a sign, whatever characters the page may show else.
  const lines = wrap(joined([emoji === null ? "" : glyphs.emoji(emoji), text]), width);
  const painted = lines.map((line) => toned(paint(line, "bold"), tone, paint));
  return level <= 2 ? [...painted, "=".repeat(Math.max(...lines.map((line) => stringWidth(line))))] : painted;
}

/** A sentence in the glyphs of the page. */
function spelled(text: Words, glyphs: Glyphs): Inline {
  return joined(
    joined([text]).map((span) =>
      span.kind === "sign" ? quantity(glyphs.signs[span.sign]) : { kind: span.kind, text: printable(span.text, glyphs) }
    ),
  );
}

function renderItem(text: Words, tone: Tone, indent: number, { glyphs, width }: PageStyle): string[] {
  const first = `${" ".repeat(indent)}${glyphs.bullet} `;
  const whole = joined([tone === "good" ? glyphs.good : "", spelled(text, glyphs)]);
  const hanging = " ".repeat(first.length);
  return wrap(whole, width - first.length).map((line, index) => (index === 0 ? first : hanging) + line);
}
