import { capitalized, joined, plainText, say, type Words } from "../../words/inline.ts";
import type { Block, Fact, Tone } from "../sections/block.ts";
import { codeMarkdown, inlineMarkdown, lineMarkdown } from "./inline_markdown.ts";
import { tableMarkdown } from "./table_markdown.ts";

const TONES: Readonly<Record<Tone, string>> = { good: "✅ ", warning: "⚠️ ", critical: "❌ ", plain: "" };

/**
 * Blocks as GitHub's Markdown, an empty line between two of them.
 *
 * @param blocks What to show.
 * @returns Text that ends with a line end; empty without blocks.
 */
export function blocksMarkdown(blocks: readonly Block[]): string {
  return blocks.map(blockMarkdown).filter((text) => text !== "").map((text) => `${text}\n`).join("\n");
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading": {
      const { level, emoji, title, value } = block;
      const result = value.length === 0 ? "" : say`: ${value}`;
      return `${"#".repeat(level)} ${emoji === null ? "" : `${emoji} `}${inlineMarkdown(joined([title, result]))}`;
    }
    case "paragraph":
      return toned(block.tone, block.text);
    case "legend":
      return `<sub>${inlineMarkdown(block.text)}</sub>`;
    case "list":
      return block.items.map(({ text, tone }) => `- ${toned(tone, text)}`).join("\n");
    case "facts":
      return block.facts.map((fact) => (block.isAnswer ? "" : "- ") + factMarkdown(fact)).join(
        block.isAnswer ? "\n\n" : "\n",
      );
    case "table": {
      const caption = block.caption === "" ? "" : `${lineMarkdown(capitalized(block.caption))}\n\n`;
      return caption + tableMarkdown(block.columns, block.rows);
    }
  }
}

function toned(tone: Tone, text: Words): string {
  return TONES[tone] + lineMarkdown(text);
}

function factMarkdown({ id, label, isVerbatim = false, value, tone }: Fact): string {
  const shown = id === "command" ? codeMarkdown(plainText(value)) : inlineMarkdown(value);
  if (label === null) return TONES[tone] + lineMarkdown(capitalized(value));
  return `${TONES[tone]}**${inlineMarkdown(isVerbatim ? label : capitalized(label))}:** ${shown}`;
}
