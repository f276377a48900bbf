import type { BasicResult } from "../../results/kinds/basic.ts";
import type { Window } from "../../results/window/window.ts";
import { loadInWords } from "../../words/load_in_words.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { Chart, type ChartOptions, type Panel } from "../kit/chart.ts";
import { counted, openEndsNote, validityNotes } from "../kit/notes.ts";
import { COLORS } from "../kit/palette.ts";
import { DISTRIBUTION_NOTE, type DistributionRow, distributionRowsPanel } from "../panels/distribution_rows.ts";
import { quantilePanel } from "../panels/quantile_panel.ts";
import { answersLegend, answersPanel } from "./answers_panel.ts";
import { streamedInWords } from "./streamed_in_words.ts";

/** The distributions that readers of streams ask for, each with what its observations are called. */
const CURVES = [
  { field: "firstTokenMs", heading: "Time to first token, by percentile", name: "first token", color: COLORS.green },
  { field: "tokenMs", heading: "Time per output token, by percentile", name: "output token", color: COLORS.blue },
] as const;

/**
 * How did answers stream? Above, the quantiles of the time to the first token and of the time per output token, with p50, p95
 * and p99 and their intervals; below, some single answers over their time, chunk by chunk, and the waits in their middle.
 *
 * @param result Of a basic test whose answers were streamed; of any other, a chart that says so.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotAnswers(result: BasicResult, options: ChartOptions = {}): Chart {
  const { answers = [], firstTokenMs, tokenMs, longestGapMs, load, latencyFrom } = result;
  const nothing: Panel = { heading: "Answers", yLabel: "", height: 110, content: "No answer was streamed" };
  const waits = waitsOf(result);
  const estimates = [firstTokenMs, tokenMs].flatMap((of) => of ? [of.p50, of.p95, of.p99] : []);
  return new Chart({
    title: "Streamed answers",
    subtitle: streamedInWords(result),
    legend: answers.length === 0 ? [] : answersLegend(answers),
    rows: !firstTokenMs ? [[nothing]] : [
      curvePanels(result),
      ...(answers.length === 0 ? [] : [[answersPanel(answers)]]),
      ...(waits.length === 0 ? [] : [[distributionRowsPanel(waits, waitsHeading(waits), "time")]]),
    ],
    notes: [
      `Load: ${loadInWords(load)}${latencyFrom === "due" ? "; a first token counts from the moment due" : ""}.` +
      (firstTokenMs ? ` n = ${formatNumber(firstTokenMs.n, UNITS.none)} answers.` : ""),
      ...(answers.length === 0 ? [] : [
        `${
          counted(answers.length, "answer")
        } of these, each on its own clock: usual ones from early to late, those with the ` +
        "latest first tokens, and those with the longest gaps.",
      ]),
      ...(answers.some(({ atMs, chunks }) => atMs.length < chunks)
        ? [
          "Where many chunks came, or several at one moment, one stands for its neighbours: that behind their longest gap.",
        ]
        : []),
      ...(longestGapMs ? [DISTRIBUTION_NOTE] : []),
      ...openEndsNote(estimates),
      ...validityNotes(result),
    ],
  }, options);
}

/**
 * The time to the first token by percentile.
 *
 * @param result Of a basic test.
 * @param height Of the plot, px.
 * @returns Nothing where no answer was streamed.
 */
export function firstTokenPanels(result: BasicResult, height: number): Panel[] {
  return curvePanels(result, CURVES.slice(0, 1)).map((panel) => ({ ...panel, height }));
}

function curvePanels(result: BasicResult, curves: readonly (typeof CURVES)[number][] = CURVES): Panel[] {
  return curves.flatMap(({ field, heading, name, color }): Panel[] => {
    const distributionMs = result[field], curve = result.streamQuantiles?.[field];
    if (!distributionMs) return [];
    // Files of before hold the summary alone.
    if (!curve) return [distributionRowsPanel([{ label: name, distributionMs, color }], heading, "time")];
    return [{ ...quantilePanel([{ label: name, curve, latencyMs: distributionMs, color }], 220), heading }];
  });
}

const waitsHeading = ([first, ...others]: readonly DistributionRow[]): string =>
  others.length === 0 ? `The ${first!.label} between chunks of each answer` : "Between the chunks of each answer";

/** Waits in the middle of answers; the mean of an answer apart where it is not the time of a token. */
function waitsOf({ chunkGapMs, tokenMs, longestGapMs }: Window): DistributionRow[] {
  const isToken = chunkGapMs && tokenMs && chunkGapMs.mean.value === tokenMs.mean.value;
  return [
    ...(chunkGapMs && !isToken ? [{ label: "mean gap", distributionMs: chunkGapMs, color: COLORS.purple }] : []),
    ...(longestGapMs ? [{ label: "longest gap", distributionMs: longestGapMs, color: COLORS.vermillion }] : []),
  ];
}
