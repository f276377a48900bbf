import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { measuredOr, reading } from "../measured.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { nullableEstimate, nullableNumber, number, numbers } from "../schema.ts";
import { type LeftLevel, leftLevelSchema } from "../window/left_level.ts";
import { isUsable } from "../window/usable.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Kind, LevelWindow } from "./kind.ts";
import { peakFigure } from "./peak_figure.ts";

/** One batch size of a throughput test. */
export interface ThroughputLevel extends Window {
  /** Items per request. */
  readonly batchSize: number;
  /** Predictions per second for each second of mean latency; `null` if nothing succeeded. */
  readonly efficiency: Estimate | null;
  /** Predictions per second relative to batch 1; `null` if either is missing. */
  readonly speedup: Estimate | null;
}

/** Predictions per second over batch sizes. */
export interface ThroughputResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "throughput";
  /** Requests outstanding at any time; where the server makes batches, batches. */
  readonly concurrency: number;
  /** `server` where single requests were sent, as many at once, and the server made the batches; else left out. */
  readonly batching?: "server";
  /** Ascending by batch size. */
  readonly levels: readonly ThroughputLevel[];
  /** Levels that were visited once only, ascending; left out where all were visited twice. */
  readonly left?: readonly LeftLevel[];
  /**
   * The smallest batch whose interval overlaps the best's, and none that measured less than one that the client limited;
   * `null` if no level is usable.
   */
  readonly optimalBatchSize: number | null;
  /** All batches whose interval overlaps the best's, ascending. */
  readonly equivalentBatchSizes: readonly number[];
  /** Levels that may be better than the optimum, ascending; left out where there are none and it is told. */
  readonly optimumRivals?: readonly number[];
  /** Predictions per second of the best level; without an upper end where the client limited it: "at least". */
  readonly maxPredictionsPerSecond: Estimate | null;
  /** First size whose gain over the one before is under 5 %; `null` if there is none. */
  readonly plateauBatchSize: number | null;
}

/** The optimum; a sweep in which no level qualified has none. */
function bestOf({ levels, optimalBatchSize }: ThroughputResult): LevelWindow | null {
  const window = levels.find(({ batchSize }) => batchSize === optimalBatchSize);
  return window === undefined ? null : { level: window.batchSize, batchSize: window.batchSize, window };
}

function whyNoPlateau(levels: readonly ThroughputLevel[]): string {
  const usable = levels.filter(isUsable).length;
  if (usable > 1) return "none up to the largest batch";
  return usable === 1 ? "it takes two batch sizes" : "no request succeeded";
}

/** What the house knows of the throughput test. */
export const throughputKind: Kind<ThroughputResult> = {
  title: "Throughput",
  name: "the throughput test",
  question: "Which batch size gives the most predictions per second?",
  axis: { label: "batch size", id: "batch_size" },
  schema: v.looseObject({
    kind: v.literal("throughput"),
    levels: v.array(v.looseObject({
      batchSize: number,
      ...windowEntries,
      efficiency: nullableEstimate,
      speedup: nullableEstimate,
    })),
    optimalBatchSize: nullableNumber,
    equivalentBatchSizes: numbers,
    optimumRivals: v.exactOptional(numbers),
    maxPredictionsPerSecond: nullableEstimate,
    plateauBatchSize: nullableNumber,
    left: v.exactOptional(v.array(leftLevelSchema)),
    concurrency: number,
    batching: v.exactOptional(v.literal("server")),
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, ThroughputResult>,
  windows: ({ levels }) => levels.map((window) => ({ level: window.batchSize, batchSize: window.batchSize, window })),
  best: bestOf,
  asked: ({ concurrency, batching = null }) => ({ concurrency, batching }),
  figures: [
    {
      id: "max_predictions_per_second",
      label: "highest throughput",
      unit: "predictions/s",
      better: "more",
      read: ({ maxPredictionsPerSecond, absences }) =>
        measuredOr(maxPredictionsPerSecond, absences, ["maxPredictionsPerSecond", "optimalBatchSize", "levels"]),
      compared: "same-loads",
    },
    ...(["predictions", "requests"] as const).map((what) => ({
      id: `peak_${what}_per_second`,
      label: "highest throughput",
      ...peakFigure(what, bestOf, ["optimalBatchSize", "levels"]),
    })),
    {
      id: "optimal_batch_size",
      label: "optimal batch size",
      unit: "items",
      better: "less",
      read: ({ optimalBatchSize, absences }) =>
        measuredOr(reading(optimalBatchSize), absences, ["optimalBatchSize", "levels"]),
    },
    {
      id: "plateau_batch_size",
      label: "plateau",
      unit: "items",
      better: "less",
      read: ({ plateauBatchSize, levels, absences }) =>
        measuredOr(reading(plateauBatchSize), absences, ["plateauBatchSize", "optimalBatchSize"], whyNoPlateau(levels)),
    },
  ],
  details: ({ levels }) =>
    levels.map(({ batchSize, efficiency, speedup }) => ({
      at: { axis: "batch_size", level: batchSize },
      values: [
        { id: "efficiency", unit: "predictions/s per s of latency", value: efficiency },
        { id: "speedup", unit: "times", value: speedup },
      ],
    })),
  choice: {
    label: "optimal batch size",
    read: ({ optimalBatchSize }) => optimalBatchSize,
    equivalents: ({ equivalentBatchSizes, optimumRivals = [] }) => [...equivalentBatchSizes, ...optimumRivals],
  },
  circumstances: [
    {
      what: "batch sizes of the throughput test",
      severity: "warning",
      of: ({ levels }) => levels.map(({ batchSize }) => batchSize).join(", "),
    },
  ],
};
