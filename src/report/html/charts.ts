import type { Chart } from "../../plot/kit/chart.ts";
import { chartsOf } from "../../plot/charts_of.ts";
import type { ResultKind, TestResult } from "../../results/kinds.ts";

/** Charts bring no style of their own: the page has it once for all. */
const OPTIONS = { theme: "light" } as const;
/** Widths of a chart, px: on a screen that is wider than the page, on a smaller one and on paper, on a phone of 390 px. */
const WIDTHS = { full: 1116, wide: 720, narrow: 386 } as const;

/**
 * The charts of one result as a part of the page.
 *
 * @param kind Which kind of result.
 * @param result What was measured.
 */
export function chartsHtml(kind: ResultKind, result: TestResult): string {
  return chartsOf(kind, result as never, OPTIONS).map(figureHtml).join("");
}

/**
 * A chart as a part of the page, as wide as that: drawn once for each width, of which one is seen.
 *
 * @param chart The chart.
 */
export function figureHtml(chart: Chart): string {
  const drawn = Object.entries(WIDTHS).map(([name, width]) => {
    const svg = whole(chart.svgAt(width));
    return `<div class="${name}">${name === "narrow" ? untitled(svg) : svg}</div>`;
  });
  return `<figure>${drawn.join("")}</figure>\n`;
}

/** Nobody points at a mark on a phone: the title of the whole stays. */
function untitled(svg: string): string {
  const head = svg.indexOf("</desc>");
  return svg.slice(0, head) + svg.slice(head).replace(/<title>[^<]*<\/title>/g, "");
}

/** A picture is one thing with one name: what Plot calls its marks is for scripts, not for readers. */
function whole(svg: string): string {
  return svg.replace(/<g[^>]*>/g, (tag) => tag.replace(" aria-label=", " data-mark="));
}
