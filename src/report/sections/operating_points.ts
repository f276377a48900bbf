import { bestPoint, type OperatingPoint, type OperatingPointsResult } from "../../results/kinds/operating_points.ts";
import { UNITS } from "../../words/quantity.ts";
import { type Block, type Column, column, heading, paragraph, type Row, row, subheading, table } from "./block.ts";
import { failuresTable } from "./window/failures.ts";
import { goodputTable } from "./window/goodput.ts";
import { gpuTable } from "./window/gpu.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./window/latency_columns.ts";
import { basisOf, estimateCells, levelNote, notices, timeCell } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Batch size", { before: "Batch ", isAlignedInside: true }),
  column("Concurrency", { before: "concurrency ", after: ":", isAlignedInside: true }),
  column("Throughput"),
  column("95% interval"),
  { ...MEAN_LATENCY, isOptional: true },
  ...PERCENTILES,
];

const POINT = column("Point", { after: ":", alignment: "left" });

function rows(points: readonly OperatingPoint[]): Row[] {
  const highest = Math.max(...points.map(({ predictionsPerSecond }) => predictionsPerSecond?.value ?? 0), 1e-9);
  const best = bestPoint(points);
  return points.map((point) =>
    row([
      point.batchSize,
      point.concurrency,
      ...estimateCells(point.predictionsPerSecond, UNITS.predictionsPerSecond),
      timeCell(point.latencyMs?.mean),
      ...percentileCells(point.latencyMs),
    ], {
      isBest: point === best,
      barShare: (point.predictionsPerSecond?.value ?? 0) / highest,
      ...basisOf(point),
      note: levelNote(point),
    })
  );
}

/** Batch sizes and concurrencies that were measured together to confirm the recommendation, the best first. */
export function operatingPointsSection({ points, ...result }: OperatingPointsResult): Block[] {
  const leftOut = result.absences["levels"];
  const head = [
    heading(2, "Operating points", { emoji: "📍" }),
    ...notices(result),
    ...(leftOut === undefined ? [] : [paragraph(`Left Out: ${leftOut}`, "warning")]),
  ];
  if (points.length === 0) return leftOut === undefined ? [] : head;
  return [
    ...head,
    subheading("Batch size and concurrency, measured together"),
    table(COLUMNS, rows(points)),
    ...failuresTable(COLUMNS.slice(0, 2), points.map((point) => [[point.batchSize, point.concurrency], point])),
    ...goodputTable(
      POINT,
      points.map((point) => [`batch ${point.batchSize}, concurrency ${point.concurrency}`, point]),
    ),
    ...gpuTable(result, COLUMNS.slice(0, 2), points.map((point) => [[point.batchSize, point.concurrency], point])),
  ];
}
