import type { Estimate } from "../../core/estimate.ts";

/**
 * The confidence level that two estimates share.
 *
 * @param a One of them.
 * @param b The other.
 * @throws {RangeError} If they differ: intervals of different levels cannot be combined.
 */
export function commonLevel(a: Estimate, b: Estimate): number {
  if (a.level !== b.level) {
    throw new RangeError(`Cannot combine estimates as their levels must be equal: found ${a.level} and ${b.level}`);
  }
  return a.level;
}
