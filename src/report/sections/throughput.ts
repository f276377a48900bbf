import { readFigure } from "../../results/figures.ts";
import { isAbsent } from "../../results/measured.ts";
import type { ThroughputResult } from "../../results/result.ts";
import { isUsable } from "../../results/window/usable.ts";
import { valueText } from "../../words/estimate/estimate_text.ts";
import { say } from "../../words/inline.ts";
import { inlineRate } from "../../words/inline_quantity.ts";
import { UNITS } from "../../words/quantity.ts";
import {
  answer,
  type Block,
  type Column,
  column,
  fact,
  type FactValue,
  heading,
  paragraph,
  type Row,
  row,
  subheading,
  table,
} from "./block.ts";
import { clientPartFacts, clientTimeTable } from "./window/client_time.ts";
import { failuresTable } from "./window/failures.ts";
import { goodputTable } from "./window/goodput.ts";
import { gpuTable } from "./window/gpu.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./window/latency_columns.ts";
import { streamingTable } from "./window/streaming.ts";
import { serverTimeTable } from "./window/server_time.ts";
import { basisOf, estimateCells, figureValue, leftFacts, levelNote, notices, timeCell, withinNoise } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Batch size", { before: "Batch ", after: ":", isAlignedInside: true }),
  column("Throughput"),
  column("95% interval"),
  MEAN_LATENCY,
  column("Speedup", { isOptional: true }),
  ...PERCENTILES,
];

function rows({ levels, optimalBatchSize }: ThroughputResult): Row[] {
  const highest = Math.max(...levels.map(({ predictionsPerSecond }) => predictionsPerSecond?.value ?? 0), 1e-9);
  return levels.map((level) =>
    row([
      level.batchSize,
      ...estimateCells(level.predictionsPerSecond, UNITS.predictionsPerSecond),
      timeCell(level.latencyMs?.mean),
      level.speedup === null ? "" : valueText(level.speedup, UNITS.times),
      ...percentileCells(level.latencyMs),
    ], {
      isBest: level.batchSize === optimalBatchSize,
      barShare: (level.predictionsPerSecond?.value ?? 0) / highest,
      ...basisOf(level),
      note: levelNote(level),
    })
  );
}

function plateau(result: ThroughputResult): FactValue {
  const measured = readFigure(result, "plateau_batch_size");
  if (!isAbsent(measured)) return `from batch size ${measured.value}`;
  // That there is none is an answer too, where two sizes could have shown one.
  const couldBeSeen = result.levels.filter(isUsable).length > 1;
  return couldBeSeen ? measured.detail : { notMeasured: measured.detail };
}

function load({ batching, concurrency }: ThroughputResult): string {
  return batching === "server"
    ? `single requests, joined by the server; ${concurrency === 1 ? "one batch" : `${concurrency} batches`} outstanding`
    : `concurrency ${concurrency}`;
}

/** Predictions per second over batch sizes. */
export function throughputSection(result: ThroughputResult): Block[] {
  const { levels, optimalBatchSize, equivalentBatchSizes } = result;
  const optimum = figureValue(
    result,
    "optimal_batch_size",
    ({ value }) => value + withinNoise(levels, equivalentBatchSizes, value, result.optimumRivals),
  );
  const maximum = figureValue(result, "max_predictions_per_second", (rate) => {
    const best = levels.find(({ predictionsPerSecond }) => predictionsPerSecond?.value === rate.value);
    const where = best === undefined || best.batchSize === optimalBatchSize ? "" : ` at batch size ${best.batchSize}`;
    // As in its row: the interval of the figure is wider, as it holds for whichever of the equals was the best by luck.
    const told = best?.predictionsPerSecond ?? rate;
    return say`${inlineRate(told, UNITS.predictionsPerSecond, best?.clientLimited)}${where}`;
  });
  const leftOut = result.absences["levels"];
  return [
    heading(2, "Throughput test results", { emoji: "📦" }),
    ...notices(result),
    answer([
      fact("Optimal Batch Size", optimum),
      fact("Maximum Throughput", maximum),
      fact("Plateau", plateau(result)),
      ...clientPartFacts(levels),
      ...leftFacts(result.left),
    ]),
    ...(leftOut === undefined ? [] : [paragraph(`Left Out: ${leftOut}`, "warning")]),
    subheading(`Batch Size Performance (${load(result)})`),
    table(COLUMNS, rows(result)),
    ...failuresTable(COLUMNS.slice(0, 1), levels.map((level) => [[level.batchSize], level])),
    ...serverTimeTable(COLUMNS[0]!, levels.map((level) => [level.batchSize, level])),
    ...streamingTable(COLUMNS[0]!, levels.map((level) => [level.batchSize, level])),
    ...goodputTable(COLUMNS[0]!, levels.map((level) => [level.batchSize, level])),
    ...clientTimeTable(COLUMNS[0]!, levels.map((level) => [level.batchSize, level])),
    ...gpuTable(result, COLUMNS.slice(0, 1), levels.map((level) => [[level.batchSize], level])),
  ];
}
