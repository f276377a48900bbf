import type { Window } from "../../results/result.ts";
import type { Estimate } from "../../core/estimate.ts";
import { formatNumber, timeUnit, type Unit, unitName, UNITS } from "../../words/quantity.ts";
import type { Panel } from "../kit/chart.ts";
import { type CurvePoint, pointsCurve } from "./points_curve.ts";

/** How levels become points. */
interface TradeOffReading<L> {
  /** What a level is. */
  readonly axis: string;
  readonly levelOf: (level: L) => number;
  readonly rateOf: (level: L) => Estimate | null;
  readonly titleOf: (level: L) => string;
  /** The best level; `null` if none qualifies. */
  readonly best: number | null;
  /** Of the rates. */
  readonly unit: Unit;
  /** What the rates count. */
  readonly counted: string;
}

/**
 * What a higher throughput costs in latency: the 95th percentile over the rate, the levels joined in their order. To the
 * right is more, below is faster; where the line turns back, a higher level costs latency and brings nothing.
 *
 * @param levels Ascending.
 * @param reading How they become points.
 * @returns Nothing where fewer than two levels have both.
 */
export function tradeOffPanels<L extends Pick<Window, "latencyMs" | "lost">>(
  levels: readonly L[],
  { axis, levelOf, rateOf, titleOf, best, unit, counted }: TradeOffReading<L>,
): Panel[] {
  const points = levels.filter(({ lost }) => lost === undefined).flatMap((level): CurvePoint[] => {
    const rate = rateOf(level), p95Ms = level.latencyMs?.p95 ?? null;
    return rate === null || p95Ms === null ? [] : [{
      name: formatNumber(levelOf(level), UNITS.none),
      x: rate,
      y: p95Ms,
      title: titleOf(level),
      isBest: levelOf(level) === best,
    }];
  });
  if (points.length < 2) return [];
  const time = timeUnit(Math.max(...points.map(({ y }) => y.value)));
  return [{
    heading: `Throughput against latency, by ${axis}`,
    yLabel: `p95, ${unitName(time)}`,
    height: HEIGHT,
    content: pointsCurve(points, {
      x: unit,
      y: time,
      label: `${counted} (${unitName(unit)})`,
      height: HEIGHT,
    }),
  }];
}

const HEIGHT = 220;
