import defer * as Plot from "@observablehq/plot";
import type { ColdSample, LatencyResult } from "../results/result.ts";
import { plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { DISTRIBUTION_NOTE, distributionRowsPanel } from "./panels/distribution_rows.ts";
import { type StageBar, stageBarsPanel } from "./panels/stage_bars.ts";
import { COLORS } from "./kit/palette.ts";
import { formatTimeEstimate } from "../words/estimate/estimate_text.ts";
import { formatNumber, formatTime, shortNumber, timeUnit, unbroken, unitName, UNITS } from "../words/quantity.ts";
import { timeValue } from "../words/inline_quantity.ts";
import { counted, validityNotes } from "./kit/notes.ts";
import { serverStartLegend, serverStartNotes, serverStartPanels, serverStartSummary } from "./server_starts.ts";

const PARTS = [
  { name: "unload", color: COLORS.neutral },
  { name: "load", color: COLORS.blue },
  { name: "first inference", color: COLORS.vermillion },
] as const;

/**
 * What does a cold start cost, and when is the model warm? One bar for each cold cycle, split into unload, load and
 * first inference, with the warm latency on the same scale; below, the warm distribution on its own scale and the
 * latency of the first inferences after a load.
 *
 * @param result Of a latency test.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotColdStart(result: LatencyResult, options: ChartOptions = {}): Chart {
  const { cold, warm, absences } = result;
  const latencyMs = warm?.latencyMs ?? null;
  const warmPanel: Panel = latencyMs === null
    ? { ...EMPTY_WARM, content: absences["warm.latencyMs"] ?? "No warm request succeeded" }
    : distributionRowsPanel(
      [{ label: "warm", distributionMs: latencyMs, color: COLORS.green }],
      "Warm latency",
      "latency",
    );
  return new Chart({
    title: "Cold start against warm latency",
    subtitle: coldStartSummary(result),
    legend: coldStartLegend(result),
    rows: [...serverStartPanels(result).map((panel) => [panel]), [coldStartPanel(result)], [
      warmPanel,
      warmUpPanel(result),
    ]],
    notes: [
      ...serverStartNotes(result),
      ...(cold === null ? [] : [
        `${counted(cold.samples.length, "cold cycle")}. A cold start is load and ` +
        "first inference; unloading, left of zero, is not part of it." + firstNote(result),
      ]),
      ...(absences["cold.samples"] === undefined ? [] : [`Cold cycles done: ${absences["cold.samples"]}.`]),
      ...(latencyMs === null ? [] : [
        `Warm: n = ${formatNumber(latencyMs.n, UNITS.none)}${warm?.converged ? "" : ", rough"}. ${DISTRIBUTION_NOTE}`,
      ]),
      ...validityNotes(result),
    ],
  }, options);
}

const EMPTY_WARM = { heading: "Warm latency", yLabel: "", height: 110 } as const;

/** What a latency test found, in a sentence. @param result Of a latency test. */
export function coldStartSummary(result: LatencyResult): string {
  const starts = serverStartSummary(result);
  const cycles = result.cold === null && starts !== "" ? "" : cyclesSummary(result);
  return [starts, cycles].filter((text) => text !== "").join(" ");
}

function cyclesSummary({ cold, warm, overheadMs }: LatencyResult): string {
  const warmMs = warm?.latencyMs?.mean ?? null;
  const warmMean = warmMs === null ? "" : `warm ${unbroken(timeValue(warmMs))}`;
  if (cold === null) return warmMean === "" ? "Nothing was measured." : `No cold start was measured; ${warmMean}.`;
  const mean = cold.totalMs.mean;
  const coldMean = `A cold start takes ${unbroken(formatTimeEstimate(mean))}`;
  if (overheadMs === null || warmMs === null) return `${coldMean} on average.`;
  const times = mean.value / warmMs.value;
  return `${coldMean} on average, ${warmMean}: ${formatNumber(times, UNITS.none)} times as long.`;
}

/** The parts that occur. @param result Of a latency test. */
export function coldStartLegend({ cold, starts }: LatencyResult): LegendEntry[] {
  const samples = cold?.samples ?? [];
  const hasLoad = samples.some(({ loadMs }) => loadMs !== null);
  const parts = samples.length === 0 ? [] : PARTS.filter(({ name }) => name !== "load" || hasLoad);
  return [
    ...serverStartLegend(starts),
    ...parts.map(({ name, color }): LegendEntry => ({ sign: "area", color, label: name })),
  ];
}

/** The first cycle has a bar and no part in the mean. */
function firstNote({ firstCycle }: LatencyResult): string {
  if (!firstCycle) return "";
  const may = firstCycle.sinceStart ? "is" : "may be";
  return ` The first cycle ${may} the first since the server's start and is not averaged in.`;
}

/**
 * One bar for each cold cycle, and the warm latency on the same scale.
 *
 * @param result Of a latency test.
 */
export function coldStartPanel(result: LatencyResult): Panel {
  const { cold, absences } = result;
  const heading = "Cold cycles";
  if (cold === null) {
    return { heading, yLabel: "", height: 110, content: absences["cold"] ?? "No cold start was measured" };
  }
  const first = result.firstCycle ? [cycleBar(result.firstCycle, "first")] : [];
  return stageBarsPanel({
    heading,
    axisLabel: "time since the load began",
    bars: [...first, ...cold.samples.map((sample, k) => cycleBar(sample, `cycle ${k + 1}`))],
    totalMs: cold.totalMs,
    warmMs: result.warm?.latencyMs ?? null,
  });
}

function cycleBar({ unloadMs, loadMs, firstInferenceMs }: ColdSample, row: string): StageBar {
  const [unload, load, first] = PARTS;
  return {
    row,
    before: { name: unload.name, durationMs: unloadMs, color: unload.color },
    stages: [
      { name: load.name, durationMs: loadMs ?? 0, color: load.color },
      { name: first.name, durationMs: firstInferenceMs, color: first.color },
    ],
  };
}

/**
 * Latency of the first inferences after a load, with the warm median.
 *
 * @param result Of a latency test.
 */
export function warmUpPanel({ warmUpCurveMs: ofCycles, starts, warm, absences }: LatencyResult): Panel {
  const warmUpCurveMs = ofCycles ?? starts?.warmUpCurveMs ?? null;
  const heading = "First inferences, median";
  if (warmUpCurveMs === null || warmUpCurveMs.length === 0) {
    return { heading, yLabel: "", height: 110, content: absences["cold"] ?? "No inference after a load was timed" };
  }
  const warmMedian = warm?.latencyMs?.p50 ?? null, warmMs = warmMedian?.value ?? null;
  const unit = timeUnit(Math.max(...warmUpCurveMs, warmMs ?? 0));
  const curve = warmUpCurveMs.map((latencyMs, k) => ({
    k: k + 1,
    latency: latencyMs / unit.divisor,
    title: `inference ${k + 1}: ${formatTime(latencyMs)}`,
  }));
  return {
    heading,
    yLabel: unitName(unit),
    height: 150,
    content: (width) => ({
      ...plotBase(width),
      x: {
        domain: [0.5, curve.length + 0.5],
        ticks: [...new Set([1, ...[0.25, 0.5, 0.75, 1].map((part) => Math.ceil(part * curve.length))])],
        tickFormat: shortNumber,
        label: `inference after the ${ofCycles === null ? "start" : "load"}`,
      },
      y: zeroBased(Math.max(...curve.map(({ latency }) => latency), (warmMs ?? 0) / unit.divisor), 0.2),
      marks: [
        Plot.ruleY([0]),
        ...(warmMs === null || warmMedian === null ? [] : [
          Plot.ruleY([warmMs / unit.divisor], { stroke: COLORS.green, strokeWidth: 1.5, strokeDasharray: "4,3" }),
          Plot.text([`dashed: warm p50 ${unbroken(timeValue(warmMedian))}`], {
            text: (words: string) => words,
            frameAnchor: "top-right",
            fill: COLORS.green,
            fontWeight: 600,
            stroke: COLORS.background,
            strokeWidth: 3,
          }),
        ]),
        Plot.line(curve, { x: "k", y: "latency", stroke: COLORS.vermillion, strokeWidth: 1.5 }),
        Plot.dot(curve, {
          x: "k",
          y: "latency",
          fill: COLORS.vermillion,
          r: curve.length > 60 ? 2 : 3.5,
          title: "title",
        }),
      ],
    }),
  };
}
