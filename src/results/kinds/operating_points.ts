import * as v from "valibot";
import { measuredOr } from "../measured.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { number } from "../schema.ts";
import { atLeast } from "../window/at_least.ts";
import { isUsable } from "../window/usable.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Kind, LevelWindow } from "./kind.ts";

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

/** The first point, where it is usable. */
function bestOf({ points }: OperatingPointsResult): LevelWindow | null {
  const window = points.find(isUsable);
  return window === undefined ? null : { level: nameOf(window), batchSize: window.batchSize, window };
}

const peak = {
  name: "peak",
  meaning: "throughput at the best level of a sweep, or at the recommended operating point",
};

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
  figures: (["predictions", "requests"] as const).map((what) => ({
    id: `recommended_${what}_per_second`,
    label: "recommended point",
    unit: `${what}/s`,
    better: "more",
    read: (result: OperatingPointsResult) =>
      measuredOr(
        atLeast(bestOf(result)?.window, what),
        result.absences,
        ["points"],
        result.points.length === 0 ? "no point was measured" : "every point had 1 % errors or more",
      ),
    gate: peak,
    ofBestLevel: true,
    ...(what === "predictions"
      ? {
        compared: true,
        chosenFrom: ({ points }: OperatingPointsResult) => Math.max(1, points.filter(isUsable).length),
      }
      : {}),
  } as const)),
};
