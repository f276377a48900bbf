import * as v from "valibot";
import { nullableNumber, number, numbers } from "../schema.ts";

/**
 * A visit over time, in at most 30 slices that follow each other: columns of one length, an entry for each slice. Successes count where
 * they ended; failures and latencies where the request ended, in an open loop where it was due.
 */
export interface VisitSlices {
  /** When the first begins, what was cut as warm-up behind it, ms since the run began. */
  readonly startMs: number;
  /** When each ends, ms since the run began. */
  readonly endsMs: readonly number[];
  /** Successes that ended in each. */
  readonly succeeded: readonly number[];
  /** Failures in each. */
  readonly failed: readonly number[];
  /** Median of the latency in each, ms; `null` where nothing succeeded. */
  readonly p50Ms: readonly (number | null)[];
  /** 95th percentile of the latency in each, ms; `null` where nothing succeeded. */
  readonly p95Ms: readonly (number | null)[];
  /** Longest latency in each, ms; `null` where nothing succeeded. */
  readonly maxMs: readonly (number | null)[];
}

const column = v.array(nullableNumber);

/** {@linkcode VisitSlices} in a results file. */
export const visitSlicesSchema: v.GenericSchema<unknown, VisitSlices> = v.looseObject({
  startMs: number,
  endsMs: numbers,
  succeeded: numbers,
  failed: numbers,
  p50Ms: column,
  p95Ms: column,
  maxMs: column,
});
