import type { TestResults } from "../../results/result.ts";
import type { Chart } from "../../plot/kit/chart.ts";
import { plotColdStart } from "../../plot/cold_start.ts";
import { plotLatency, plotServerTime } from "../../plot/latency.ts";
import { plotLoad } from "../../plot/load.ts";
import { plotMemory } from "../../plot/memory.ts";
import { plotScalability } from "../../plot/scalability.ts";
import { plotThroughput } from "../../plot/throughput.ts";
import type { Source } from "../sections/section_names.ts";

/** Charts bring no style of their own: the page has it once for all. */
const OPTIONS = { theme: "light" } as const;
/** Width of a chart on a phone of 390 px, px: all but its margins, since it has its own. */
const NARROW = 386;

/**
 * The charts of one test.
 *
 * @param kind Which kind of result.
 * @param tests Results; that of `kind` among them.
 */
export function chartsOf(
  kind: Source,
  { basic, latency, throughput, scalability, memory, load }: TestResults,
): Chart[] {
  switch (kind) {
    case "basic":
      return basic
        ? [plotLatency(basic, OPTIONS), ...(basic.serverMs || basic.server ? [plotServerTime(basic, OPTIONS)] : [])]
        : [];
    case "latency":
      return latency ? [plotColdStart(latency, OPTIONS)] : [];
    case "throughput":
      return throughput ? [plotThroughput(throughput, OPTIONS)] : [];
    case "scalability":
      return scalability ? [plotScalability(scalability, OPTIONS)] : [];
    case "load":
      return load ? [plotLoad(load, OPTIONS)] : [];
    case "memory":
      return memory ? [plotMemory(memory, OPTIONS)] : [];
    case "operating-points":
    case "ab":
      return [];
  }
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
