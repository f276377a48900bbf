import { type Growth, GROWTH_FLOOR_BYTES, STABLE_BYTES_PER_REQUEST } from "./growth_verdict.ts";

/**
 * About how many requests a soak needs to tell whether memory grows, where this one cannot.
 *
 * The interval of a slope narrows with the power 3/2 of the length of the series; it is to be as narrow as the distance of the slope
 * from what decides (0 for a growth, the practical limit for none, half of which is the least: near to it none is enough), and the growth to rise above the noise floor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { soakNeeded } from "./soak_needed.ts";
 * const bytesPerRequest = { value: 0, low: -2048, high: 2048, level: 0.95, n: 40 };
 * assertEquals(soakNeeded({ bytesPerRequest, verdict: "cannot tell", pValue: 0.5 }, 1000), 4000);
 * ```
 *
 * @param growth What a soak showed.
 * @param requests Requests of that soak.
 * @returns Requests; `null` where the verdict is clear or the interval has no ends.
 */
export function soakNeeded(
  { verdict, bytesPerRequest: { value, low, high } }: Growth,
  requests: number,
): number | null {
  if (verdict !== "cannot tell" || low === null || high === null) return null;
  const distance = value > STABLE_BYTES_PER_REQUEST
    ? value
    : Math.max(STABLE_BYTES_PER_REQUEST - value, STABLE_BYTES_PER_REQUEST / 2);
  const narrower = ((high - low) / 2 / distance) ** (2 / 3);
  const aboveFloor = value > STABLE_BYTES_PER_REQUEST ? GROWTH_FLOOR_BYTES / value : 0;
  // A verdict that failed for another reason (a cache that fills, too few samples) wants twice the time at the least.
  return Number(Math.max(2 * requests, narrower * requests, aboveFloor).toPrecision(2));
}
