import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import { holdsGpuMemory, judgedGpuGrowth } from "../results/kinds/gpu_memory.ts";
import type { MemoryPhaseName, MemoryResult, MemoryScope } from "../results/result.ts";
import { linearAxis, MARGINS, plotBase, type ToPixels, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type Panel } from "./kit/chart.ts";
import { growthPanel } from "./panels/growth_panel.ts";
import { laneLabels } from "./kit/lane_labels.ts";
import { FONT_SIZE } from "./kit/compose.ts";
import { COLORS } from "./kit/palette.ts";
import { textWidth } from "./kit/text_layout.ts";
import {
  bytesUnit,
  formatBytes,
  formatNumber,
  formatTime,
  timeUnit,
  unbroken,
  type Unit,
  unitName,
  UNITS,
} from "../words/quantity.ts";
import { type Bucket, reduceSeries } from "./kit/reduce_series.ts";
import { validityNotes } from "./kit/notes.ts";

/**
 * What does the model cost in memory, and does the server leak? Above, the server's memory over the life of a model with
 * its phases, the baseline and the footprint, that of its GPU first where it was measured; then memory over the requests
 * completed during the soak, with its slope.
 *
 * @param result Of a memory test.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotMemory(result: MemoryResult, options: ChartOptions = {}): Chart {
  const { scope, timeline, absences } = result;
  if (scope === null || timeline.length === 0) {
    const reason = absences["scope"] ?? "No sample was taken";
    return new Chart({
      title: "Memory of the server",
      subtitle: "The server's memory was not observed.",
      legend: [],
      rows: [[{ heading: "Memory", yLabel: "", height: 110, content: reason }]],
      notes: validityNotes(result),
    }, options);
  }
  return new Chart({
    title: "Memory of the server",
    subtitle: memorySummary(result),
    legend: [],
    rows: [
      ...(holdsGpuMemory(result) ? [[memoryPanel(result, "gpuBytes")]] : []),
      [memoryPanel(result, "cpuBytes", result.gpu ? 170 : 260)],
      ...(result.gpu?.growth ? [[growthPanel(result, "gpuBytes")]] : []),
      ...(result.gpu?.allocatedGrowth ? [[growthPanel(result, "gpuAllocatedBytes")]] : []),
      [growthPanel(result)],
    ],
    notes: memoryNotes(result),
  }, options);
}

/** What a memory test found, in a sentence. @param result Of a memory test. */
export function memorySummary(result: MemoryResult): string {
  const { gpu, baseline, peak } = result;
  const [footprintBytes, of] = gpu
    ? [gpu.modelFootprintBytes, "gpuBytes" as const]
    : [result.modelFootprintBytes, "cpuBytes" as const];
  const where = gpu ? " of GPU memory" : "";
  const [before, most] = [baseline?.[of] ?? null, peak?.[of] ?? null];
  const footprint = footprintBytes === null || footprintBytes <= 0
    ? `The model's footprint${gpu ? " on the GPU" : ""} is ${
      footprintBytes === null ? "not known" : "within the noise of nothing"
    }`
    : `The model takes ${unbroken(formatBytes(footprintBytes))}${where}` +
      (before === null ? "" : ` on top of ${unbroken(formatBytes(before))}`);
  const inAll = most === null ? "" : `, at most ${unbroken(formatBytes(most))} in all`;
  const growth = gpu ? judgedGpuGrowth(gpu)?.growth ?? null : result.growth;
  const subject = gpu ? "GPU memory" : "Memory";
  const verdict = growth === null ? "" : {
    growing: ` ${subject} grows with the requests served.`,
    stable: gpu ? " GPU memory does not grow with the requests served." : " No growth with the requests served.",
    "cannot tell": ` Whether ${gpu ? "GPU memory" : "it"} grows cannot be told.`,
  }[
    growth.verdict
  ];
  return `${footprint}${inAll}.${verdict}`;
}

const SOURCES = {
  "process-tree-pss": "the server's process tree, proportional set size (PSS)",
  "process-tree-rss": "the server's process tree, resident set size (RSS)",
  "server-metrics": "what the server reports",
} as const;
const GPU_SOURCES = {
  "per-process": "of the server's processes",
  "per-device": "of the whole device",
  "server-metrics": "as the server reports it",
} as const;

/** The processes by name, where they are known. */
function processesOf({ processes = [] }: MemoryScope): string {
  const names = processes.map(({ name, pid }) => `${name} (pid ${pid})`);
  return names.length === 0 ? "" : ` of ${names.join(", ")}`;
}

function memoryNotes(result: MemoryResult): string[] {
  const { scope, timeline, absences } = result;
  const reason = absences["gpuBytes"];
  const gpu = scope?.gpuSource ?? null;
  return [
    ...(scope === null ? [] : [
      `Host memory: ${SOURCES[scope.source]}${processesOf(scope)}; ${
        formatNumber(timeline.length, UNITS.none)
      } samples. Thick lines: each phase's settled median.`,
    ]),
    gpu === null || result.gpu === null
      ? `GPU memory: not measured${reason === undefined ? "" : ` (${reason})`}.`
      : `GPU memory: ${GPU_SOURCES[gpu]}.`,
    ...(absences["baseline"] === undefined ? [] : [`No baseline: ${absences["baseline"]}.`]),
    ...(absences["phases"] === undefined ? [] : [`Phases are missing: ${absences["phases"]}.`]),
    ...validityNotes(result),
  ];
}

/** More samples than this are drawn as a line of medians in a band. */
const MOST_POINTS = 600;
const BUCKETS = 300;

const PHASE_NAMES: Readonly<Record<MemoryPhaseName, string>> = {
  absent: "absent",
  loaded: "loaded",
  single: "single",
  batches: "batches",
  concurrent: "concurrent",
  soak: "soak",
  unloaded: "unloaded",
};

/**
 * Memory over the test, its phases named above.
 *
 * @param result Of a memory test with samples.
 * @param kind Host or GPU memory.
 * @param height Of the plot, px.
 */
export function memoryPanel(result: MemoryResult, kind: "cpuBytes" | "gpuBytes", height = 260): Panel {
  const samples = result.timeline.flatMap(({ atMs, [kind]: bytes }) => bytes === null ? [] : [{ x: atMs, y: bytes }]);
  const highest = samples.reduce((most, { y }) => Math.max(most, y), 0);
  const unit = bytesUnit(highest);
  return {
    heading: kind === "cpuBytes" ? "Host memory" : "GPU memory",
    yLabel: unitName(unit),
    height,
    content: (width) => memoryOptions(result, kind, { samples, highest, unit }, width),
  };
}

/** Samples with how they are shown. */
interface Series {
  readonly samples: readonly { readonly x: number; readonly y: number }[];
  readonly highest: number;
  readonly unit: Unit;
}

function memoryOptions(
  { phases, baseline, gpu, modelFootprintBytes }: MemoryResult,
  kind: "cpuBytes" | "gpuBytes",
  { samples, highest, unit }: Series,
  width: number,
): PlotOptions {
  const firstMs = samples[0]!.x;
  const lastMs = Math.max(samples.at(-1)!.x, phases.at(-1)?.endMs ?? 0);
  const time = timeUnit(lastMs);
  const domain = [
    Math.min(0, firstMs) / time.divisor,
    (lastMs > firstMs ? lastMs : firstMs + 1) / time.divisor,
  ] as const;
  const axis = linearAxis(domain, `time since the test began (${unitName(time)})`, width);
  const bands = phases.map(({ name, startMs, endMs, [kind]: bytes }, k) => ({
    name,
    from: Math.max(domain[0], startMs / time.divisor),
    to: Math.min(domain[1], endMs / time.divisor),
    shaded: k % 2 === 0,
    title: `${PHASE_NAMES[name]}: ${bytes === null ? "not measured" : formatBytes(bytes)}`,
  }));
  const lanes = laneLabels(
    bands.map(({ name, from, to }) => ({ at: [from, to] as const, text: PHASE_NAMES[name], line: null })),
    axis.toPixels,
    width,
  );
  const buckets = reduceSeries(samples, samples.length > MOST_POINTS ? BUCKETS : samples.length).map((bucket) => ({
    x: bucket.x / time.divisor,
    low: bucket.low / unit.divisor,
    median: bucket.median / unit.divisor,
    title: `${formatTime(bucket.x)}: ${formatBytes(bucket.median)}`,
    high: bucket.high / unit.divisor,
  }));
  const base = baseline?.[kind] ?? null, loaded = phases.find(({ name }) => name === "loaded")?.[kind] ?? null;
  const footprint = kind === "cpuBytes" ? modelFootprintBytes : gpu?.modelFootprintBytes ?? null;
  const place = { at: longestOf(bands) ?? domain[1] / 2, toPixels: axis.toPixels, width };
  return {
    ...plotBase(width),
    marginTop: lanes.marginTop,
    x: axis.scale,
    y: zeroBased(highest / unit.divisor, 0.12),
    marks: [
      Plot.rectX(bands, {
        x1: "from",
        x2: "to",
        fill: ({ shaded }: { shaded: boolean }) => shaded ? COLORS.shade : "transparent",
        title: "title",
      }),
      Plot.ruleY([0]),
      ...lanes.marks,
      ...seriesMarks(buckets, samples.length > MOST_POINTS),
      ...phaseMedians(
        phases.map(({ name, startMs, endMs, [kind]: bytes }) => ({ name, startMs, endMs, bytes })),
        time,
        unit,
      ),
      ...footprintMarks({ base, loaded, footprint }, unit, place),
    ],
  };
}

function longestOf(bands: readonly { readonly from: number; readonly to: number }[]): number | null {
  const [longest] = bands.toSorted((a, b) => (b.to - b.from) - (a.to - a.from));
  return longest === undefined ? null : (longest.from + longest.to) / 2;
}

type ShownBucket = Pick<Bucket, "x" | "low" | "median" | "high"> & { readonly title: string };

function seriesMarks(buckets: readonly ShownBucket[], reduced: boolean): Markish[] {
  return [
    Plot.areaY(buckets, { x: "x", y1: 0, y2: "median", fill: COLORS.blue, fillOpacity: 0.12 }),
    ...(reduced ? [Plot.areaY(buckets, { x: "x", y1: "low", y2: "high", fill: COLORS.blue, fillOpacity: 0.35 })] : []),
    Plot.line(buckets, { x: "x", y: "median", stroke: COLORS.blue, strokeWidth: 1.75 }),
    ...(buckets.length === 1
      ? [Plot.dot(buckets, { x: "x", y: "median", fill: COLORS.blue, r: 4, title: "title" })]
      : []),
  ];
}

function phaseMedians(
  phases: readonly { name: MemoryPhaseName; startMs: number; endMs: number; bytes: number | null }[],
  time: Unit,
  unit: Unit,
): Markish[] {
  const known = phases.flatMap(({ name, startMs, endMs, bytes }) =>
    bytes === null ? [] : [{
      from: startMs / time.divisor,
      to: endMs / time.divisor,
      value: bytes / unit.divisor,
      title: `${PHASE_NAMES[name]}: ${formatBytes(bytes)}`,
    }]
  );
  return [Plot.ruleY(known, { x1: "from", x2: "to", y: "value", stroke: COLORS.ink, strokeWidth: 2, title: "title" })];
}

/** Where the words on the baseline stand, in the unit of the axis. */
interface FootprintPlace {
  readonly at: number;
  readonly toPixels: ToPixels;
  readonly width: number;
}

/** Baseline, and the footprint as a band below what the loaded model has, named in the longest phase. */
function footprintMarks(
  { base, loaded, footprint }: Readonly<Record<"base" | "loaded" | "footprint", number | null>>,
  { divisor }: Unit,
  { at, toPixels, width }: FootprintPlace,
): Markish[] {
  if (base === null) return [];
  const isNoise = footprint === null || footprint <= 0;
  const band = isNoise || loaded === null ? [] : [{ base: (loaded - footprint) / divisor, top: loaded / divisor }];
  const told = isNoise ? "within the noise of nothing" : unbroken(formatBytes(footprint));
  const words = `baseline ${unbroken(formatBytes(base))}${footprint === null ? "" : `, footprint ${told}`}`;
  const half = textWidth(words, FONT_SIZE) / 2 + 4;
  const middle = Math.max(MARGINS.marginLeft + half, Math.min(width - MARGINS.marginRight - half, toPixels(at)));
  return [
    Plot.rect(band, { y1: "base", y2: "top", fill: COLORS.gold, fillOpacity: 0.3, title: () => words }),
    Plot.ruleY([base / divisor], {
      stroke: COLORS.ochre,
      strokeWidth: 1.5,
      strokeDasharray: "5,3",
      title: () => words,
    }),
    Plot.text([at], {
      x: (place: number) => place,
      y: () => base / divisor,
      text: () => words,
      lineAnchor: "top",
      dx: middle - toPixels(at),
      dy: 6,
      fill: COLORS.ink,
      stroke: COLORS.background,
      strokeWidth: 3,
    }),
  ];
}
