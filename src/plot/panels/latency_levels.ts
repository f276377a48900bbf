import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Distribution } from "../../core/estimate.ts";
import type { Window } from "../../results/result.ts";
import { levelAxis, MARGINS, plotBase, zeroBased } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { whyNothingDrawn } from "../kit/notes.ts";
import { endLabels } from "../kit/end_labels.ts";
import { COLORS } from "../kit/palette.ts";
import { drawnLimits, type LatencyLimit, limitRules } from "./limit_rules.ts";
import { timeUnit, unitName } from "../../words/quantity.ts";
import { highestOf, sweepMarks, sweepPoints } from "../sweep.ts";

/** What is drawn of each level. */
interface LevelTimes<L> {
  /** Height of the plot, px. @default {190} */
  readonly height?: number;
  /** Limits that are drawn as rules. @default {[]} */
  readonly limits?: readonly LatencyLimit[];
  /** All that is to be known of a level, for who points at it. */
  readonly titleOf?: (level: L) => string;
  /** Which times, ms. @default {those of latency} */
  readonly timesOf?: (level: L) => Distribution | null | undefined;
  /** What they are. @default {"Latency"} */
  readonly heading?: string;
}

/**
 * Median and 95th percentile of latency, or of other times, over the levels of a sweep.
 *
 * @param levels Ascending, at least one.
 * @param levelOf Batch size or concurrency.
 * @param levelName Label of the x axis.
 * @param look Which times are drawn, and how.
 */
export function latencyLevelsPanel<
  L extends Pick<Window, "succeeded" | "latencyMs" | "converged" | "clientLimited" | "lost">,
>(
  levels: readonly L[],
  levelOf: (level: L) => number,
  levelName: string,
  { height = 190, limits = [], titleOf, timesOf = ({ latencyMs }) => latencyMs, heading = "Latency" }: LevelTimes<L> =
    {},
): Panel {
  const pointsOf = (quantile: "p50" | "p95") =>
    sweepPoints(levels, levelOf, (level) => timesOf(level)?.[quantile] ?? null, titleOf);
  const p50 = pointsOf("p50"), p95 = pointsOf("p95");
  const highest = highestOf([...p50, ...p95]);
  const drawn = drawnLimits(limits, highest);
  const unit = timeUnit(highestOf(p50));
  const content = (width: number): PlotOptions => {
    const sides = { marginLeft: MARGINS.marginLeft, marginRight: 40 };
    const axis = levelAxis(levels.map(levelOf), levelName, width, sides);
    const y = zeroBased(Math.max(highest, ...drawn.map(({ limitMs }) => limitMs)) / unit.divisor);
    return {
      ...plotBase(width),
      ...sides,
      height,
      x: axis.scale,
      y,
      marks: [
        Plot.ruleY([0]),
        ...limitRules(drawn, unit),
        ...sweepMarks(p95, COLORS.purple, unit),
        ...sweepMarks(p50, COLORS.green, unit),
        ...endLabels(
          [{ points: p95, color: COLORS.purple, text: "p95" }, { points: p50, color: COLORS.green, text: "p50" }],
          { unit, top: y.domain, height },
        ),
      ],
    };
  };
  return {
    heading,
    yLabel: unitName(unit),
    height,
    content: highest === 0 ? whyNothingDrawn(levels) : content,
  };
}
