import { isSameLoad } from "../../results/evidence/load_point.ts";
import type { Efficiency, EfficiencyPoint } from "../../results/finding.ts";
import type { Report } from "../../results/report.ts";
import { displayUnit } from "../../words/display_unit.ts";
import { costInWords, energyInWords } from "../../words/efficiency_in_words.ts";
import { loadPointInWords } from "../../words/gpu/gpu_limit_in_words.ts";
import { joined, say, type Words } from "../../words/inline.ts";
import { formatNumber, type Unit, UNITS } from "../../words/quantity.ts";
import { answer, type Block, type Column, column, type Fact, fact, heading, row, subheading, table } from "./block.ts";
import { estimateCells, timeCell } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Load", { alignment: "left" }),
  column("Batch size", { before: "batch " }),
  column("Concurrency", { before: "x ", after: ":" }),
  column("Throughput"),
  column("95% interval", { isOptional: true }),
  column("p50 latency", { before: "p50 ", isOptional: true, goesFirst: 2 }),
  column("p95 latency", { before: "p95 " }),
  column("p99 latency", { before: "p99 ", isOptional: true, goesFirst: 1 }),
  column("Energy a prediction"),
  column("95% interval", { isOptional: true }),
  column("Cost of a million"),
  column("95% interval", { isOptional: true }),
];

/** Energy of the GPUs for a prediction and the cost of a million at the fastest and the most efficient load. */
export function efficiencySection({ efficiency }: Pick<Report, "efficiency">): Block[] {
  if (efficiency === undefined) return [];
  const { pricePerHour, fastest, mostEfficient } = efficiency;
  const points = mostEfficient === null || isSameLoad(mostEfficient, fastest) ? [fastest] : [fastest, mostEfficient];
  // One unit for both, as the eye compares them.
  const unit = displayUnit("J", mostEfficient?.energyPerPrediction?.value ?? 1);
  const rows = points.map((point) => ({ point, cells: cellsOf(point, nameOf(point, efficiency), unit) }));
  const used = COLUMNS.map((_, i) => rows.some(({ cells }) => cells[i] !== ""));
  const only = <T>(of: readonly T[]) => of.filter((_, i) => used[i]);
  const price = pricePerHour === undefined ? "" : ` (a million predictions at ${dollars(pricePerHour)} an hour)`;
  return [
    heading(2, "Energy and cost", { emoji: "⚡" }),
    answer([...energyFacts(efficiency), ...costFacts(points)]),
    subheading(`Batch Size x Concurrency${price}`),
    table(only(COLUMNS), rows.map(({ point, cells }) => row(only(cells), { note: noteOf(point) }))),
  ];
}

/** As it was given. */
const dollars = (amount: number) => `${amount}${UNITS.dollars.suffix}`;

function nameOf(point: EfficiencyPoint, { fastest, mostEfficient }: Efficiency): string {
  if (mostEfficient === null || !isSameLoad(point, mostEfficient)) return "fastest";
  return isSameLoad(point, fastest) ? "best of both" : "most efficient";
}

function cellsOf(point: EfficiencyPoint, name: string, unit: Unit): Words[] {
  const { batchSize, concurrency, predictionsPerSecond, p50Ms, p95Ms, p99Ms, energyPerPrediction, costPerMillion } =
    point;
  return [
    name,
    batchSize,
    concurrency ?? "",
    ...estimateCells(predictionsPerSecond, UNITS.predictionsPerSecond),
    ...[p50Ms, p95Ms, p99Ms].map(timeCell),
    ...energyPerPrediction === null ? ["", ""] : estimateCells(energyPerPrediction, unit),
    ...costPerMillion === undefined ? ["", ""] : estimateCells(costPerMillion, UNITS.dollars),
  ];
}

function noteOf({ atLeast, ratePerSecond }: EfficiencyPoint): string {
  return [
    ...(ratePerSecond === null ? [] : [`${formatNumber(ratePerSecond, UNITS.requestsPerSecond)} offered`]),
    ...(atLeast ? ["client-limited"] : []),
  ].join(", ");
}

function energyFacts({ mostEfficient, fastest }: Efficiency): Fact[] {
  const energy = energyInWords(mostEfficient, fastest);
  if (mostEfficient === null || energy === null) return [];
  const isFastest = isSameLoad(mostEfficient, fastest);
  const told = isFastest ? energyInWords(mostEfficient, { ...fastest, energyPerPrediction: null })! : energy;
  const isAllKnown = fastest.energyPerPrediction !== null;
  const which = isFastest ? say`, the fastest as well` : isAllKnown ? [] : say` of those whose energy is known`;
  return [fact("Most Efficient", say`${loadPointInWords(mostEfficient)}${which}: ${told}`)];
}

function costFacts(points: readonly EfficiencyPoint[]): Fact[] {
  const costs = points.flatMap((point) => {
    const cost = costInWords(point);
    return cost === null ? [] : [say`${cost} at ${loadPointInWords(point)}`];
  });
  return costs.length === 0 ? [] : [fact("Cost of a Million Predictions", joined(costs, "; "))];
}
