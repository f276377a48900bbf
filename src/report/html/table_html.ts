import { escapeXml } from "../../plot/kit/escape_xml.ts";
import type { Column, Row } from "../sections/block.ts";
import { inlineHtml } from "./inline_html.ts";

/** A column of the page: the block's own, and those that its rows have beside their cells. */
interface PageColumn {
  readonly heading: string;
  readonly className: string;
  readonly cell: (row: Row) => string;
}

/**
 * A table with headings. Where the page is too narrow for it, it scrolls by itself, also by the keyboard.
 *
 * @param name What it shows, for those who do not see it.
 * @param columns Columns of the block; one without content is left out.
 * @param rows Its rows; the first cell of each names it.
 */
export function tableHtml(name: string, columns: readonly Column[], rows: readonly Row[]): string {
  const shown = pageColumns(columns).filter(({ cell }) => rows.some((row) => cell(row) !== ""));
  const head = shown.map(({ heading, className }) => `<th scope="col" class="${className}">${heading}</th>`);
  const body = rows.map((row) => {
    const cells = shown.map(({ cell, className }, index) =>
      index === 0
        ? `<th scope="row" class="${className}">${cell(row)}</th>`
        : `<td class="${className}">${cell(row)}</td>`
    );
    return `<tr${row.isBest ? ' class="best"' : ""}>${cells.join("")}</tr>`;
  });
  return `<div class="scroll" role="group" tabindex="0" aria-label="${escapeXml(name)}"><table>` +
    `<thead><tr>${head.join("")}</tr></thead>\n<tbody>${body.join("\n")}</tbody></table></div>\n`;
}

function pageColumns(columns: readonly Column[]): PageColumn[] {
  const own = columns.map(({ heading, alignment }, index): PageColumn => ({
    heading: heading === "" ? '<span class="unseen">Name</span>' : escapeXml(heading),
    className: alignment === "left" ? "" : "number",
    cell: ({ cells, isBest }) => {
      const star = index === 0 && isBest ? '<span class="star" role="img" aria-label="best">★</span> ' : "";
      return star + inlineHtml(cells[index] ?? "");
    },
  }));
  return [
    ...own,
    { heading: '<span class="unseen">Share of the most</span>', className: "bar", cell: barHtml },
    { heading: "n", className: "number", cell: ({ n }) => n === null ? "" : n.toLocaleString("en-US") },
    { heading: "Precise", className: "sign", cell: precisionHtml },
    { heading: '<span class="unseen">Remarks</span>', className: "remark", cell: ({ note }) => inlineHtml(note) },
  ];
}

function barHtml({ barShare }: Row): string {
  if (barShare === null) return "";
  const percent = (100 * Math.min(1, Math.max(0, barShare))).toFixed(1);
  return `<span class="unseen">${Math.round(Number(percent))}%</span>` +
    `<span class="track"><span style="width:${percent}%"></span></span>`;
}

function precisionHtml({ converged }: Row): string {
  if (converged === null) return "";
  return converged ? '<span class="good" role="img" aria-label="yes">✓</span>' : '<span class="rough">rough</span>';
}
