import type { Window } from "../../../results/window/window.ts";
import type { Words } from "../../../words/inline.ts";
import { UNITS } from "../../../words/quantity.ts";
import { type Block, type Column, column, row, subheading, table } from "../block.ts";
import { estimateCells, timeCell } from "../shared.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./latency_columns.ts";

/**
 * A table of the rate and the latency of each load, for a test whose own table says other things of them.
 *
 * @param names Columns that name the load.
 * @param levels Windows with the cells under those columns.
 * @returns Empty where no request succeeded.
 */
export function latencyTable(
  names: readonly Column[],
  levels: readonly (readonly [name: readonly Words[], measured: Window])[],
): Block[] {
  const rows = levels.filter(([, { latencyMs }]) => latencyMs !== null).map(([name, window]) =>
    row([
      ...name,
      ...estimateCells(window.requestsPerSecond, UNITS.requestsPerSecond),
      timeCell(window.latencyMs?.mean),
      ...percentileCells(window.latencyMs),
    ], { n: window.succeeded })
  );
  if (rows.length === 0) return [];
  const columns = [...names, column("Throughput"), column("95% interval", { isOptional: true }), MEAN_LATENCY];
  return [subheading("Throughput and Latency"), table([...columns, ...PERCENTILES], rows)];
}
