import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { LoadResult, OpenWindow } from "../results/result.ts";
import { capacityOutcome, isAtLeast } from "../results/kinds/capacity_outcome.ts";
import { loadLimits } from "../results/kinds/load_limits.ts";
import { atLeast } from "../results/window/at_least.ts";
import { whyNoneUsable } from "../results/window/usable.ts";
import { levelAxis, plotBase, zeroBased } from "./kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "./kit/chart.ts";
import { type LaneLabel, laneLabels } from "./kit/lane_labels.ts";
import { levelTitle } from "./kit/level_title.ts";
import { latencyLevelsPanel } from "./panels/latency_levels.ts";
import { latencyLimits, undrawnLimitsNote } from "./panels/limit_rules.ts";
import { openEndsNote, requestsNote, validityNotes, whyNothingDrawn } from "./kit/notes.ts";
import { askedRate } from "../results/window/asked_rate.ts";
import { tradeOffPanels } from "./panels/trade_off.ts";
import { COLORS } from "./kit/palette.ts";
import { arrivalsInWords } from "../words/load_in_words.ts";
import { formatTimeEstimate } from "../words/estimate/estimate_text.ts";
import { formatNumber, unbroken, UNITS } from "../words/quantity.ts";
import { highestOf, sweepLegend, sweepMarks, type SweepPoint, sweepPoints } from "./sweep.ts";

const X_LABEL = "offered (requests/s)";
const offeredOf = askedRate;

/**
 * How does the server do at given arrival rates? Above, achieved over offered requests per second with their intervals, the
 * line of a server that keeps up, and where it saturates. Below, latency from the moment due.
 *
 * @param result Of a load test; of one still running, what it has so far.
 * @param options Of the chart, and of Observable Plot for its upper panel.
 */
export function plotLoad(result: LoadResult, options: ChartOptions = {}): Chart {
  const { levels, arrivals, batchSize } = result;
  const limits = latencyLimits(result);
  return new Chart({
    title: "Latency by arrival rate",
    subtitle: loadSummary(result),
    legend: loadLegend(result),
    rows: [
      [loadPanel(result)],
      ...(levels.length === 0 ? [] : [[
        latencyLevelsPanel(levels, offeredOf, X_LABEL, { height: 220, limits, titleOf: offeredTitle(result) }),
        ...tradeOffPanels(levels, {
          axis: "offered rate",
          levelOf: offeredOf,
          rateOf: (level) => atLeast(level, "requests"),
          titleOf: offeredTitle(result),
          best: result.sustainedPerSecond,
          unit: UNITS.requestsPerSecond,
          counted: "achieved",
        }),
      ]]),
    ],
    notes: [
      ...(levels.length === 0 ? [] : [
        `Open loop, ${
          arrivalsInWords(arrivals)
        }, batch size ${batchSize}; latency counts from the moment a request was due. ` +
        requestsNote(levels, "rate", offeredOf),
      ]),
      ...openEndsNote(levels.flatMap(({ requestsPerSecond, latencyMs }) => [
        requestsPerSecond,
        latencyMs?.p50 ?? null,
        latencyMs?.p95 ?? null,
      ])),
      ...undrawnLimitsNote(limits, highestLatencyMs(levels)),
      ...validityNotes(result),
    ],
  }, options);
}

/** What the signs of the upper panel stand for. @param result Of a load test. */
export function loadLegend(result: LoadResult): LegendEntry[] {
  const points = loadPoints(result);
  return highestOf(points) === 0
    ? []
    : [...sweepLegend(points, COLORS.blue), { sign: "dashed", color: COLORS.neutral, label: "a server that keeps up" }];
}

/**
 * What a load test found, in a sentence.
 *
 * @param result Of a load test.
 */
export function loadSummary({ levels, capacity }: LoadResult): string {
  if (levels.length === 0) return "Nothing was measured.";
  const under = capacity === null ? "" : `Under ${capacity.objectives} it carries ${carried(capacity)}. `;
  const { sustained, saturated, unclear, keptInTrial } = loadLimits({ levels, capacity });
  const rate = (perSecond: number) => unbroken(formatNumber(perSecond, UNITS.requestsPerSecond));
  const p95 = sustained?.latencyMs?.p95 ?? null;
  const tail = p95 === null ? "" : `, p95 ${unbroken(formatTimeEstimate(p95))}`;
  const kept = sustained !== null
    ? `The server kept up with ${rate(offeredOf(sustained))}${tail}.`
    : keptInTrial !== null
    ? `The server kept up with ${rate(keptInTrial)} in a trial.`
    : noneKept(levels, unclear, rate);
  const doubted = unclear.filter((level) => saturated === null || offeredOf(level) < offeredOf(saturated));
  const doubt = doubted.length === 0
    ? ""
    : ` Whether it did with ${doubted.map((level) => rate(offeredOf(level))).join(", ")} ` +
      "cannot be told.";
  const end = saturated === null
    ? ""
    : saturated.clientLimited
    ? ` ${rate(offeredOf(saturated))} were too many for this client, so that the server's own end was not seen.`
    : ` It was saturated from ${rate(offeredOf(saturated))}.`;
  return `${under}${kept}${doubt}${end}`.trim();
}

/** Why no level shows a rate that the server kept up with; nothing where the client was the reason. */
function noneKept(
  levels: LoadResult["levels"],
  unclear: readonly OpenWindow[],
  rate: (perSecond: number) => string,
): string {
  const lowest = levels[0]!;
  if (lowest.saturated === false) {
    const why = whyNoneUsable(levels, "rate that it kept up with");
    return `The server kept up with ${rate(offeredOf(lowest))}, the lowest offered, but ${why}.`;
  }
  if (unclear.length > 0) return "Of none of the rates offered is it sure that the server kept up with it.";
  return lowest.saturated && lowest.clientLimited ? "" : "The server kept up with none of the rates offered.";
}

/** What a server carries under objectives. */
function carried({ rate }: NonNullable<LoadResult["capacity"]>): string {
  if (rate.highest !== null) {
    return unbroken(`${isAtLeast(rate) ? "at least " : ""}${formatNumber(rate.highest, UNITS.requestsPerSecond)}`);
  }
  return capacityOutcome(rate) === "none" ? "no rate that was tried" : "a rate that is not known";
}

/** The highest latency of a panel of levels, ms. */
function highestLatencyMs(levels: LoadResult["levels"]): number {
  return Math.max(
    0,
    ...levels.flatMap(({ latencyMs }) => latencyMs ? [latencyMs.p95.high ?? latencyMs.p95.value] : []),
  );
}

function offeredTitle(result: LoadResult): (level: OpenWindow) => string {
  const { unclear } = loadLimits(result);
  return (level) => {
    const offered = `${formatNumber(offeredOf(level), UNITS.requestsPerSecond)} offered`;
    const title = levelTitle(offered, level, level.requestsPerSecond, UNITS.requestsPerSecond);
    const kept = level.saturated ? ", saturated" : unclear.includes(level) ? ", may be saturated" : "";
    return title + kept;
  };
}

function loadPoints(result: LoadResult): SweepPoint[] {
  return sweepPoints(result.levels, offeredOf, (level) => atLeast(level, "requests"), offeredTitle(result));
}

/**
 * Achieved over offered requests per second.
 *
 * @param result Of a load test.
 * @param height Of the plot, px.
 */
export function loadPanel(result: LoadResult, height = 260): Panel {
  const nothing = result.levels.length === 0
    ? "No rate was offered"
    : highestOf(loadPoints(result)) === 0
    ? whyNothingDrawn(result.levels, " at any rate")
    : null;
  return {
    heading: "Achieved",
    yLabel: "requests/s",
    height,
    content: nothing ?? ((width) => achievedOptions(result, width)),
  };
}

function achievedOptions(result: LoadResult, width: number): PlotOptions {
  const { levels } = result;
  const { sustained, saturated } = loadLimits(result);
  const offered = levels.map(offeredOf);
  const points = loadPoints(result);
  const axis = levelAxis(offered, X_LABEL, width);
  const capacity = within(result.capacity?.rate.highest ?? null, offered);
  const names: LaneLabel[] = [
    ...(capacity === null ? [] : [{ at: capacity, text: "capacity", color: COLORS.purple }]),
    ...(sustained === null ? [] : [{ at: offeredOf(sustained), text: "sustained", color: COLORS.green }]),
    ...(saturated === null ? [] : [{ at: offeredOf(saturated), text: "saturated", color: COLORS.vermillion }]),
  ];
  const lanes = laneLabels(names, axis.toPixels, width);
  const top = Math.max(highestOf(points), ...offered);
  return {
    ...plotBase(width),
    marginTop: lanes.marginTop,
    x: axis.scale,
    y: zeroBased(top, 0.1),
    marks: [
      Plot.ruleY([0]),
      keptUp(offered),
      ...lanes.marks,
      ...sweepMarks(points, COLORS.blue, UNITS.requestsPerSecond),
    ],
  };
}

/** A rate that lies among those offered, else `null`: there is no place for it on their axis. */
function within(rate: number | null, offered: readonly number[]): number | null {
  return rate !== null && rate >= Math.min(...offered) && rate <= Math.max(...offered) ? rate : null;
}

/** Achieved equals offered; curved, since the axis of rates is logarithmic. */
function keptUp(offered: readonly number[]): Markish {
  const least = Math.min(...offered), most = Math.max(...offered);
  const line = Array.from({ length: 61 }, (_, k) => least * (most / least) ** (k / 60)).map((rate) => ({ rate }));
  return Plot.line(line, {
    x: "rate",
    y: "rate",
    stroke: COLORS.neutral,
    strokeWidth: 2,
    strokeDasharray: "5,4",
    title: () => "a server that keeps up",
  });
}
