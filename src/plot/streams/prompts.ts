import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../../core/estimate.ts";
import { perThousand, promptLength, type PromptLevel, type PromptsResult } from "../../results/kinds/prompts.ts";
import { formatEstimate, timeUnitOf } from "../../words/estimate/estimate_text.ts";
import { timeUnit, type Unit, unitName, UNITS } from "../../words/quantity.ts";
import { linearAxis, plotBase, zeroBased } from "../kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "../kit/chart.ts";
import { figureTitle } from "../kit/level_title.ts";
import { openEndsNote, requestsNote, validityNotes, whyNothingDrawn } from "../kit/notes.ts";
import { COLORS } from "../kit/palette.ts";
import { highestOf, sweepLegend, sweepMarks, type SweepPoint, sweepPoints } from "../sweep.ts";

/** Room beyond the longest prompt, as a share of the axis. */
const BEYOND = 0.06;

/**
 * What do longer prompts cost? The median time to first token over the length of prompts, with its interval and the straight
 * line through it where one fits; beside it the time per output token, as attention looks back at the whole prompt.
 *
 * @param result Of a prompts test; of one still running, what it has so far.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotPrompts(result: PromptsResult, options: ChartOptions = {}): Chart {
  const { levels, lengthIn } = result;
  const first = pointsOf(result, "firstTokenMs"), each = pointsOf(result, "tokenMs");
  const lineLegend: LegendEntry[] = result.law === null
    ? []
    : [{ sign: "line", color: COLORS.vermillion, label: "straight line through the medians" }];
  return new Chart({
    title: "First token by length of prompt",
    subtitle: promptsSummary(result),
    legend: highestOf(first) === 0 ? [] : [...sweepLegend(first, COLORS.blue), ...lineLegend],
    rows: [[
      firstTokenPanel(result),
      ...highestOf(each) === 0 ? [] : [panelOf(result, each, "Time per output token", COLORS.green)],
    ]],
    notes: [
      ...levels.length === 0 ? [] : [
        `Medians over the ${lengthIn} of a prompt. ${requestsNote(levels, "length, in words,", ({ words }) => words)}`,
      ],
      ...openEndsNote([...first, ...each].map(({ estimate }) => estimate)),
      ...validityNotes(result),
    ],
  }, options);
}

/**
 * What a prompts test found, in a sentence.
 *
 * @param result Of a prompts test.
 */
export function promptsSummary(result: PromptsResult): string {
  const { law, absences, lengthIn, levels } = result;
  if (levels.length === 0) return absences["levels"] ?? "Nothing was measured.";
  const thousand = perThousand(result);
  if (law === null || thousand === null) return `No line: ${absences["law"] ?? "no request succeeded"}.`;
  const time = (estimate: Estimate) => formatEstimate(estimate, timeUnitOf(estimate));
  return `${time(law.interceptMs)}, and ${time(thousand)} for 1,000 ${lengthIn} of prompt.`;
}

/**
 * The time to first token over the length of prompts.
 *
 * @param result Of a prompts test.
 * @param height Of the plot, px.
 */
export function firstTokenPanel(result: PromptsResult, height = 250): Panel {
  return { ...panelOf(result, pointsOf(result, "firstTokenMs"), "Time to first token", COLORS.blue), height };
}

function pointsOf({ levels, lengthIn }: PromptsResult, field: "firstTokenMs" | "tokenMs"): SweepPoint[] {
  const estimateOf = (level: PromptLevel) => level[field]?.p50 ?? null;
  return sweepPoints(levels, (level) => promptLength(level, lengthIn), estimateOf, (level) => {
    const estimate = estimateOf(level);
    const unit = estimate === null ? UNITS.milliseconds : timeUnitOf(estimate);
    return figureTitle(promptLength(level, lengthIn), estimate, unit, lengthIn);
  });
}

function panelOf(result: PromptsResult, points: readonly SweepPoint[], heading: string, color: string): Panel {
  const highest = highestOf(points), unit = timeUnit(highest);
  return {
    heading,
    yLabel: unitName(unit),
    height: 250,
    content: points.length === 0 || highest === 0
      ? points.length === 0 ? "No length was measured" : whyNothingDrawn(result.levels, " at any length")
      : (width) => optionsOf(result, points, { color, unit, highest, width }),
  };
}

function optionsOf(
  { law, lengthIn }: PromptsResult,
  points: readonly SweepPoint[],
  { color, unit, highest, width }: {
    readonly color: string;
    readonly unit: Unit;
    readonly highest: number;
    readonly width: number;
  },
): PlotOptions {
  const longest = Math.max(...points.map(({ level }) => level)) * (1 + BEYOND);
  const isFirst = color === COLORS.blue;
  const line = law === null || !isFirst ? [] : [0, longest].map((length) => ({
    length,
    value: Math.max(0, law.interceptMs.value + law.perTokenMs.value * length) / unit.divisor,
  }));
  return {
    ...plotBase(width),
    x: linearAxis([0, longest], `length of prompt (${lengthIn})`, width).scale,
    y: zeroBased(highest / unit.divisor),
    marks: [
      Plot.ruleY([0]),
      ...sweepMarks(points, color, unit),
      Plot.line(line, {
        x: "length",
        y: "value",
        stroke: COLORS.vermillion,
        strokeWidth: 1.5,
        strokeDasharray: "5,4",
      }),
    ],
  };
}
