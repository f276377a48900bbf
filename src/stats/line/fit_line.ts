/** A straight line. */
export interface Line {
  /** y at x = 0. */
  readonly intercept: number;
  /** What y grows by for each 1 of x. */
  readonly slope: number;
}

/** A point of a fit. */
export interface WeightedPoint {
  readonly x: number;
  readonly y: number;
  /** One over its variance. */
  readonly weight: number;
}

/**
 * The line of weighted least squares (C. F. Gauss, 1821).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fitLine } from "./fit_line.ts";
 *
 * const points = [1, 2, 3].map((x) => ({ x, y: 5 + 2 * x, weight: 1 }));
 * assertEquals(fitLine(points), { intercept: 5, slope: 2 });
 * ```
 *
 * @param points At least two, with different `x`.
 */
export function fitLine(points: readonly WeightedPoint[]): Line {
  let weights = 0, sumX = 0, sumY = 0;
  for (const { x, y, weight } of points) {
    weights += weight;
    sumX += weight * x;
    sumY += weight * y;
  }
  const meanX = sumX / weights, meanY = sumY / weights;
  let across = 0, along = 0;
  for (const { x, y, weight } of points) {
    across += weight * (x - meanX) * (y - meanY);
    along += weight * (x - meanX) ** 2;
  }
  const slope = across / along;
  return { intercept: meanY - slope * meanX, slope };
}
