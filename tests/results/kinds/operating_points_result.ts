import type { OperatingPoint, OperatingPointsResult } from "../../../src/results/result.ts";
import { base } from "../result_base.ts";
import { measurement } from "../window/windows.ts";

/** A point of the confirmation. */
export function operatingPoint(
  predictionsPerSecond: number,
  batchSize: number,
  concurrency: number,
  overrides: Partial<OperatingPoint> = {},
): OperatingPoint {
  return {
    ...measurement(predictionsPerSecond / batchSize, concurrency, batchSize, overrides),
    batchSize,
    concurrency,
  };
}

/** Points that were measured together, best first. */
export function operatingPointsResult(
  points: readonly OperatingPoint[] = [operatingPoint(151.2, 8, 4), operatingPoint(145.1, 8, 1)],
  overrides: Partial<OperatingPointsResult> = {},
): OperatingPointsResult {
  return { ...base, kind: "operating-points", points, ...overrides };
}
