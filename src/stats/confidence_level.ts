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
