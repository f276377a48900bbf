import type { CurveInterval, ScalabilityResult } from "../../results/result.ts";
import { THRESHOLDS } from "../../analysis/thresholds.ts";
import { type Block, type Column, column, heading, paragraph, type Row, subheading } from "./block.ts";
import { formatEstimate, formatNumber, formatTime, UNITS } from "../../words/quantity.ts";
import { serverTimeTable } from "./server_time.ts";
import { cutNotice, estimateCells, levelNote, notMeasured, withinNoise } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Concurrency", { before: "Level ", after: ":" }),
  column("Throughput"),
  column("95% interval"),
  column("Mean latency", { after: " latency" }),
  column("p95 latency", { before: "p95 ", isOptional: true }),
  column("Efficiency", { after: " eff", isOptional: true }),
];

function rows({ levels, optimalConcurrency }: ScalabilityResult): Row[] {
  const width = String(levels.at(-1)?.concurrency ?? "").length;
  const highest = Math.max(...levels.map(({ requestsPerSecond }) => requestsPerSecond?.value ?? 0));
  return levels.map((level) => ({
    isBest: level.concurrency === optimalConcurrency,
    cells: [
      String(level.concurrency).padStart(width),
      ...estimateCells(level.requestsPerSecond, UNITS.requestsPerSecond),
      level.latencyMs === null ? "" : formatTime(level.latencyMs.mean.value),
      level.latencyMs === null ? "" : formatTime(level.latencyMs.p95.value),
      level.efficiency === null ? "" : `${Math.round(100 * level.efficiency.value)}%`,
    ],
    barShare: (level.requestsPerSecond?.value ?? 0) / Math.max(highest, 1e-9),
    n: level.succeeded > 0 ? level.succeeded : null,
    converged: level.succeeded > 0 ? level.converged : null,
    note: levelNote(level),
  }));
}

function curveInterval(interval: CurveInterval | null | undefined): string {
  if (!interval) return "";
  const [low, high] = [interval.low, interval.high].map((end) =>
    end === null ? "no end" : formatNumber(end, UNITS.none)
  );
  return ` [${low}, ${high}]`;
}

function scalabilityLaw(result: ScalabilityResult): string {
  if (result.usl === null) return notMeasured(result, ["usl"]);
  const { sigma, kappa, peakConcurrency, rSquared } = result.usl;
  const peak = peakConcurrency === null
    ? "no peak"
    : `peak at ${formatNumber(peakConcurrency, UNITS.none)}${curveInterval(result.peakInterval)}`;
  return `contention sigma ${formatEstimate(sigma, UNITS.none)}, coherency kappa ${
    formatEstimate(kappa, UNITS.none)
  }, ` +
    `${peak}, R2 ${rSquared.toFixed(3)}`;
}

function littlesLaw({ levels }: ScalabilityResult): string {
  const checked = levels.filter(({ littlesLawRatio }) => littlesLawRatio !== null);
  const off = checked.filter(({ littlesLawRatio }) => Math.abs(littlesLawRatio! - 1) > THRESHOLDS.littlesLawDeviation);
  const tolerance = `${100 * THRESHOLDS.littlesLawDeviation}%`;
  if (checked.length === 0) return "not measured: no request succeeded";
  if (off.length === 0) return `holds within ${tolerance} at every level`;
  const deviations = off.map(({ concurrency, littlesLawRatio }) => `${concurrency} (${littlesLawRatio!.toFixed(2)})`);
  return `off by more than ${tolerance} at ${deviations.join(", ")}`;
}

/** Requests per second over concurrency. */
export function scalabilitySection(result: ScalabilityResult): Block[] {
  const { optimalConcurrency, equivalentConcurrencies, degradationPercent, kneeConcurrency, levels } = result;
  const width = String(levels.at(-1)?.concurrency ?? "").length;
  const best = levels.find(({ concurrency }) => concurrency === optimalConcurrency)?.requestsPerSecond ?? null;
  const optimum = optimalConcurrency === null
    ? notMeasured(result, ["optimalConcurrency"])
    : optimalConcurrency + withinNoise(levels, equivalentConcurrencies, optimalConcurrency);
  const maximum = best === null
    ? notMeasured(result, ["optimalConcurrency"])
    : formatEstimate(best, UNITS.requestsPerSecond);
  const degradation = degradationPercent === null
    ? notMeasured(result, ["degradationPercent"], best === null ? "no request succeeded" : "it takes two levels")
    : `${formatEstimate(degradationPercent, UNITS.percent)} at concurrency ${levels.at(-1)?.concurrency}`;
  return [
    heading("📈", "SCALABILITY TEST RESULTS"),
    ...cutNotice(result),
    paragraph(`Optimal Concurrency: ${optimum}`),
    paragraph(`Throughput There: ${maximum}`),
    paragraph(`Degradation: ${degradation}`),
    paragraph(
      `Knee: ${
        kneeConcurrency === null
          ? "none found"
          : `at concurrency ${kneeConcurrency}${curveInterval(result.kneeInterval)}`
      }`,
    ),
    paragraph(`Universal Scalability Law: ${scalabilityLaw(result)}`),
    paragraph(`Little's Law: ${littlesLaw(result)}`),
    subheading(`Concurrency Levels (batch size ${result.batchSize}):`),
    { kind: "table", columns: COLUMNS, rows: rows(result) },
    ...serverTimeTable(COLUMNS[0]!, levels.map((level) => [String(level.concurrency).padStart(width), level])),
  ];
}
