import type { TestResults } from "../../results/result.ts";
import { type Block, column, type Row } from "../sections/block.ts";
import { formatTime, UNITS } from "../../words/quantity.ts";
import { estimateCells, levelNote } from "../sections/shared.ts";

const POINT_COLUMNS = [
  column("Batch size"),
  column("Concurrency"),
  column("Throughput"),
  column("95% interval"),
  column("Mean latency"),
  column("p95 latency"),
];

/** The loads that were measured to confirm the recommendation, the best first. */
export function operatingPointsTable({ operatingPoints = [] }: TestResults): Block[] {
  const highest = Math.max(...operatingPoints.map(({ predictionsPerSecond }) => predictionsPerSecond?.value ?? 0));
  const rows = operatingPoints.map((point, index): Row => {
    const { predictionsPerSecond: rate, latencyMs, succeeded, converged } = point;
    const [value, interval] = estimateCells(rate, UNITS.predictionsPerSecond);
    return {
      isBest: index === 0 && rate !== null,
      cells: [
        String(point.batchSize),
        String(point.concurrency),
        value,
        interval,
        latencyMs === null ? "" : formatTime(latencyMs.mean.value),
        latencyMs === null ? "" : formatTime(latencyMs.p95.value),
      ],
      barShare: rate === null ? null : rate.value / highest,
      n: succeeded > 0 ? succeeded : null,
      converged: succeeded > 0 ? converged : null,
      note: levelNote(point),
    };
  });
  return rows.length === 0 ? [] : [{ kind: "table", columns: POINT_COLUMNS, rows }];
}
