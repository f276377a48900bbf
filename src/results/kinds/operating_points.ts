import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { number } from "../schema.ts";
import { isUsable, whyNoneUsable } from "../window/usable.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Kind, LevelWindow } from "./kind.ts";
import { peakFigure } from "./peak_figure.ts";

/** A batch size and a concurrency, measured together. */
export interface OperatingPoint extends Window {
  /** Items per request. */
  readonly batchSize: number;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
}

/** Recommended batch size and concurrency, measured together beside their neighbours. */
export interface OperatingPointsResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "operating-points";
  /** Usable ones first, of those the one to recommend first: a point with 1 % errors or more stands last. */
  readonly points: readonly OperatingPoint[];
}

const nameOf = ({ batchSize, concurrency }: OperatingPoint) => `${batchSize} x ${concurrency}`;

/** A point that may be recommended. */
export interface UsablePoint extends OperatingPoint {
  /** Of a usable point it is known. */
  readonly predictionsPerSecond: Estimate;
}

/**
 * The points that may be recommended. This is the one rule for text, charts, figures and recommendations.
 *
 * @param points In any order.
 * @returns Those of them in the same order.
 */
export function usablePoints(points: readonly OperatingPoint[]): UsablePoint[] {
  return points.filter((point): point is UsablePoint => point.predictionsPerSecond !== null && isUsable(point));
}

/**
 * The point to recommend.
 *
 * @param points As a result has them: the best of the usable ones stands before the others.
 * @returns `null` where none may be recommended.
 */
export function bestPoint(points: readonly OperatingPoint[]): UsablePoint | null {
  return usablePoints(points)[0] ?? null;
}

function bestOf({ points }: OperatingPointsResult): LevelWindow | null {
  const window = bestPoint(points);
  return window === null ? null : { level: nameOf(window), batchSize: window.batchSize, window };
}

/** What the house knows of the confirmation of the recommended point. */
export const operatingPointsKind: Kind<OperatingPointsResult> = {
  title: "Operating points",
  name: "the operating points",
  question: "Does the recommended batch size hold at the recommended concurrency?",
  axis: { label: "batch size x concurrency", id: "batch_size x concurrency" },
  schema: v.looseObject({
    kind: v.literal("operating-points"),
    points: v.array(v.looseObject({ batchSize: number, concurrency: number, ...windowEntries })),
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, OperatingPointsResult>,
  windows: ({ points }) => points.map((window) => ({ level: nameOf(window), batchSize: window.batchSize, window })),
  best: bestOf,
  asked: () => ({}),
  comparedOfBest: ["energy_per_prediction"],
  figures: (["predictions", "requests"] as const).map((what) => ({
    id: `recommended_${what}_per_second`,
    label: "recommended point",
    ...peakFigure(
      what,
      bestOf,
      ["points"],
      ({ points }) => points.length === 0 ? "no point was measured" : whyNoneUsable(points, "point"),
    ),
    ...(what === "predictions"
      ? { compared: true, chosenFrom: ({ points }: OperatingPointsResult) => usablePoints(points).length }
      : {}),
  } as const)),
};
