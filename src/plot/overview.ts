import type { Measurements } from "../results/report.ts";
import type { OperatingPoint, TestResults } from "../results/result.ts";
import { barsPanel } from "./panels/bars_panel.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { coldLegend, coldStartPanel, coldStartSummary } from "./cold_start.ts";
import { latencySummary } from "./latency.ts";
import { latencyCurve } from "./panels/latency_curve.ts";
import { latencyLevelsPanel } from "./panels/latency_levels.ts";
import { memoryPanel, memorySummary } from "./memory.ts";
import { COLORS } from "./kit/palette.ts";
import { formatEstimate, formatTimeEstimate, unbroken, UNITS } from "../words/quantity.ts";
import { quantilePanel } from "./panels/quantile_panel.ts";
import { scalabilityLegend, scalabilityPanel, scalabilityPoints, scalabilitySummary } from "./scalability.ts";
import { sweepLegend } from "./sweep.ts";
import { throughputLegend, throughputPanel, throughputPoints, throughputSummary } from "./throughput.ts";

/** Height of an overview's plots, px. */
const HEIGHT = 190;

/**
 * One comprehensive run on one sheet: every test that was run in one small plot, with what each found.
 *
 * @param measurements Of a comprehensive run, or a report, which holds them; tests that were not run are left out.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotOverview(measurements: Measurements, options: ChartOptions = {}): Chart {
  const { tests, target, environment, startedAt, partial, warnings } = measurements;
  const panels = panelsOf(tests);
  const rows = Array.from({ length: Math.ceil(panels.length / 2) }, (_, k) => panels.slice(2 * k, 2 * k + 2));
  const empty: Panel = { heading: "Tests", yLabel: "", height: 110, content: "No test was run" };
  return new Chart({
    title: `${target.model}: overview`,
    subtitle: headline(tests),
    legend: legendOf(tests),
    rows: rows.length === 0 ? [[empty]] : rows,
    notes: [
      ...summariesOf(tests),
      `${target.protocol} at ${target.url}${
        target.embedded ? " (embedded server: its predictions mean nothing)" : ""
      }, ` +
      `${startedAt.slice(0, 16).replace("T", " ")} UTC; client: ${environment.os}, ${environment.cores} cores.`,
      ...(tests.operatingPoints?.every(({ converged }) => converged) ?? true
        ? []
        : ["Pale bars: not converged within the time that a candidate gets."]),
      ...(partial === null ? [] : [`Partial: ${partial === "interrupted" ? "interrupted" : "the server was lost"}.`]),
      ...warnings,
    ],
  }, options);
}

function headline({ operatingPoints = [] }: TestResults): string {
  const [best] = operatingPoints;
  if (best === undefined || best.predictionsPerSecond === null) return "";
  const tail = best.latencyMs?.p95;
  return `Best measured together: batch ${best.batchSize} at concurrency ${best.concurrency}, ` +
    unbroken(formatEstimate(best.predictionsPerSecond, UNITS.predictionsPerSecond)) +
    (tail === undefined ? "." : `, p95 ${unbroken(formatTimeEstimate(tail))}.`);
}

function panelsOf(tests: TestResults): Panel[] {
  const { basic, latency, throughput, scalability, memory, operatingPoints = [] } = tests;
  const curve = basic === undefined ? null : latencyCurve(basic);
  const panels: (Panel | undefined)[] = [
    latency && { ...coldStartPanel(latency), heading: "Cold start" },
    basic &&
    (basic.latencyMs === null || curve === null
      ? { heading: "Latency by percentile", yLabel: "", height: HEIGHT, content: "No request succeeded" }
      : quantilePanel([{ label: "", curve, latencyMs: basic.latencyMs, color: COLORS.blue }], HEIGHT)),
    throughput && { ...throughputPanel(throughput, HEIGHT), heading: "By batch size" },
    throughput && throughput.levels.length > 0
      ? {
        ...latencyLevelsPanel(throughput.levels, ({ batchSize }) => batchSize, "batch size", HEIGHT),
        heading: "Latency by batch size",
      }
      : undefined,
    scalability && { ...scalabilityPanel(scalability, HEIGHT), heading: "By concurrency" },
    scalability && scalability.levels.length > 0
      ? {
        ...latencyLevelsPanel(scalability.levels, ({ concurrency }) => concurrency, "concurrency", HEIGHT),
        heading: "Latency by concurrency",
      }
      : undefined,
    memory && (memory.timeline.length === 0
      ? {
        heading: "Host memory",
        yLabel: "",
        height: HEIGHT,
        content: memory.absences["scope"] ?? "The server's memory was not observed",
      }
      : memoryPanel(memory, "cpuBytes", HEIGHT + 40)),
    operatingPoints.length === 0 ? undefined : operatingPanel(operatingPoints),
  ];
  return panels.filter((panel) => panel !== undefined);
}

/** More candidates than this say little more. */
const MOST_POINTS = 5;

function operatingPanel(points: readonly OperatingPoint[]): Panel {
  const bars = points.slice(0, MOST_POINTS).map(({ batchSize, concurrency, predictionsPerSecond, converged }) => ({
    label: `${batchSize} × ${concurrency}`,
    estimate: predictionsPerSecond,
    color: COLORS.blue,
    converged,
  }));
  return barsPanel(bars, "Batch size × concurrency", {
    label: "predictions",
    unitFor: () => UNITS.predictionsPerSecond,
  });
}

function legendOf({ latency, throughput, scalability }: TestResults): LegendEntry[] {
  const entries = [
    ...(latency?.cold ? coldLegend(latency.cold.samples) : []),
    ...(throughput ? [...sweepLegend(throughputPoints(throughput), COLORS.blue), ...throughputLegend(throughput)] : []),
    ...(scalability
      ? [...sweepLegend(scalabilityPoints(scalability), COLORS.blue), ...scalabilityLegend(scalability)]
      : []),
  ];
  return entries.filter(({ label }, k) => entries.findIndex((other) => other.label === label) === k);
}

function summariesOf({ basic, latency, throughput, scalability, memory }: TestResults): string[] {
  return [
    ...(latency ? [coldStartSummary(latency)] : []),
    ...(basic ? [latencySummary(basic)] : []),
    ...(throughput ? [throughputSummary(throughput)] : []),
    ...(scalability ? [scalabilitySummary(scalability)] : []),
    ...(memory ? [memorySummary(memory)] : []),
  ];
}
