import { askedRate } from "../window/asked_rate.ts";
import { type RateLimits, rateLimits } from "../window/rate_limits.ts";
import type { LoadResult } from "./load.ts";

/**
 * Between which rates a server ceases to keep up, by all that a load test tried: of an offered rate it is not unclear whether
 * it was kept up with where a trial of a capacity, which takes longer, surely kept up with it or with a higher one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const limits = loadLimits({ levels: [], capacity: null });
 * assertEquals(limits, { sustained: null, saturated: null, unclear: [], keptInTrial: null });
 * ```
 *
 * @param result What was offered and tried.
 * @returns With the highest rate below saturation that a trial kept up with, requests per second; `null` if none did.
 */
export function loadLimits(
  { levels, capacity }: Pick<LoadResult, "levels" | "capacity">,
): RateLimits & { readonly keptInTrial: number | null } {
  const limits = rateLimits(levels);
  const probes = capacity?.rate.probes ?? [];
  const tooMuch = Math.min(
    limits.saturated === null ? Infinity : askedRate(limits.saturated),
    ...probes.flatMap(({ level, saturated }) => saturated === true ? [level] : []),
  );
  const kept = probes.flatMap(({ level, saturated }) => saturated === false && level < tooMuch ? [level] : []);
  const highest = Math.max(...kept);
  const unclear = limits.unclear.filter((level) => askedRate(level) > highest);
  return { ...limits, unclear, keptInTrial: kept.length === 0 ? null : highest };
}
