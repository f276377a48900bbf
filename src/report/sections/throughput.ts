import type { ThroughputResult } from "../../results/result.ts";
import { type Block, type Column, column, heading, paragraph, type Row, subheading } from "./block.ts";
import { formatEstimate, formatTime, UNITS } from "../../words/quantity.ts";
import { serverTimeTable } from "./server_time.ts";
import { cutNotice, estimateCells, levelNote, notMeasured, withinNoise } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Batch size", { before: "Batch ", after: ":" }),
  column("Throughput"),
  column("95% interval"),
  column("Mean latency", { after: " latency" }),
  column("Speedup", { isOptional: true }),
  column("p95 latency", { before: "p95 ", isOptional: true }),
];

function rows({ levels, optimalBatchSize, maxPredictionsPerSecond }: ThroughputResult): Row[] {
  const width = String(levels.at(-1)?.batchSize ?? "").length;
  return levels.map((level) => ({
    isBest: level.batchSize === optimalBatchSize,
    cells: [
      String(level.batchSize).padStart(width),
      ...estimateCells(level.predictionsPerSecond, UNITS.predictionsPerSecond),
      level.latencyMs === null ? "" : formatTime(level.latencyMs.mean.value),
      level.speedup === null ? "" : `${level.speedup.value.toFixed(2)}x`,
      level.latencyMs === null ? "" : formatTime(level.latencyMs.p95.value),
    ],
    barShare: (level.predictionsPerSecond?.value ?? 0) / (maxPredictionsPerSecond?.value ?? 1),
    n: level.succeeded > 0 ? level.succeeded : null,
    converged: level.succeeded > 0 ? level.converged : null,
    note: levelNote(level),
  }));
}

function plateau(result: ThroughputResult): string {
  if (result.plateauBatchSize !== null) return `from batch size ${result.plateauBatchSize}`;
  const measured = result.levels.filter(({ succeeded }) => succeeded > 0);
  if (measured.length > 1) return "none up to the largest batch";
  const reason = measured.length === 1 ? "it takes two batch sizes" : "no request succeeded";
  return notMeasured(result, ["plateauBatchSize"], reason);
}

function load({ batching, concurrency }: ThroughputResult): string {
  return batching === "server"
    ? `single requests, joined by the server; ${concurrency === 1 ? "one batch" : `${concurrency} batches`} outstanding`
    : `concurrency ${concurrency}`;
}

/** Predictions per second over batch sizes. */
export function throughputSection(result: ThroughputResult): Block[] {
  const { optimalBatchSize, equivalentBatchSizes, maxPredictionsPerSecond } = result;
  const width = String(result.levels.at(-1)?.batchSize ?? "").length;
  const optimum = optimalBatchSize === null
    ? notMeasured(result, ["optimalBatchSize"])
    : optimalBatchSize + withinNoise(result.levels, equivalentBatchSizes, optimalBatchSize);
  const maximum = maxPredictionsPerSecond === null
    ? notMeasured(result, ["maxPredictionsPerSecond"])
    : formatEstimate(maxPredictionsPerSecond, UNITS.predictionsPerSecond);
  return [
    heading("📦", "THROUGHPUT TEST RESULTS"),
    ...cutNotice(result),
    paragraph(`Optimal Batch Size: ${optimum}`),
    paragraph(`Maximum Throughput: ${maximum}`),
    paragraph(`Plateau: ${plateau(result)}`),
    ...(result.absences["levels"] === undefined
      ? []
      : [paragraph(`Left Out: ${result.absences["levels"]}`, "warning")]),
    subheading(`Batch Size Performance (${load(result)}):`),
    { kind: "table", columns: COLUMNS, rows: rows(result) },
    ...serverTimeTable(COLUMNS[0]!, result.levels.map((level) => [String(level.batchSize).padStart(width), level])),
  ];
}
