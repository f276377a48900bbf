import { KINDS, type ResultByKind, type ResultKind } from "../results/kinds.ts";
import { holdsGpuMemory, judgedGpuGrowth } from "../results/kinds/gpu_memory.ts";
import type { Kind } from "../results/kinds/kind.ts";
import type {
  AbResult,
  BasicResult,
  LatencyResult,
  MemoryResult,
  OperatingPointsResult,
  ResultBase,
  TestResult,
  Window,
} from "../results/result.ts";
import { atLeast } from "../results/window/at_least.ts";
import { atLeastText } from "./kit/at_least_text.ts";
import { type Bar, barsPanel } from "./panels/bars_panel.ts";
import { Chart, type ChartContent, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { DISTRIBUTION_NOTE, distributionRowsPanel } from "./panels/distribution_rows.ts";
import { latencyCurve } from "./panels/latency_curve.ts";
import { compareLoad, compareScalability, compareThroughput } from "./compare_sweeps.ts";
import { streamedRows } from "./compared/streamed.ts";
import type { Named } from "./named.ts";
import { SERIES_COLORS } from "./kit/palette.ts";
import { bytesUnit, formatBytes, formatNumber, timeUnit, UNITS } from "../words/quantity.ts";
import { loadInWords } from "../words/load_in_words.ts";
import { quantilePanel } from "./panels/quantile_panel.ts";
import { openEndsNote } from "./kit/notes.ts";

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

/** How results of each kind stand over each other; any other is compared by the window that stands for it. */
const COMPARISONS: { readonly [K in ResultKind]?: (named: readonly Named<ResultByKind[K]>[]) => ChartContent } = {
  basic: compareBasic,
  latency: compareLatency,
  throughput: compareThroughput,
  scalability: compareScalability,
  memory: compareMemory,
  load: compareLoad,
  "operating-points": (named) => comparePoints(named),
  ab: compareAb,
};

function comparisonOf(named: readonly Named<TestResult>[]): ChartContent {
  const [first] = named;
  if (first !== undefined) return comparisonOfKind(first.result.kind, named);
  const empty: Panel = { heading: "Results", yLabel: "", height: 110, content: "There is no result to compare" };
  return { title: "Comparison", subtitle: "", legend: [], rows: [[empty]], notes: [] };
}

function comparisonOfKind<K extends ResultKind>(kind: K, named: readonly Named<TestResult>[]): ChartContent {
  const isOfKind = (one: Named<TestResult>): one is Named<ResultByKind[K]> => one.result.kind === kind;
  const alike = named.filter(isOfKind);
  return COMPARISONS[kind]?.(alike) ?? compareBest(alike, KINDS[kind]);
}

function compareBasic(named: readonly Named<BasicResult>[]): ChartContent {
  const series = named.flatMap(({ label, result, color }) => {
    const curve = latencyCurve(result);
    return curve === null || result.latencyMs === null ? [] : [{ label, color, curve, latencyMs: result.latencyMs }];
  });
  const streamed = streamedRows(named);
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
        named.map(({ label, result, color }) => ({ label, color, ...rateOf(result, "requests") })),
        "Rate",
        { label: "requests", unitFor: () => UNITS.requestsPerSecond },
      )],
      ...streamed.rows,
    ],
    notes: [
      named.map(({ label, result }) =>
        `${label}: ${loadInWords(result.load)}, n = ${formatNumber(result.succeeded, UNITS.none)}`
      ).join("; ") + ".",
      ...openEndsNote(series.flatMap(({ latencyMs: { p50, p95, p99 } }) => [p50, p95, p99])),
      ...streamed.notes,
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

function compareMemory(named: readonly Named<MemoryResult>[]): ChartContent {
  const bars = (bytesOf: (result: MemoryResult) => number | null | undefined): Bar[] =>
    named.map(({ label, result, color }) => {
      const value = bytesOf(result) ?? null;
      if (value === null) return { label, color, estimate: null };
      return { label, color, estimate: { value, low: null, high: null, level: 0.95, n: 1 }, text: formatBytes(value) };
    });
  const gpuFootprints = bars(({ gpu }) => gpu?.modelFootprintBytes);
  const footprints = bars(({ modelFootprintBytes }) => modelFootprintBytes);
  const peaks = bars(({ peak }) => peak?.cpuBytes);
  const gpus = bars((result) => holdsGpuMemory(result) ? result.peak?.gpuBytes : null);
  const growths = (of: (result: MemoryResult) => MemoryResult["growth"] | undefined): Bar[] =>
    named.map(({ label, result, color }) => ({ label, color, estimate: of(result)?.bytesPerRequest ?? null }));
  const known = (shown: readonly Bar[]) => shown.some(({ estimate }) => estimate !== null);
  const [inHost, ofHost] = named.some(({ result }) => result.gpu) ? [" in host memory", " of host memory"] : ["", ""];
  const gpuGrowths = growths(({ gpu }) => gpu ? judgedGpuGrowth(gpu)?.growth : null);
  const memoryBars = (shown: readonly Bar[], heading: string, label: string) =>
    barsPanel(shown, heading, { label, unitFor: bytesUnit });
  const growthBars = (shown: readonly Bar[], heading: string) =>
    barsPanel(shown, heading, { label: "slope with its 95% interval", unitFor: () => UNITS.bytesPerRequest });
  return {
    title: "Memory compared",
    subtitle: "What the model adds to the server, the most that the server took, and its growth with requests.",
    legend: [],
    rows: [
      ...(known(gpuFootprints) ? [[memoryBars(gpuFootprints, "GPU footprint", "loaded less absent")]] : []),
      [memoryBars(footprints, `Model footprint${inHost}`, "loaded less absent")],
      ...(known(gpus) ? [[memoryBars(gpus, "Peak of the GPU", "GPU memory")]] : []),
      [memoryBars(peaks, "Peak of the server", "host memory")],
      ...(known(gpuGrowths) ? [[growthBars(gpuGrowths, "Growth of GPU memory during the soak")]] : []),
      [growthBars(growths(({ growth }) => growth), `Growth${ofHost} during the soak`)],
    ],
    notes: [
      named.map(({ label, result }) => `${label}: ${growthVerdicts(result)}`).join("; ") + ".",
    ],
  };
}

function growthVerdicts({ growth, gpu }: MemoryResult): string {
  const host = growth?.verdict ?? "growth not measured";
  const onGpu = gpu ? judgedGpuGrowth(gpu)?.growth.verdict : undefined;
  return onGpu === undefined ? host : `GPU memory ${onGpu}, host memory ${host}`;
}

/** A rate as a bar shows it: "at least", without an upper end, where the client limited it. */
function rateOf(window: Window | null, what: "requests" | "predictions"): Pick<Bar, "estimate" | "converged" | "text"> {
  const estimate = atLeast(window, what);
  const converged = window?.converged ?? true;
  const unit = what === "requests" ? UNITS.requestsPerSecond : UNITS.predictionsPerSecond;
  return estimate !== null && window?.clientLimited
    ? { estimate, converged, text: atLeastText(estimate.value, unit) }
    : { estimate, converged };
}

/** What was recommended, by the best point of each. */
const comparePoints = (named: readonly Named<OperatingPointsResult>[]): ChartContent => ({
  ...compareBest(named, KINDS["operating-points"], "predictions"),
  title: "Recommended points compared",
  subtitle: "Throughput and p95 latency at the recommended batch size and concurrency, with their 95% intervals.",
});

/**
 * Results of any kind by the window that stands for each: its rate and its 95th percentile of latency.
 *
 * @param named At least one.
 * @param spec What is known of their kind.
 * @param what Which rate.
 */
export function compareBest<R extends ResultBase>(
  named: readonly Named<R>[],
  spec: Kind<R>,
  what: "requests" | "predictions" = "requests",
): ChartContent {
  const best = named.map(({ label, color, result }) => ({
    label,
    color,
    window: spec.best?.(result)?.window ?? null,
  }));
  const unit = what === "requests" ? UNITS.requestsPerSecond : UNITS.predictionsPerSecond;
  return {
    title: `${spec.title} compared`,
    subtitle: `${spec.question} Throughput and p95 latency with their 95% intervals.`,
    legend: [],
    rows: [
      [barsPanel(
        best.map(({ label, color, window }) => ({ label, color, ...rateOf(window, what) })),
        "Throughput",
        { label: what, unitFor: () => unit },
      )],
      [barsPanel(
        best.map(({ label, color, window }) => ({ label, color, estimate: window?.latencyMs?.p95 ?? null })),
        "Latency, p95",
        { label: "latency", unitFor: timeUnit },
      )],
    ],
    notes: [
      best.map(({ label, window }) => `${label}: ${window === null ? "none qualifies" : loadInWords(window.load)}`)
        .join("; ") + ".",
    ],
  };
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
