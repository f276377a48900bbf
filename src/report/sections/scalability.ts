import { readFigure } from "../../results/figures.ts";
import { isAbsent } from "../../results/measured.ts";
import type { CurveInterval, ScalabilityResult } from "../../results/result.ts";
import { littlesLawVerdict } from "../../analysis/scaling.ts";
import { THRESHOLDS } from "../../analysis/thresholds.ts";
import { intervalText } from "../../words/estimate/estimate_text.ts";
import { interval, joined, say, type Words } from "../../words/inline.ts";
import { inlineEstimate, inlineRate } from "../../words/inline_quantity.ts";
import { formatDecimals, formatNumber, UNITS } from "../../words/quantity.ts";
import {
  answer,
  type Block,
  type Column,
  column,
  fact,
  type FactValue,
  heading,
  type Row,
  row,
  subheading,
  table,
} from "./block.ts";
import { clientPartFacts, clientTimeTable } from "./window/client_time.ts";
import { failuresTable } from "./window/failures.ts";
import { firstTokenTable } from "./window/first_token_parts.ts";
import { goodputTable } from "./window/goodput.ts";
import { gpuTable } from "./window/gpu.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./window/latency_columns.ts";
import { streamingTable } from "./window/streaming.ts";
import { serverTimeTable } from "./window/server_time.ts";
import { basisOf, estimateCells, figureValue, leftFacts, levelNote, notices, timeCell, withinNoise } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Concurrency", { before: "Level ", after: ":", isAlignedInside: true }),
  column("Throughput"),
  column("95% interval"),
  MEAN_LATENCY,
  column("Efficiency", { after: " eff", isOptional: true }),
  ...PERCENTILES,
];

function rows({ levels, optimalConcurrency }: ScalabilityResult): Row[] {
  const highest = Math.max(...levels.map(({ requestsPerSecond }) => requestsPerSecond?.value ?? 0), 1e-9);
  return levels.map((level) =>
    row([
      level.concurrency,
      ...estimateCells(level.requestsPerSecond, UNITS.requestsPerSecond),
      timeCell(level.latencyMs?.mean),
      level.efficiency === null ? "" : `${Math.round(100 * level.efficiency.value)}%`,
      ...percentileCells(level.latencyMs),
    ], {
      isBest: level.concurrency === optimalConcurrency,
      barShare: (level.requestsPerSecond?.value ?? 0) / highest,
      ...basisOf(level),
      note: levelNote(level),
    })
  );
}

/** A point of the curve with its interval, where it has one. */
function curvePoint(point: number, ends: CurveInterval | null | undefined): Words {
  const value = formatNumber(point, UNITS.none);
  if (!ends) return value;
  const high = ends.high === null ? null : formatNumber(ends.high, UNITS.none);
  return say`${value} ${interval(intervalText(formatNumber(ends.low, UNITS.none), high))}`;
}

function scalabilityLaw(result: ScalabilityResult): FactValue {
  if (result.usl === null) {
    return figureValue(result, "usl_lambda", (rate) => inlineRate(rate, UNITS.requestsPerSecond));
  }
  const { sigma, kappa, peakConcurrency, rSquared } = result.usl;
  return joined([
    say`contention sigma ${inlineEstimate(sigma, UNITS.none)}`,
    say`coherency kappa ${inlineEstimate(kappa, UNITS.none)}`,
    peakConcurrency === null ? "no peak" : say`peak at ${curvePoint(peakConcurrency, result.peakInterval)}`,
    `R2 ${formatDecimals(rSquared, UNITS.none, 3)}`,
  ], ", ");
}

function littlesLaw({ levels }: ScalabilityResult): FactValue {
  const checked = levels.filter(({ littlesLawRatio }) => littlesLawRatio !== null);
  const of = (verdict: string) => checked.filter((level) => littlesLawVerdict(level) === verdict);
  const off = of("off"), untold = of("cannot tell").map(({ concurrency }) => concurrency);
  const tolerance = `${100 * THRESHOLDS.littlesLawDeviation}%`;
  if (checked.length === 0) {
    const some = levels.some(({ succeeded }) => succeeded > 0);
    return { notMeasured: some ? "it takes a level without failures or waits" : "no request succeeded" };
  }
  if (off.length === 0 && untold.length > 0) return `cannot tell at ${untold.join(", ")}: too few requests`;
  if (off.length === 0) return `holds within ${tolerance} at every level`;
  const deviations = off.map(({ concurrency, littlesLawRatio }) =>
    `${concurrency} (${formatDecimals(littlesLawRatio!, UNITS.none, 2)})`
  );
  return `off by more than ${tolerance} at ${deviations.join(", ")}`;
}

function answers(result: ScalabilityResult): Block {
  const { optimalConcurrency, equivalentConcurrencies, levels } = result;
  const optimal = levels.find(({ concurrency }) => concurrency === optimalConcurrency);
  const optimum = figureValue(
    result,
    "optimal_concurrency",
    ({ value }) => value + withinNoise(levels, equivalentConcurrencies, value, result.optimumRivals),
  );
  const maximum = figureValue(
    result,
    "peak_requests_per_second",
    (rate) => inlineRate(rate, UNITS.requestsPerSecond, optimal?.clientLimited),
  );
  const degradation = figureValue(
    result,
    "degradation",
    (percent) => say`${inlineEstimate(percent, UNITS.percent)} at concurrency ${levels.at(-1)?.concurrency ?? 0}`,
  );
  const measuredKnee = readFigure(result, "knee_concurrency");
  const knee = isAbsent(measuredKnee)
    // That there is none, or that it cannot be told, was measured.
    ? /^(none found|cannot tell)/.test(measuredKnee.detail) ? measuredKnee.detail : { notMeasured: measuredKnee.detail }
    : say`at concurrency ${curvePoint(measuredKnee.value, result.kneeInterval)}`;
  return answer([
    fact("Optimal Concurrency", optimum),
    fact("Throughput There", maximum),
    fact("Degradation", degradation),
    fact("Knee", knee),
    fact("Universal Scalability Law", scalabilityLaw(result)),
    fact("Little's Law", littlesLaw(result)),
    ...clientPartFacts(levels),
    ...leftFacts(result.left),
  ]);
}

/** Requests per second over concurrency. */
export function scalabilitySection(result: ScalabilityResult): Block[] {
  return [
    heading(2, "Scalability test results", { emoji: "📈" }),
    ...notices(result),
    answers(result),
    subheading(`Concurrency Levels (batch size ${result.batchSize})`),
    table(COLUMNS, rows(result)),
    ...failuresTable(COLUMNS.slice(0, 1), result.levels.map((level) => [[level.concurrency], level])),
    ...serverTimeTable(COLUMNS[0]!, result.levels.map((level) => [level.concurrency, level])),
    ...streamingTable(COLUMNS[0]!, result.levels.map((level) => [level.concurrency, level])),
    ...goodputTable(COLUMNS[0]!, result.levels.map((level) => [level.concurrency, level])),
    ...firstTokenTable(result, COLUMNS[0]!, result.levels.map((level) => [level.concurrency, level])),
    ...clientTimeTable(COLUMNS[0]!, result.levels.map((level) => [level.concurrency, level])),
    ...gpuTable(result, COLUMNS.slice(0, 1), result.levels.map((level) => [[level.concurrency], level])),
  ];
}
