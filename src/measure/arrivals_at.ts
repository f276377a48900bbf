import { defaultOf } from "./settings/default_of.ts";
import type { ArrivalOptions } from "./settings/options.ts";
import { seededRandom } from "../core/random.ts";
import { type Arrivals, burstArrivals, constantArrivals, poissonArrivals } from "../load/arrivals.ts";

/**
 * Arrivals of a rate as the options want them.
 *
 * @param ratePerSecond Requests per second on the mean.
 * @param options Kind of arrivals.
 * @param seed Seed of independent arrivals.
 */
export function arrivalsAt(ratePerSecond: number, options: ArrivalOptions, seed: number): Arrivals {
  const { arrivals = defaultOf("arrivals"), burst = defaultOf("burst") } = options;
  if (burst > 1) return burstArrivals(ratePerSecond, burst);
  return arrivals === "constant"
    ? constantArrivals(ratePerSecond)
    : poissonArrivals(ratePerSecond, () => seededRandom(seed));
}
