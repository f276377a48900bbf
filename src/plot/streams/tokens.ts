import type { Estimate } from "../../core/estimate.ts";
import type { LoadResult } from "../../results/kinds/load.ts";
import type { ScalabilityResult } from "../../results/kinds/scalability.ts";
import { askedRate } from "../../results/window/asked_rate.ts";
import { rateOfServer } from "../../results/window/at_least.ts";
import type { Window } from "../../results/window/window.ts";
import { formatEstimate } from "../../words/estimate/estimate_text.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "../kit/chart.ts";
import { openEndsNote, requestsNote, validityNotes } from "../kit/notes.ts";
import { COLORS } from "../kit/palette.ts";
import { latencyLevelsPanel } from "../panels/latency_levels.ts";
import { type LatencyLimit, latencyLimits, undrawnLimitsNote } from "../panels/limit_rules.ts";
import { type CurvePoint, pointsCurve } from "../panels/points_curve.ts";
import { streamedInWords } from "./streamed_in_words.ts";
import { streamedTitle } from "./streamed_title.ts";

/** Levels whose answers were streamed, as they are drawn. */
interface Sweep {
  readonly levels: readonly Window[];
  readonly levelOf: (level: Window) => number;
  /** What a level is, and with its unit on the x axis. */
  readonly axis: string;
  readonly label: string;
  /** Of a level, for who points at it. */
  readonly nameOf: (level: Window) => string;
  /** The best level, and what makes it that; `null` if none qualifies. */
  readonly best: number | null;
  readonly bestName: string;
  readonly limitsOf: (field: "firstTokenMs" | "tokenMs" | "chunkGapMs") => readonly LatencyLimit[];
}

/**
 * What does a faster stream for one reader cost of the tokens of all? Above, output tokens per second of all answers over
 * those that one reader gets, the levels joined in their order; below, the time to the first token and the time per output
 * token of each level.
 *
 * @param result Of a scalability or load test whose answers were streamed; of any other, a chart that says so.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotTokens(result: ScalabilityResult | LoadResult, options: ChartOptions = {}): Chart {
  const sweep = sweepOf(result);
  const { levels, axis, levelOf } = sweep;
  const nothing: Panel = { heading: "Tokens", yLabel: "", height: 110, content: "No answer was streamed" };
  const points = curvePoints(sweep);
  return new Chart({
    title: `Tokens by ${axis}`,
    subtitle: subtitleOf(sweep),
    legend: points.length < 2 ? [] : legendOf(points, sweep.bestName),
    rows: levels.length === 0 ? [[nothing]] : [...curvePanels(points, axis), timePanels(sweep)],
    notes: [
      ...(points.length < 2 ? [] : [
        "Up is more for all, to the right is faster for each. Tokens a second of one reader: 1 / the median time per output " +
        `token. Points are named by ${axis}.`,
      ]),
      ...(levels.length === 0 ? [] : [requestsNote(levels, axis === "concurrency" ? axis : "rate", levelOf)]),
      ...undrawnLimits(sweep),
      ...openEndsNote(levels.flatMap(({ firstTokenMs, tokenMs, outputTokensPerSecond }) => [
        outputTokensPerSecond ?? null,
        ...[firstTokenMs, tokenMs].flatMap((of) => of ? [of.p50, of.p95] : []),
      ])),
      ...validityNotes(result),
    ],
  }, options);
}

/**
 * The same as small panels: tokens of all over tokens of one, and the time to the first token.
 *
 * @param result Of a scalability or load test.
 * @param height Of the plots, px.
 * @returns Nothing where no answer was streamed.
 */
export function tokenPanels(result: ScalabilityResult | LoadResult, height: number): Panel[] {
  const sweep = sweepOf(result);
  if (sweep.levels.length === 0) return [];
  const [first] = timePanels(sweep, height);
  return [...curvePanels(curvePoints(sweep), sweep.axis, height).flat(), {
    ...first!,
    heading: `${first!.heading} by ${sweep.axis}`,
  }];
}

/** Whether any level of a sweep was streamed. @param result Of a test with levels. */
export function isStreamed({ levels }: { readonly levels: readonly Pick<Window, "firstTokenMs">[] }): boolean {
  return levels.some(({ firstTokenMs }) => firstTokenMs);
}

function sweepOf(result: ScalabilityResult | LoadResult): Sweep {
  const streamed = <L extends Window>(levels: readonly L[]) =>
    levels.filter(({ firstTokenMs, lost }) => firstTokenMs && lost === undefined);
  if (result.kind === "load") {
    const rate = (level: Window) => askedRate(level as LoadResult["levels"][number]);
    return {
      levels: streamed(result.levels),
      levelOf: rate,
      axis: "offered rate",
      label: "offered (requests/s)",
      nameOf: (level) => `${formatNumber(rate(level), UNITS.requestsPerSecond)} offered`,
      ...bestOf(result),
      limitsOf: (field) => latencyLimits(result, field),
    };
  }
  const concurrency = ({ load }: Window) => load.kind === "closed" ? load.concurrency : 0;
  return {
    levels: streamed(result.levels),
    levelOf: concurrency,
    axis: "concurrency",
    label: "concurrency (requests outstanding)",
    nameOf: (level) => `concurrency ${formatNumber(concurrency(level), UNITS.none)}`,
    best: result.optimalConcurrency,
    bestName: "optimum",
    limitsOf: () => [],
  };
}

/** The highest rate that was offered within the capacity, where objectives were given; else the highest that was kept up with. */
function bestOf({ levels, capacity, sustainedPerSecond }: LoadResult): Pick<Sweep, "best" | "bestName"> {
  if (capacity === null) return { best: sustainedPerSecond, bestName: "highest that was kept up with" };
  const highest = capacity.rate.highest ?? 0;
  const best = levels.map(askedRate).findLast((rate) => rate <= highest) ?? null;
  return { best, bestName: "highest that keeps the objectives" };
}

/** The best level, else the highest: what its readers get. */
function subtitleOf({ levels, levelOf, best, nameOf }: Sweep): string {
  const shown = levels.find((level) => levelOf(level) === best) ?? levels.at(-1);
  if (shown === undefined) return "No answer was streamed.";
  const [first = "", ...rest] = streamedInWords(shown);
  const name = nameOf(shown);
  return `At ${name}: ${first.toLowerCase()}${rest.join("")}`;
}

/** Tokens per second of one reader: what is left of each second once the first token is there. */
function perReader({ tokenMs }: Window): Estimate | null {
  if (!tokenMs || tokenMs.p50.value <= 0) return null;
  const { value, low, high, ...rest } = tokenMs.p50;
  const turned = (end: number | null) => end === null || end <= 0 ? null : 1000 / end;
  return { ...rest, value: 1000 / value, low: turned(high), high: turned(low) };
}

function curvePoints({ levels, levelOf, best, nameOf }: Sweep): CurvePoint[] {
  return levels.flatMap((level): CurvePoint[] => {
    const x = perReader(level), y = rateOfServer(level.outputTokensPerSecond ?? null, level);
    return x === null || y === null ? [] : [{
      name: formatNumber(levelOf(level), UNITS.none),
      x,
      y,
      title: `${streamedTitle(nameOf(level), level)}, ${formatEstimate(x, UNITS.tokensPerSecond)} for one reader`,
      isBest: levelOf(level) === best,
    }];
  });
}

function legendOf(points: readonly CurvePoint[], bestName: string): LegendEntry[] {
  return [
    { sign: "dot", color: COLORS.purple, label: "measured, 95% intervals" },
    ...(points.some(({ isBest }) => isBest) ? [{ sign: "star", color: COLORS.gold, label: bestName } as const] : []),
  ];
}

const CURVE_HEIGHT = 260;

function curvePanels(points: readonly CurvePoint[], axis: string, height = CURVE_HEIGHT): Panel[][] {
  return points.length < 2 ? [] : [[{
    heading: `Tokens of all over tokens of one, by ${axis}`,
    yLabel: "output tokens/s, all together",
    height,
    content: pointsCurve(points, {
      x: UNITS.tokensPerSecond,
      y: UNITS.tokensPerSecond,
      label: "tokens/s of one reader",
      height,
    }),
  }]];
}

/** The times of each level; of servers that count no tokens, the gaps between chunks. */
function timePanels(sweep: Sweep, height = 200): Panel[] {
  const { levels, levelOf, label, nameOf, limitsOf } = sweep;
  const panel = (field: "firstTokenMs" | "tokenMs" | "chunkGapMs", heading: string): Panel =>
    latencyLevelsPanel(levels, levelOf, label, {
      height,
      heading,
      timesOf: (level) => level[field],
      limits: limitsOf(field),
      titleOf: (level) => streamedTitle(nameOf(level), level),
    });
  return [
    panel("firstTokenMs", "Time to first token"),
    ...(hasTokens(sweep)
      ? [panel("tokenMs", "Time per output token")]
      : levels.some(({ chunkGapMs }) => chunkGapMs)
      ? [panel("chunkGapMs", "Mean gap between chunks")]
      : []),
  ];
}

const hasTokens = ({ levels }: Sweep) => levels.some(({ tokenMs }) => tokenMs);

function undrawnLimits(sweep: Sweep): string[] {
  const { levels, limitsOf } = sweep;
  return (["firstTokenMs", hasTokens(sweep) ? "tokenMs" : "chunkGapMs"] as const).flatMap((field) => {
    const highest = levels.map((level) => level[field]).map((of) => of ? of.p95.high ?? of.p95.value : 0);
    return undrawnLimitsNote(limitsOf(field), Math.max(0, ...highest));
  });
}
