import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { estimate, nullableEstimate, number } from "../schema.ts";
import { type LoadPoint, loadPointEntries } from "./load_point.ts";

/** What a prediction costs at one load. */
export interface EfficiencyPoint extends LoadPoint {
  /** Without an upper end where the client limited it. */
  readonly predictionsPerSecond: Estimate;
  /** Median of latency, ms; left out by versions before 0.2. */
  readonly p50Ms?: Estimate;
  /** 95th percentile of latency, ms. */
  readonly p95Ms: Estimate;
  /** 99th percentile of latency, ms; left out by versions before 0.2. */
  readonly p99Ms?: Estimate;
  /** Energy of the GPUs for each prediction, idle power included, J; `null` where it was not measured. */
  readonly energyPerPrediction: Estimate | null;
  /** Price of a million predictions, USD, at the price that was given; left out where none was. */
  readonly costPerMillion?: Estimate;
  /** True where the client limited it: the server can do more, at most at this cost. Left out where it did not. */
  readonly atLeast?: true;
}

/** The fastest load of a run beside the one with the least energy a prediction. */
export interface Efficiency {
  /** What the server costs, USD an hour; left out where it was not given. */
  readonly pricePerHour?: number;
  /** The load that the report names first. */
  readonly fastest: EfficiencyPoint;
  /**
   * Of those whose energy cannot be told from the least, the one with the lowest p95 latency; it may be the fastest itself.
   * `null` where no energy was measured.
   */
  readonly mostEfficient: EfficiencyPoint | null;
  /** The other loads whose energy a prediction cannot be told from the least. */
  readonly equivalents: readonly LoadPoint[];
}

const point = v.looseObject({
  ...loadPointEntries,
  predictionsPerSecond: estimate,
  p50Ms: v.exactOptional(estimate),
  p95Ms: estimate,
  p99Ms: v.exactOptional(estimate),
  energyPerPrediction: nullableEstimate,
  costPerMillion: v.exactOptional(estimate),
  atLeast: v.exactOptional(v.literal(true)),
});

/** {@linkcode Efficiency} in a results file, as entries of the schema of what holds one. */
export const efficiencyEntries = {
  pricePerHour: v.exactOptional(number),
  fastest: point,
  mostEfficient: v.nullable(point),
  equivalents: v.array(v.looseObject(loadPointEntries)),
};
