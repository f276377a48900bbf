import { KINDS, type ResultKind } from "../results/kinds.ts";
import type { Kind as KindSpec } from "../results/kinds/kind.ts";
import type {
  AbResult,
  BasicResult,
  LatencyResult,
  LoadResult,
  MemoryResult,
  OperatingPointsResult,
  ScalabilityResult,
  TestResult,
  ThroughputResult,
} from "../results/result.ts";
import { atLeast } from "../results/window/at_least.ts";
import { atLeastText } from "./kit/at_least_text.ts";
import { type Bar, barsPanel } from "./panels/bars_panel.ts";
import { Chart, type ChartContent, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { DISTRIBUTION_NOTE, distributionRowsPanel } from "./panels/distribution_rows.ts";
import { latencyCurve } from "./panels/latency_curve.ts";
import { compareSweeps } from "./compare_sweeps.ts";
import { SERIES_COLORS } from "./kit/palette.ts";
import { bytesUnit, formatBytes, formatNumber, timeUnit, UNITS } from "../words/quantity.ts";
import { loadInWords } from "../words/load_in_words.ts";
import { quantilePanel } from "./panels/quantile_panel.ts";
import { openEndsNote } from "./kit/notes.ts";

/** A result with its name and colour. */
interface Named<R> {
  readonly label: string;
  readonly result: R;
  readonly color: string;
}

/**
 * How do models, servers or versions differ in one test? Results of the same test over each other, with their intervals:
 * where those lie apart, so do the results.
 *
 * @example
 * ```ts ignore
 * plotComparison({ resnet50: await runThroughputTest(resnet), mobilenet: await runThroughputTest(mobilenet) });
 * ```
 *
 * @param results By label; the test of the first decides, results of another test are named and left out.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotComparison<R extends TestResult>(
  results: Readonly<Record<string, R>>,
  options: ChartOptions = {},
): Chart {
  const entries = Object.entries<TestResult>(results);
  const kind = entries[0]?.[1].kind;
  const alike = entries.filter(([, result]) => result.kind === kind);
  const drawn = alike.slice(0, SERIES_COLORS.length);
  const named = drawn.map(([label, result], k) => ({ label, result, color: SERIES_COLORS[k]! }));
  const notes = [
    ...leftOut(entries, alike, "they are of another test"),
    ...leftOut(alike, drawn, `a chart holds ${SERIES_COLORS.length}`),
  ];
  const content = comparisonOf(named);
  return new Chart({ ...content, notes: [...content.notes, ...partialNotes(named), ...notes] }, options);
}

function leftOut(
  all: readonly [string, TestResult][],
  kept: readonly [string, TestResult][],
  reason: string,
): string[] {
  const labels = all.filter((entry) => !kept.includes(entry)).map(([label]) => label);
  return labels.length === 0 ? [] : [`Left out, as ${reason}: ${labels.join(", ")}.`];
}

function partialNotes(named: readonly Named<TestResult>[]): string[] {
  const partial = named.filter(({ result }) => result.partial !== null).map(({ label }) => label);
  const limited = named.filter(({ result }) => result.client.limited).map(({ label }) => label);
  return [
    ...(partial.length === 0 ? [] : [`Partial: ${partial.join(", ")}.`]),
    ...(limited.length === 0 ? [] : [`May be limited by the client: ${limited.join(", ")}.`]),
  ];
}

type ResultOf<K extends ResultKind> = Extract<TestResult, { kind: K }>;

/** How results of each kind stand over each other. */
const COMPARISONS: { readonly [K in ResultKind]: (named: readonly Named<ResultOf<K>>[]) => ChartContent } = {
  basic: compareBasic,
  latency: compareLatency,
  throughput: compareThroughput,
  scalability: compareScalability,
  memory: compareMemory,
  load: compareLoad,
  "operating-points": comparePoints,
  ab: compareAb,
};

function comparisonOf(named: readonly Named<TestResult>[]): ChartContent {
  const [first] = named;
  if (first !== undefined) return comparisonOfKind(first.result.kind, named);
  const empty: Panel = { heading: "Results", yLabel: "", height: 110, content: "There is no result to compare" };
  return { title: "Comparison", subtitle: "", legend: [], rows: [[empty]], notes: [] };
}

function comparisonOfKind<K extends ResultKind>(kind: K, named: readonly Named<TestResult>[]): ChartContent {
  const isOfKind = (one: Named<TestResult>): one is Named<ResultOf<K>> => one.result.kind === kind;
  return COMPARISONS[kind](named.filter(isOfKind));
}

function compareBasic(named: readonly Named<BasicResult>[]): ChartContent {
  const series = named.flatMap(({ label, result, color }) => {
    const curve = latencyCurve(result);
    return curve === null || result.latencyMs === null ? [] : [{ label, color, curve, latencyMs: result.latencyMs }];
  });
  return {
    title: "Latency compared",
    subtitle: "p50, p95 and p99 with their 95% intervals, and the rate at which the requests were answered.",
    legend: namesLegend(series),
    rows: [
      [
        series.length === 0
          ? { heading: "Latency", yLabel: "", height: 110, content: "No request succeeded" }
          : quantilePanel(series),
      ],
      [barsPanel(
        named.map(({ label, result, color }) => ({
          label,
          color,
          estimate: result.requestsPerSecond,
          converged: result.converged,
        })),
        "Rate",
        { label: "requests", unitFor: () => UNITS.requestsPerSecond },
      )],
    ],
    notes: [
      named.map(({ label, result }) =>
        `${label}: ${loadInWords(result.load)}, n = ${formatNumber(result.succeeded, UNITS.none)}`
      ).join("; ") + ".",
      ...openEndsNote(series.flatMap(({ latencyMs: { p50, p95, p99 } }) => [p50, p95, p99])),
    ],
  };
}

function compareLatency(named: readonly Named<LatencyResult>[]): ChartContent {
  const cold = named.map(({ label, result, color }) => ({
    label,
    color,
    estimate: result.cold?.totalMs.mean ?? null,
  }));
  const warm = named.flatMap(({ label, result, color }) =>
    result.warm?.latencyMs ? [{ label, color, distributionMs: result.warm.latencyMs }] : []
  );
  return {
    title: "Cold starts compared",
    subtitle: "Mean of load and first inference with its 95% interval, and the latency once warm.",
    legend: [],
    rows: [
      [barsPanel(cold, "Cold start", { label: "load and first inference", unitFor: timeUnit })],
      [
        warm.length === 0
          ? { heading: "Warm latency", yLabel: "", height: 110, content: "No warm request succeeded" }
          : distributionRowsPanel(warm, "Warm latency", "latency"),
      ],
    ],
    notes: [
      named.map(({ label, result }) => `${label}: ${result.cold?.samples.length ?? 0} cold cycles`).join("; ") + ".",
      ...(warm.length === 0 ? [] : [DISTRIBUTION_NOTE]),
    ],
  };
}

function compareThroughput(named: readonly Named<ThroughputResult>[]): ChartContent {
  const sweeps = named.map(({ label, color, result }) => ({
    label,
    color,
    condition: `${result.concurrency} outstanding`,
    levels: result.levels.map((level) => ({ ...level, level: level.batchSize, rate: atLeast(level, "predictions") })),
    optimum: result.optimalBatchSize,
  }));
  return compareSweeps(sweeps, {
    title: "Throughput compared",
    optimumName: "Best batch",
    label: "batch size (items per request)",
    yLabel: "predictions/s",
    unit: UNITS.predictionsPerSecond,
  });
}

function compareScalability(named: readonly Named<ScalabilityResult>[]): ChartContent {
  const sweeps = named.map(({ label, color, result }) => ({
    label,
    color,
    condition: `batch size ${result.batchSize}`,
    levels: result.levels.map((level) => ({ ...level, level: level.concurrency, rate: atLeast(level, "requests") })),
    optimum: result.optimalConcurrency,
  }));
  return compareSweeps(sweeps, {
    title: "Scalability compared",
    optimumName: "Best concurrency",
    label: "concurrency (requests outstanding)",
    yLabel: "requests/s",
    unit: UNITS.requestsPerSecond,
  });
}

function compareLoad(named: readonly Named<LoadResult>[]): ChartContent {
  const sweeps = named.map(({ label, color, result }) => ({
    label,
    color,
    condition: `${result.arrivals} arrivals, batch size ${result.batchSize}`,
    levels: result.levels.map((level) => ({
      ...level,
      level: level.offeredPerSecond,
      rate: atLeast(level, "requests"),
    })),
    optimum: result.sustainedPerSecond,
  }));
  return compareSweeps(sweeps, {
    title: "Load compared",
    optimumName: "Highest rate that the server kept up with, req/s",
    label: "offered (requests/s)",
    yLabel: "achieved, requests/s",
    unit: UNITS.requestsPerSecond,
  });
}

function compareMemory(named: readonly Named<MemoryResult>[]): ChartContent {
  const bars = (bytesOf: (result: MemoryResult) => number | null | undefined): Bar[] =>
    named.map(({ label, result, color }) => {
      const value = bytesOf(result) ?? null;
      if (value === null) return { label, color, estimate: null };
      return { label, color, estimate: { value, low: null, high: null, level: 0.95, n: 1 }, text: formatBytes(value) };
    });
  const footprints = bars(({ modelFootprintBytes }) => modelFootprintBytes);
  const peaks = bars(({ peak }) => peak?.cpuBytes);
  const gpus = bars(({ peak }) => peak?.gpuBytes);
  const growth = named.map(({ label, result, color }) => ({
    label,
    color,
    estimate: result.growth?.bytesPerRequest ?? null,
  }));
  const memoryBars = (shown: readonly Bar[], heading: string, label: string) =>
    barsPanel(shown, heading, { label, unitFor: bytesUnit });
  return {
    title: "Memory compared",
    subtitle: "What the model adds to the server, the most that the server took, and its growth with requests.",
    legend: [],
    rows: [
      [memoryBars(footprints, "Model footprint", "loaded less absent")],
      [memoryBars(peaks, "Peak of the server", "host memory")],
      ...(gpus.some(({ estimate }) => estimate !== null) ? [[memoryBars(gpus, "Peak of the GPU", "GPU memory")]] : []),
      [barsPanel(growth, "Growth during the soak", {
        label: "slope with its 95% interval",
        unitFor: () => UNITS.bytesPerRequest,
      })],
    ],
    notes: [
      named.map(({ label, result: { growth: slope } }) => `${label}: ${slope?.verdict ?? "growth not measured"}`).join(
        "; ",
      ) + ".",
    ],
  };
}

/** What was recommended, by the best point of each. */
function comparePoints(named: readonly Named<OperatingPointsResult>[]): ChartContent {
  const best = named.map(({ label, color, result }) => ({ label, color, found: bestOf(result) }));
  return {
    title: "Recommended points compared",
    subtitle: "Throughput and p95 latency at the recommended batch size and concurrency, with their 95% intervals.",
    legend: [],
    rows: [
      [barsPanel(
        best.map(({ label, color, found }) => ({
          label,
          color,
          estimate: found?.window.predictionsPerSecond ?? null,
          converged: found?.window.converged ?? true,
        })),
        "Throughput",
        { label: "predictions", unitFor: () => UNITS.predictionsPerSecond },
      )],
      [barsPanel(
        best.map(({ label, color, found }) => ({ label, color, estimate: found?.window.latencyMs?.p95 ?? null })),
        "Latency, p95",
        { label: "latency", unitFor: timeUnit },
      )],
    ],
    notes: [
      best.map(({ label, found }) => `${label}: ${found === null ? "none qualifies" : loadInWords(found.window.load)}`)
        .join("; ") + ".",
    ],
  };
}

function bestOf(result: OperatingPointsResult) {
  return (KINDS["operating-points"] as KindSpec<OperatingPointsResult>).best?.(result) ?? null;
}

/** The effects of each A/B test, as ratios of B to A. */
function compareAb(named: readonly Named<AbResult>[]): ChartContent {
  const bars = (name: "throughput" | "p95") =>
    named.map(({ label, color, result }) => ({ label, color, estimate: result.effects[name].ratio }));
  const ratio = { label: "B to A", unitFor: () => UNITS.times };
  return {
    title: "A/B tests compared",
    subtitle: "How the second server stands against the first in each run, with the 95% intervals.",
    legend: [],
    rows: [[barsPanel(bars("throughput"), "Throughput", ratio)], [barsPanel(bars("p95"), "Latency, p95", ratio)]],
    notes: [named.map(({ label, result }) => `${label}: ${loadInWords(result.a.load)}`).join("; ") + "."],
  };
}

function namesLegend(series: readonly { readonly label: string; readonly color: string }[]): LegendEntry[] {
  return series.map(({ label, color }) => ({ sign: "line", color, label }));
}
