import type { Distribution } from "../../../core/estimate.ts";
import type { Words } from "../../../words/inline.ts";
import { inlineTimeValue } from "../../../words/inline_quantity.ts";
import { type Column, column } from "../block.ts";

/** The mean latency of a level in a table. */
export const MEAN_LATENCY: Column = column("Mean latency", { after: " latency" });

/** The percentiles of latency that people ask for. */
export const PERCENTILES: readonly Column[] = [
  column("p50 latency", { before: "p50 ", isOptional: true, goesFirst: 2 }),
  column("p95 latency", { before: "p95 ", isOptional: true }),
  column("p99 latency", { before: "p99 ", isOptional: true, goesFirst: 1 }),
  column("p99.9 latency", { before: "p99.9 ", isOptional: true, goesFirst: 3 }),
];

/**
 * A cell for each of {@linkcode PERCENTILES}; empty where it is not known, as p99.9 of few requests.
 *
 * @param latencyMs Of the level, ms.
 */
export function percentileCells(latencyMs: Distribution | null): Words[] {
  if (latencyMs === null) return PERCENTILES.map(() => "");
  const { p50, p95, p99, p999 } = latencyMs;
  return [p50, p95, p99, p999].map((estimate) => estimate === undefined ? "" : inlineTimeValue(estimate));
}
