import type { Alignment, Column, Row } from "../sections/block.ts";
import { inlineMarkdown } from "./inline_markdown.ts";

interface PageColumn {
  readonly heading: string;
  readonly alignment: Alignment;
  readonly cell: (row: Row) => string;
}

/**
 * A table as GitHub's Markdown; the best row has a star, and a column without content is left out.
 *
 * @param columns Columns of the block.
 * @param rows Its rows.
 * @returns Lines without the last end.
 */
export function tableMarkdown(columns: readonly Column[], rows: readonly Row[]): string {
  const shown = pageColumns(columns).filter(({ cell }) => rows.some((row) => cell(row) !== ""));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(shown.map(({ heading }) => heading)),
    line(shown.map(({ alignment }) => alignment === "right" ? "--:" : "---")),
    ...rows.map((row) => line(shown.map(({ cell }) => cell(row)))),
  ].join("\n");
}

function pageColumns(columns: readonly Column[]): PageColumn[] {
  return [
    ...columns.map(({ heading, alignment }, index): PageColumn => ({
      heading: inlineMarkdown(heading),
      alignment,
      cell: ({ cells, isBest }) => {
        const text = inlineMarkdown(cells[index] ?? "");
        return index > 0 || !isBest ? text : `⭐ **${text}**`;
      },
    })),
    { heading: "n", alignment: "right", cell: ({ n }) => n === null ? "" : String(n) },
    {
      heading: "precise",
      alignment: "left",
      cell: ({ converged }) => converged === null ? "" : converged ? "✓" : "rough",
    },
    { heading: "remarks", alignment: "left", cell: ({ note }) => inlineMarkdown(note) },
  ];
}
