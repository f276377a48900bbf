import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { AnswerTimeline } from "../../results/kinds/answer_timeline.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { formatTime, timeUnit, unitName } from "../../words/quantity.ts";
import { linearAxis, MARGINS } from "../kit/axis.ts";
import type { LegendEntry, Panel } from "../kit/chart.ts";
import { counted } from "../kit/notes.ts";
import { COLORS } from "../kit/palette.ts";

/** A gap so many times the usual one is long, and one so many times is very long. */
const LONG = 3, VERY_LONG = 10;

/** How chunks are drawn by the gap before them: in colours that differ, and the higher the longer. */
const SORTS = [
  { color: COLORS.blue, reach: 5 },
  { color: COLORS.gold, reach: 7 },
  { color: COLORS.vermillion, reach: 10 },
] as const;

const ROW_HEIGHT = 24;
/** Room for the names of the rows and at the right, px. */
const SIDES = { marginLeft: 74, marginRight: 14 } as const;
const NAMES: Readonly<Record<AnswerTimeline["why"], string>> = {
  "usual": "usual",
  "late first token": "late first",
  "long gap": "long gaps",
};

/**
 * Single answers over their time: when the request was sent, when headers, the first event, the first token and each chunk
 * came, and when the answer was over.
 *
 * @param answers At least one.
 */
export function answersPanel(answers: readonly AnswerTimeline[]): Panel {
  return {
    heading: "Single answers over their time",
    yLabel: "",
    height: answers.length * ROW_HEIGHT + MARGINS.marginBottom + 8,
    content: (width) => answersOptions(answers, width),
  };
}

/** The gap between chunks of half of those that are drawn, ms; `null` where there is none. */
function usualGap(answers: readonly AnswerTimeline[]): number | null {
  const gaps = answers.flatMap(({ gapMs }) => gapMs.slice(1));
  return gaps.length === 0 ? null : quantile(ascending(gaps), 0.5);
}

/** Which of {@linkcode SORTS}. */
function sortOf(gapMs: number, usualMs: number): number {
  return gapMs > VERY_LONG * usualMs ? 2 : gapMs > LONG * usualMs ? 1 : 0;
}

/** What the signs stand for, as far as they occur. @param answers As drawn. */
export function answersLegend(answers: readonly AnswerTimeline[]): LegendEntry[] {
  const usualMs = usualGap(answers);
  const gaps = answers.flatMap(({ gapMs }) => gapMs.slice(1));
  const labels = usualMs === null ? [] : [
    `chunk, gap up to ${LONG} times ${formatTime(usualMs)}`,
    `gap up to ${VERY_LONG} times that`,
    "gap longer than that",
  ];
  const entries: [boolean, LegendEntry][] = [
    [answers.some(({ sentMs }) => sentMs > 0), {
      sign: "dashed",
      color: COLORS.neutral,
      label: "waiting in the client",
    }],
    [answers.some(({ headersMs }) => headersMs !== null), { sign: "hollow", color: COLORS.muted, label: "headers" }],
    [true, { sign: "diamond", color: COLORS.muted, label: "first event" }],
    [true, { sign: "dot", color: COLORS.green, label: "first token" }],
    ...labels.map((label, sort): [boolean, LegendEntry] => [
      gaps.some((gapMs) => sortOf(gapMs, usualMs!) === sort),
      { sign: "area", color: SORTS[sort]!.color, label },
    ]),
  ];
  return entries.filter(([occurs]) => occurs).map(([, entry]) => entry);
}

/** A moment in a row, in the unit of display. */
interface Moment {
  readonly row: number;
  readonly at: number;
  readonly title: string;
}

/** A chunk as it is drawn. */
interface Chunk extends Moment {
  readonly sort: number;
}

/** An answer as it is drawn. */
interface Row {
  readonly row: number;
  readonly sent: number;
  readonly end: number;
  readonly title: string;
}

function answersOptions(answers: readonly AnswerTimeline[], width: number): PlotOptions {
  const longestMs = Math.max(...answers.map(({ endMs }) => endMs));
  const unit = timeUnit(longestMs), { divisor } = unit;
  const waited = answers.some(({ sentMs }) => sentMs > 0);
  const label = `since the request was ${waited ? "due" : "sent"} (${unitName(unit)})`;
  const axis = linearAxis([0, longestMs * 1.02 / divisor || 1], label, width, SIDES);
  const rows = answers.map((answer, row): Row => ({
    row,
    sent: answer.sentMs / divisor,
    end: answer.endMs / divisor,
    title: answerInWords(answer),
  }));
  return {
    ...MARGINS,
    ...SIDES,
    marginTop: 6,
    x: { ...axis.scale, grid: true },
    y: {
      type: "band",
      domain: answers.map((_, row) => row),
      padding: 0,
      label: null,
      tickSize: 0,
      tickFormat: (row: number) => answers[row - 1]?.why === answers[row]!.why ? "" : NAMES[answers[row]!.why],
    },
    marks: [
      ...lineMarks(rows),
      ...SORTS.flatMap((_, sort) => chunkMarks(chunksOf(answers, divisor), sort)),
      ...signMarks(answers, divisor),
    ],
  };
}

function answerInWords({ why, firstTokenMs, endMs, chunks, tokens }: AnswerTimeline): string {
  const length = tokens === null
    ? counted(chunks, "chunk")
    : `${counted(tokens, "token")} in ${counted(chunks, "chunk")}`;
  return `${why}: first token after ${formatTime(firstTokenMs)}, ${length}, over after ${formatTime(endMs)}`;
}

function chunksOf(answers: readonly AnswerTimeline[], divisor: number): Chunk[] {
  const usualMs = usualGap(answers) ?? Infinity;
  return answers.flatMap(({ atMs, gapMs }, row) =>
    atMs.slice(1).map((at, k) => ({
      row,
      at: at / divisor,
      sort: sortOf(gapMs[k + 1]!, usualMs),
      title: `chunk after ${formatTime(at)}, ${formatTime(gapMs[k + 1]!)} behind the one before`,
    }))
  );
}

function lineMarks(rows: readonly Row[]): Markish[] {
  return [
    Plot.ruleX([0]),
    Plot.ruleY(rows.filter(({ sent }) => sent > 0), {
      x1: 0,
      x2: "sent",
      y: "row",
      stroke: COLORS.neutral,
      strokeWidth: 2,
      strokeDasharray: "3,3",
      title: "title",
    }),
    Plot.ruleY(rows, { x1: "sent", x2: "end", y: "row", stroke: COLORS.neutral, strokeWidth: 1.5, title: "title" }),
    Plot.tickX(rows, {
      x: "end",
      y: "row",
      insetTop: 8,
      insetBottom: 8,
      stroke: COLORS.ink,
      strokeWidth: 2,
      title: "title",
    }),
  ];
}

function chunkMarks(chunks: readonly Chunk[], wanted: number): Markish[] {
  const { color, reach } = SORTS[wanted]!;
  const inset = ROW_HEIGHT / 2 - reach;
  return [
    Plot.tickX(chunks.filter(({ sort }) => sort === wanted), {
      x: "at",
      y: "row",
      insetTop: inset,
      insetBottom: inset,
      stroke: color,
      strokeWidth: 1.5,
      title: "title",
    }),
  ];
}

function signMarks(answers: readonly AnswerTimeline[], divisor: number): Markish[] {
  const moments = (name: string, of: (answer: AnswerTimeline) => number | null): Moment[] =>
    answers.flatMap((answer, row) => {
      const at = of(answer);
      return at === null ? [] : [{ row, at: at / divisor, title: `${name} after ${formatTime(at)}` }];
    });
  const place = { x: "at", y: "row", title: "title" } as const;
  return [
    Plot.dot(moments("headers", ({ headersMs }) => headersMs), {
      ...place,
      r: 4,
      fill: COLORS.background,
      stroke: COLORS.muted,
      strokeWidth: 1.5,
    }),
    Plot.dot(moments("first event", ({ firstEventMs }) => firstEventMs), {
      ...place,
      symbol: "diamond",
      r: 6,
      fill: COLORS.background,
      stroke: COLORS.muted,
      strokeWidth: 1.5,
    }),
    Plot.dot(moments("first token", ({ firstTokenMs }) => firstTokenMs), { ...place, r: 3.5, fill: COLORS.green }),
  ];
}
