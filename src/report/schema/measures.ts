/** The parts that results share, as schemas; the order of their entries is the order in the results file. */
import * as v from "valibot";
import { FAILURE_REASONS } from "../../core/outcome.ts";
import { TEST_KINDS } from "../../core/result.ts";

const sortedByKey = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => a < b ? -1 : 1)) as T;

export const number = v.pipe(v.number(), v.finite());
export const numbers = v.array(number);
export const nullableNumber = v.nullable(number);
export const nullableString = v.nullable(v.string());
export const numbersByName = v.pipe(v.record(v.string(), number), v.transform(sortedByKey));
export const textsByName = v.pipe(v.record(v.string(), v.string()), v.transform(sortedByKey));
export const testKind = v.picklist(TEST_KINDS);
export const failureCounts = v.pipe(v.record(v.picklist(FAILURE_REASONS), number), v.transform(sortedByKey));
export const failureTexts = v.pipe(v.record(v.picklist(FAILURE_REASONS), v.string()), v.transform(sortedByKey));

export const estimate = v.looseObject({
  value: number,
  low: nullableNumber,
  high: nullableNumber,
  level: number,
  n: number,
});
export const nullableEstimate = v.nullable(estimate);

export const distribution = v.looseObject({
  n: number,
  min: number,
  mean: estimate,
  p50: estimate,
  p90: estimate,
  p95: estimate,
  p99: estimate,
  max: number,
});
export const nullableDistribution = v.nullable(distribution);

export const partialReason = v.nullable(v.picklist(["interrupted", "target-lost"]));
export const growthVerdict = v.picklist(["growing", "stable", "cannot tell"]);
export const fragmentationVerdict = v.picklist(["detected", "not detected", "not observable"]);
