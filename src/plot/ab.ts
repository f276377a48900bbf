import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { AbResult, BlockSide, PairedEffect } from "../results/kinds/ab.ts";
import { changeText } from "../words/estimate/change_text.ts";
import { loadInWords } from "../words/load_in_words.ts";
import { formatNumber, formatTime, shortNumber, unbroken, UNITS } from "../words/quantity.ts";
import { linearAxis, plotBase } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { counted, validityNotes } from "./kit/notes.ts";
import { COLORS } from "./kit/palette.ts";

const LEGEND: readonly LegendEntry[] = [
  { sign: "dot", color: COLORS.muted, label: "one block" },
  { sign: "line", color: COLORS.ink, label: "effect" },
  { sign: "area", color: COLORS.highlight, label: "its 95% interval" },
  { sign: "dashed", color: COLORS.neutral, label: "no difference" },
];

const VERDICTS: Readonly<Record<PairedEffect["verdict"], string>> = {
  "better": "B is faster",
  "worse": "B is slower",
  "no difference found": "No difference was found",
  "cannot tell": "Whether they differ cannot be told",
};

/**
 * Is the second server faster than the first? The change of B against A in each block, with the effect over all blocks
 * and its interval: above, the throughput, which the verdict is about; below, the latencies.
 *
 * @param result Of an A/B test.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotAb(result: AbResult, options: ChartOptions = {}): Chart {
  const { a, b, blocks, requestsPerVisit, effects: { throughput } } = result;
  const limited = [result.client, a.client, b.client].some((client) => client.limited) || a.clientLimited ||
    b.clientLimited;
  return new Chart({
    title: "B against A",
    subtitle: abSummary(result),
    legend: throughput.ratio === null ? [] : LEGEND,
    rows: [
      [changePanel(result, "throughput")],
      [changePanel(result, "p50"), changePanel(result, "p95")],
    ],
    notes: [
      `A: ${serverInWords(a)}. B: ${serverInWords(b)}.`,
      `Load: ${loadInWords(a.load)}; ${counted(blocks.length, "block")} of 4 visits, ` +
      `${counted(requestsPerVisit, "request")} each.`,
      ...validityNotes({ ...result, client: { limited } }),
    ],
  }, options);
}

/**
 * What an A/B test found, in a sentence.
 *
 * @param result Of an A/B test.
 */
export function abSummary({ verdict, effects: { throughput }, blocks, absences }: AbResult): string {
  const why = absences["verdict"] === undefined ? "" : `${absences["verdict"]}; `;
  const effect = throughput.ratio === null
    ? "no block has both servers"
    : `throughput ${effectInWords(throughput)} over ${counted(blocks.length, "block")}`;
  return `${VERDICTS[verdict]}: ${why}${effect}.`;
}

function effectInWords({ ratio }: PairedEffect): string {
  if (ratio === null) return "not measured";
  const { value, suffix, interval } = changeText(ratio);
  return unbroken(`${value}${suffix} ${interval}`);
}

function serverInWords({ target: { model, url, protocol, device } }: AbResult["a"]): string {
  return `${model} at ${url} (${protocol}${device === null ? "" : `, ${device}`})`;
}

/** What a panel shows. */
interface Change {
  readonly heading: string;
  readonly figure: keyof BlockSide;
  readonly color: string;
}

const CHANGES: Readonly<Record<keyof AbResult["effects"], Change>> = {
  throughput: { heading: "Throughput", figure: "requestsPerSecond", color: COLORS.blue },
  p50: { heading: "Median latency", figure: "p50Ms", color: COLORS.green },
  p95: { heading: "p95 latency", figure: "p95Ms", color: COLORS.purple },
};

/**
 * The change of B against A in each block, with the effect.
 *
 * @param result Of an A/B test.
 * @param name Which effect.
 */
export function changePanel({ blocks, absences, effects }: AbResult, name: keyof AbResult["effects"]): Panel {
  const { heading, figure, color } = CHANGES[name];
  const effect = effects[name];
  const changes = blocks.flatMap(({ a: { [figure]: a }, b: { [figure]: b } }, k) =>
    a !== null && b !== null && a > 0 ? [changeOf(k + 1, a, b, figure)] : []
  );
  return {
    heading: `${heading}: ${effectInWords(effect)}`,
    yLabel: changes.length === 0 ? "" : "change, %",
    height: figure === "requestsPerSecond" ? 230 : 190,
    content: changes.length === 0
      ? absences["effects"] ?? "No block has both servers"
      : (width) => changeOptions(changes, effect, { blocks: blocks.length, color, width }),
  };
}

/** The change of B against A in one block. */
interface BlockChange {
  readonly block: number;
  /** Percent. */
  readonly change: number;
  readonly title: string;
}

function changeOf(block: number, a: number, b: number, figure: keyof BlockSide): BlockChange {
  const shown = (value: number) =>
    figure === "requestsPerSecond" ? formatNumber(value, UNITS.requestsPerSecond) : formatTime(value);
  const change = 100 * (b / a - 1);
  const percent = `${change > 0 ? "+" : ""}${formatNumber(change, UNITS.percent)}`;
  return { block, change, title: `block ${block}: ${percent}, A ${shown(a)}, B ${shown(b)}` };
}

/** How a panel is drawn. */
interface ChangeLayout {
  readonly blocks: number;
  readonly color: string;
  /** In px. */
  readonly width: number;
}

/** Less than this much of the axis is noise drawn large, percent. */
const LEAST_REACH = 1;

function changeOptions(
  changes: readonly BlockChange[],
  { ratio, ...effect }: PairedEffect,
  { blocks, color, width }: ChangeLayout,
): PlotOptions {
  const percent = (end: number) => 100 * (end - 1);
  const value = ratio === null ? [] : [percent(ratio.value)];
  const interval = ratio === null || ratio.low === null || ratio.high === null
    ? []
    : [{ low: percent(ratio.low), high: percent(ratio.high) }];
  const shown = [
    0,
    ...changes.map(({ change }) => change),
    ...value,
    ...interval.flatMap(({ low, high }) => [low, high]),
  ];
  const reach = Math.max(LEAST_REACH, Math.max(...shown) - Math.min(...shown));
  const axis = linearAxis([0.5, blocks + 0.5], "block", width);
  return {
    ...plotBase(width),
    x: {
      ...axis.scale,
      ticks: blockTicks(blocks),
    },
    y: {
      domain: [Math.min(...shown) - 0.1 * reach, Math.max(...shown) + 0.1 * reach],
      ticks: 5,
      tickFormat: shortNumber,
      label: null,
      grid: true,
      tickSize: 0,
    },
    marks: changeMarks(changes, value, interval, { color, effect: effectInWords({ ratio, ...effect }) }),
  };
}

/** More would stand too close in a panel of half the width. */
const MOST_TICKS = 8;

/** The first block and every so many after it; all of a few. */
function blockTicks(blocks: number): number[] {
  const step = Math.ceil(blocks / MOST_TICKS);
  return Array.from({ length: Math.ceil(blocks / step) }, (_, k) => 1 + k * step);
}

function changeMarks(
  changes: readonly BlockChange[],
  value: readonly number[],
  interval: readonly { readonly low: number; readonly high: number }[],
  { color, effect }: { readonly color: string; readonly effect: string },
): Markish[] {
  return [
    Plot.rect(interval, { y1: "low", y2: "high", fill: COLORS.highlight, title: () => effect }),
    Plot.ruleY([0], { stroke: COLORS.neutral, strokeWidth: 1.5, strokeDasharray: "5,4" }),
    Plot.ruleY(value, { stroke: COLORS.ink, strokeWidth: 2, title: () => effect }),
    Plot.dot(changes, { x: "block", y: "change", fill: color, r: 4, title: "title" }),
  ];
}
