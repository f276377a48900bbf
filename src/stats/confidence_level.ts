import { normalQuantile, studentTQuantile } from "./probability.ts";

/** Confidence level of an interval where the caller names none. */
export const DEFAULT_LEVEL = 0.95;

/**
 * Checks a confidence level.
 *
 * @param level Confidence level.
 * @returns Probability that the interval misses on both sides together: 1 - `level`.
 * @throws {RangeError} If it is not between 0 and 1.
 */
export function missProbability(level: number): number {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`Cannot build an interval as its level must be between 0 and 1: current value is ${level}`);
  }
  return 1 - level;
}

/**
 * Standard errors from the middle of a normal distribution to each end of its central interval: 1.96 at 0.95.
 *
 * @param level Confidence level.
 * @throws {RangeError} If it is not between 0 and 1.
 */
export function normalMultiplier(level: number): number {
  return normalQuantile(1 - missProbability(level) / 2);
}

/**
 * The same for Student's t distribution: 2.26 at 0.95 and 9 degrees of freedom.
 *
 * @param level Confidence level.
 * @param degreesOfFreedom At least 1.
 * @throws {RangeError} If the level is not between 0 and 1.
 */
export function studentTMultiplier(level: number, degreesOfFreedom: number): number {
  return studentTQuantile(1 - missProbability(level) / 2, degreesOfFreedom);
}
