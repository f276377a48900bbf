import type { Estimate } from "../../core/estimate.ts";

/**
 * An estimate in other terms.
 *
 * @param estimate What is known.
 * @param map Strictly rising or falling; a falling one exchanges the interval's ends.
 */
export function mapEstimate({ value, low, high, level, n }: Estimate, map: (x: number) => number): Estimate {
  const mappedLow = low === null ? null : map(low);
  const mappedHigh = high === null ? null : map(high);
  return map(1) > map(0)
    ? { value: map(value), low: mappedLow, high: mappedHigh, level, n }
    : { value: map(value), low: mappedHigh, high: mappedLow, level, n };
}
