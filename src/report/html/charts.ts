import type { Chart } from "../../plot/kit/chart.ts";
import { chartsOf } from "../../plot/charts_of.ts";
import type { ResultKind, TestResult } from "../../results/kinds.ts";

/** Charts bring no style of their own: the page has it once for all. */
const OPTIONS = { theme: "light" } as const;
/** Width of a chart on a phone of 390 px, px: all but its margins, since it has its own. */
const NARROW = 386;

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
 * A chart as a part of the page: drawn once for wide pages and once for phones, of which one is seen.
 *
 * @param chart The chart.
 */
export function figureHtml(chart: Chart): string {
  return `<figure><div class="wide">${whole(chart.svg)}</div>` +
    `<div class="narrow">${whole(chart.svgAt(NARROW))}</div></figure>\n`;
}

/** A picture is one thing with one name: what Plot calls its marks is for scripts, not for readers. */
function whole(svg: string): string {
  return svg.replace(/<g[^>]*>/g, (tag) => tag.replace(" aria-label=", " data-mark="));
}
