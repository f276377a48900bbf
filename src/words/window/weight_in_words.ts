import type { Distribution, Estimate } from "../../core/estimate.ts";

/**
 * How many independent requests the figures of a load weigh as much as: `latency weighs like 161 independent requests of 696, the
 * rate like 159`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { weightInWords } from "./weight_in_words.ts";
 * const rate = { value: 80, low: 76, high: 84, level: 0.95, n: 696, weight: 159.4 };
 * assertEquals(weightInWords(null, rate), "the rate weighs like 159 independent requests of 696");
 * assertEquals(weightInWords(null, null), null);
 * ```
 *
 * @param latency Of the load.
 * @param rate Of the load.
 * @returns `null` where it is not known, as in files of versions before 0.2.
 */
export function weightInWords(latency: Distribution | null, rate: Estimate | null): string | null {
  const ofLatency = latency?.mean.weight === undefined ? null : independent(latency.mean, latency.n);
  const hasRate = rate?.weight !== undefined;
  if (ofLatency === null) return hasRate ? `the rate weighs like ${independent(rate, rate.n)}` : null;
  return `latency weighs like ${ofLatency}${hasRate ? `, the rate like ${count(rate)}` : ""}`;
}

function independent(estimate: Estimate, n: number): string {
  const { weight = 0 } = estimate;
  return `${count(estimate)} independent ${weight < 2 ? "request" : "requests"} of ${n}`;
}

function count({ weight = 0 }: Estimate): string {
  return weight < 1 ? "less than 1" : String(Math.floor(weight));
}
