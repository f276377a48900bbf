/** The parts that results share, as schemas; the order of their entries is the order in the results file. */
import * as v from "valibot";
import { FAILURE_REASONS } from "../core/outcome.ts";

export const sortedByKey = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => a < b ? -1 : 1)) as T;

/** A finite number. */
export const number = v.pipe(v.number(), v.finite());
/** Finite numbers. */
export const numbers = v.array(number);
/** A finite number, or `null` where it was not measured. */
export const nullableNumber = v.nullable(number);
/** Text, or `null` where it is unknown. */
export const nullableString = v.nullable(v.string());
/** Numbers by name, ordered by name. */
export const numbersByName = v.pipe(v.record(v.string(), number), v.transform(sortedByKey));
/** Texts by name, ordered by name. */
export const textsByName = v.pipe(v.record(v.string(), v.string()), v.transform(sortedByKey));
/** Counts by reason of failure; reasons that did not occur are left out. */
export const failureCounts = v.pipe(v.record(v.picklist(FAILURE_REASONS), number), v.transform(sortedByKey));
/** An example by reason of failure. */
export const failureTexts = v.pipe(v.record(v.picklist(FAILURE_REASONS), v.string()), v.transform(sortedByKey));

/** `Estimate`. */
export const estimate = v.looseObject({
  value: number,
  low: nullableNumber,
  high: nullableNumber,
  level: number,
  n: number,
  weight: v.exactOptional(number),
});
/** `Estimate`, or `null` where it was not measured. */
export const nullableEstimate = v.nullable(estimate);

/** `Distribution`. */
export const distribution = v.looseObject({
  n: number,
  min: number,
  mean: estimate,
  p50: estimate,
  p90: estimate,
  p95: estimate,
  p99: estimate,
  p999: v.exactOptional(estimate),
  max: number,
});
/** `Distribution`, or `null` where it was not measured. */
export const nullableDistribution = v.nullable(distribution);

/** `PartialReason`, or `null` where nothing is missing. */
export const partialReason = v.nullable(v.picklist(["interrupted", "target-lost", "model-lost"]));
/** What the growth of memory looks like. */
export const growthVerdict = v.picklist(["growing", "stable", "cannot tell"]);
/** What the allocator's counters show. */
export const fragmentationVerdict = v.picklist(["detected", "not detected", "not observable"]);
