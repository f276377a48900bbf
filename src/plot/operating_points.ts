import { bestPoint, type OperatingPoint, type OperatingPointsResult } from "../results/kinds/operating_points.ts";
import { formatTimeEstimate } from "../words/estimate/estimate_text.ts";
import { formatShare, unbroken, UNITS } from "../words/quantity.ts";
import type { Chart, ChartOptions, LegendEntry, Panel } from "./kit/chart.ts";
import { levelTitle } from "./kit/level_title.ts";
import { validityNotes, whyNoneQualifies } from "./kit/notes.ts";
import { rateText } from "./kit/rate_text.ts";
import { type ChartedLevel, levelsLegend, plotLevels, ratePanel } from "./levels.ts";

/**
 * Which batch size and concurrency together are the ones to run? Throughput and 95th percentile of latency of each
 * candidate with their intervals; the best is starred.
 *
 * @param result Of the confirmation in a comprehensive run.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotOperatingPoints(result: OperatingPointsResult, options: ChartOptions = {}): Chart {
  const { points } = result;
  return plotLevels(levelsOf(points), {
    title: "Batch size and concurrency together",
    subtitle: operatingPointsSummary(points),
    rateUnit: UNITS.predictionsPerSecond,
    notes: [
      ...(points.length === 0
        ? []
        : ["Bars are named by batch size × concurrency, closed loop.", ...operatingPointsFailures(points)]),
      ...validityNotes(result),
    ],
  }, options);
}

/**
 * What the confirmation found, in a sentence.
 *
 * @param points Best first.
 */
export function operatingPointsSummary(points: readonly OperatingPoint[]): string {
  if (points.length === 0) return "Nothing was measured.";
  const best = bestPoint(points);
  if (best === null) return `None qualifies: ${whyNoneQualifies(points)}`;
  const tail = best.latencyMs === null ? "" : `, p95 ${unbroken(formatTimeEstimate(best.latencyMs.p95))}`;
  return `Best measured together: batch ${best.batchSize} at concurrency ${best.concurrency}, ` +
    `${rateText(best.predictionsPerSecond, UNITS.predictionsPerSecond, best.clientLimited)}${tail}.`;
}

/**
 * Which candidates failed requests, as a sentence or none: their rates count what succeeded alone.
 *
 * @param points In any order.
 */
export function operatingPointsFailures(points: readonly OperatingPoint[]): string[] {
  const failing = points.filter(({ failed }) => failed > 0).map(({ batchSize, concurrency, failed, requests }) =>
    `${formatShare(failed, requests)} at ${batchSize} × ${concurrency}`
  );
  return failing.length === 0 ? [] : [`Requests failed: ${failing.join(", ")}.`];
}

/**
 * Predictions per second of the candidates, as far as a small panel holds them.
 *
 * @param points At least one, best first.
 */
export function operatingPointsPanel(points: readonly OperatingPoint[]): Panel {
  return ratePanel(levelsOf(points).slice(0, MOST_POINTS), UNITS.predictionsPerSecond, "Batch size × concurrency");
}

/** What marks the best, where there is one. @param points Best first. */
export function operatingPointsLegend(points: readonly OperatingPoint[]): LegendEntry[] {
  return levelsLegend(levelsOf(points));
}

/** More candidates than this say little more. */
const MOST_POINTS = 5;

function levelsOf(points: readonly OperatingPoint[]): ChartedLevel[] {
  const best = bestPoint(points);
  return points.filter(({ lost }) => lost === undefined).map((point) => ({
    label: `${point.batchSize} × ${point.concurrency}`,
    rate: point.predictionsPerSecond,
    p95Ms: point.latencyMs?.p95 ?? null,
    converged: point.converged,
    clientLimited: point.clientLimited,
    isBest: point === best,
    title: levelTitle(
      `batch ${point.batchSize}, concurrency ${point.concurrency}`,
      point,
      point.predictionsPerSecond,
      UNITS.predictionsPerSecond,
    ),
  }));
}
