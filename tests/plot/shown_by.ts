import type { Chart } from "../../src/plot/kit/chart.ts";

const display = Symbol.for("Jupyter.display");

/** What a Jupyter kernel makes of a chart, by media type. */
export async function shownBy(chart: Chart): Promise<Record<string, string>> {
  return await (chart as unknown as Record<symbol, () => Promise<Record<string, string>>>)[display]!();
}
